import { posix, win32 } from 'node:path';

/** What of the surrounding `GIT_*` variables is the person's standing choice. All others would redirect our calls. */
const kept = new Set([
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_EXEC_PATH',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_SSL_CAINFO',
  'GIT_SSL_NO_VERIFY',
  'GIT_CEILING_DIRECTORIES',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
]);

/** Start programs, or change the words that are parsed. */
const dropped = new Set(['EDITOR', 'VISUAL', 'PAGER', 'PREFIX', 'SSH_ASKPASS', 'LANGUAGE', 'LANG']);

/** An empty or relative folder in PATH is one of the repository's: a `git` in it would be run in place of Git. */
function absoluteFolders(path: string, platform: NodeJS.Platform): string {
  const paths = platform === 'win32' ? win32 : posix;
  return path
    .split(paths.delimiter)
    .filter((folder) => paths.isAbsolute(folder))
    .join(paths.delimiter);
}

/**
 * The environment of every Git that is started: the person's, without what would point Git at another repository, open
 * a pager, an editor or a prompt, or translate its messages.
 */
export function gitEnvironment(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const upper = name.toUpperCase();
    if (value === undefined || dropped.has(upper) || upper.startsWith('LC_')) continue;
    if (upper.startsWith('GIT_') && !kept.has(upper)) continue;
    clean[name] = upper === 'PATH' ? absoluteFolders(value, platform) : value;
  }
  return {
    ...clean,
    LC_ALL: 'C',
    TERM: 'dumb',
    PAGER: 'cat',
    GIT_PAGER: 'cat',
    GIT_EDITOR: ':',
    GIT_SEQUENCE_EDITOR: ':',
    GIT_TERMINAL_PROMPT: '0',
    SSH_ASKPASS_REQUIRE: 'never',
    // On Windows a program named without a folder is looked for in the working folder first: in the repository.
    NoDefaultCurrentDirectoryInExePath: '1',
  };
}
