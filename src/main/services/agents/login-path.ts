import { randomBytes } from 'node:crypto';

import { programOutput } from './program-output.ts';

export interface LoginPathOptions {
  /** Absolute path of the person's shell. */
  shell: string;
  env: Readonly<Record<string, string>>;
  /** Default: not Windows, whose shells are not asked. */
  platform?: NodeJS.Platform;
  /** Some start-up files wait for a network, or for a person. */
  limitMilliseconds?: number;
}

const defaultLimitMilliseconds = 3000;

/**
 * PATH as a new terminal of the person's has it: an app that a desktop starts is given another, shorter one. Null when
 * the shell does not say in time, or cannot be asked in this way.
 */
export async function readLoginPath({
  shell,
  env,
  platform = 'linux',
  limitMilliseconds = defaultLimitMilliseconds,
}: LoginPathOptions): Promise<string | null> {
  // Start-up files print what they like; only what stands between the marks is the answer.
  const mark = `path-${randomBytes(8).toString('hex')}`;
  const script = `printf '%s' '${mark}'; printenv PATH; printf '%s' '${mark}'`;
  const output = await programOutput({
    command: shell,
    args: ['-i', '-l', '-c', script],
    // Not where we stand, which may be a repository: some start-up files look for a configuration of the present folder.
    cwd: env['HOME'] ?? '/',
    env,
    platform,
    streams: 'stdout',
    limitMilliseconds,
    isAnswer: (said) => between(said, mark) !== null,
  });
  return between(output, mark);
}

function between(output: string, mark: string): string | null {
  const [, answer, rest] = output.split(mark);
  if (answer === undefined || rest === undefined) return null;
  const path = answer.trim();
  return path === '' ? null : path;
}
