import { createHash } from 'node:crypto';
import { posix, win32 } from 'node:path';

import { variableOf } from '#main/base/find-command.ts';

/** Every process of a terminal carries this variable, also one that has left its session and its parent. */
export const markerName = 'SWITCHYARD_TERMINAL';

/**
 * Names that belong to the program that started us, or to the terminal we were started from, and would mislead an agent:
 * it would take itself for nested, look for another multiplexer's pane, or run with our options.
 */
const dropped = new Set([
  'NODE_OPTIONS',
  'NODE_CHANNEL_FD',
  'NODE_PATH',
  'NODE_ENV',
  'VITEST',
  'INIT_CWD',
  'CLAUDECODE',
  'CLAUDE_CODE_ENTRYPOINT',
  'TMUX',
  'TMUX_PANE',
  'STY',
  'WINDOW',
  'WINDOWID',
  'TERMCAP',
  'COLUMNS',
  'LINES',
  'TERM_PROGRAM_VERSION',
  'TERM_SESSION_ID',
  // Set while a Git hook runs. They would send an agent's commits into another repository.
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
]);
const droppedPrefixes = ['ELECTRON_', 'SWITCHYARD_', 'NPM_', 'VITEST_'];

/**
 * The environment of a program in a terminal of ours: what the person's own shell gave us, without what is ours or our
 * starter's, then what describes the terminal, then what the caller asks for in so many words. `allowed`: the only names
 * that are passed on, beside those without which no program runs; `AWS_*` stands for all that begin so. Null: all.
 */
export function childEnvironment(
  inherited: NodeJS.ProcessEnv,
  explicit: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
  allowed: readonly string[] | null = null,
): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    const upper = name.toUpperCase();
    if (value === undefined || dropped.has(upper)) continue;
    if (droppedPrefixes.some((prefix) => upper.startsWith(prefix))) continue;
    if (allowed !== null && ![...always, ...allowed].some((pattern) => isNamed(upper, pattern))) continue;
    clean[name] = value;
  }
  const path = withoutScriptFolders(inherited, platform);
  if (platform !== 'win32') ensureUtf8(clean, platform);
  const terminal = { TERM: 'xterm-256color', COLORTERM: 'truecolor', TERM_PROGRAM: 'Switchyard' };
  return [path === null ? {} : { PATH: path }, terminal, explicit].reduce<Record<string, string>>(
    (all, more) => withVariables(all, more, platform),
    clean,
  );
}

/** Windows has one variable whatever the case of its name (`Path`, `PATH`), and takes either of two that are given. */
function withVariables(
  env: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): Record<string, string> {
  if (platform !== 'win32') return { ...env, ...more };
  const replaced = new Set(Object.keys(more).map((name) => name.toUpperCase()));
  const kept = Object.entries(env).filter(([name]) => !replaced.has(name.toUpperCase()));
  return { ...Object.fromEntries(kept), ...more };
}

/** Who the person is, where programs and their files are, how they speak, and the way to the network. */
const always =
  'PATH HOME USER LOGNAME SHELL LANG LANGUAGE LC_* TZ TMPDIR TMP TEMP XDG_* DISPLAY WAYLAND_DISPLAY HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86) USERPROFILE USERNAME HOMEDRIVE HOMEPATH PROCESSOR_ARCHITECTURE'.split(
    ' ',
  );

const isNamed = (upper: string, pattern: string): boolean => {
  const name = pattern.toUpperCase();
  return name.endsWith('*') ? upper.startsWith(name.slice(0, -1)) : upper === name;
};

/** The variable that marks the processes of one terminal of one state folder. */
export function terminalMarker(id: string, stateFolder: string): { name: string; value: string } {
  const owner = createHash('sha256').update(stateFolder).digest('hex').slice(0, 12);
  return { name: markerName, value: `${id}.${owner}` };
}

/**
 * `npm start` puts this project's own programs first on PATH, its Node among them. The person's agents must find the
 * person's. Null when a script of npm's did not start us, and PATH is as it should be.
 */
function withoutScriptFolders(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  const paths = platform === 'win32' ? win32 : posix;
  const manifest = env['npm_package_json'];
  const path = variableOf(env, 'PATH');
  if (manifest === undefined || path === undefined) return null;
  const own = new Set<string>();
  for (let folder = paths.dirname(manifest); ; folder = paths.dirname(folder)) {
    own.add(paths.join(folder, 'node_modules', '.bin'));
    if (folder === paths.dirname(folder)) break;
  }
  return path
    .split(paths.delimiter)
    .filter((folder) => !own.has(folder) && !/[\\/]node-gyp-bin$/.test(folder))
    .join(paths.delimiter);
}

/** Programs decide by the locale whether they print UTF-8; without one, agents draw their boxes as question marks. */
function ensureUtf8(env: Record<string, string>, platform: NodeJS.Platform): void {
  const effective = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  if (/utf-?8/i.test(effective)) return;
  if (env['LC_ALL']) delete env['LC_ALL'];
  if (env['LC_CTYPE']) delete env['LC_CTYPE'];
  env['LANG'] = platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
}
