import { findCommand, isProgramFile, variableOf } from '#main/base/find-command.ts';

/**
 * What is started for Git; null: there is none. Its name alone where the system looks for it in PATH, and on Windows its
 * path: there Node looks in the working folder first, which is the repository's, and a `git.exe` in it would be run.
 */
export function gitProgram(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string>>,
  isProgram = (path: string): Promise<boolean> => isProgramFile(path, platform),
): () => Promise<string | null> {
  if (platform !== 'win32') return () => Promise.resolve('git');
  let found: Promise<string | null> | null = null;
  return async () => {
    found ??= findCommand('git', { path: variableOf(env, 'PATH') ?? '', platform, pathExt: '.EXE', isProgram });
    const program = await found;
    // It may be installed while we run.
    if (program === null) found = null;
    return program;
  };
}
