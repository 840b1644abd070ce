/** One value of Git's configuration and where it comes from, as `git config --list --show-scope` tells it. */
export interface ConfigEntry {
  scope: string;
  /** Section and variable in lower case, the subsection between them as it was written. */
  key: string;
  /** Null for a bare key, which Git reads as `true`. */
  value: string | null;
}

export type ConfigOverride = readonly [key: string, value: string];

/**
 * Holds in every repository. Each of these can make Git start a program, and each can be written by an agent, because
 * the repository's configuration is a file beside its work.
 */
const always = (platform: NodeJS.Platform): readonly ConfigOverride[] => [
  ['core.fsmonitor', 'false'],
  // Windows has no /dev/null that could not be a folder: anybody may make C:\dev. Nothing there can have this name.
  ['core.hooksPath', platform === 'win32' ? '<none>' : '/dev/null'],
  ['core.pager', 'cat'],
  ['core.editor', ':'],
  ['sequence.editor', ':'],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['log.showSignature', 'false'],
  ['protocol.ext.allow', 'never'],
  // A collection that starts by itself in the middle of our work could prune what an agent has not referenced yet.
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['advice.detachedHead', 'false'],
  // Without it Git for Windows writes no file whose whole path is longer than 259 characters, and worktrees lie deep.
  ...(platform === 'win32' ? [['core.longpaths', 'true'] as const] : []),
];

/** What is read is read by us, in one encoding, and patterns are ours, however the person has Git show them its logs. */
const readTheSame: readonly ConfigOverride[] = [
  ['i18n.logOutputEncoding', 'UTF-8'],
  ['grep.patternType', 'basic'],
];

/**
 * The built-in three-way merge as a driver. A driver that is in the configuration cannot be taken out of it, and an
 * empty command counts as a clean merge that keeps our side; so a planted driver gets this command instead. Binary
 * files make merge-file fail outright; for Git that must be a conflict, which is what exit code 1 says.
 */
const builtInMergeDriver = 'git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B || exit 1';

/** Which variables start programs, and what they are set to when the person's own configuration says nothing. */
const programs: readonly { key: RegExp; harmless: string }[] = [
  { key: /^filter\..*\.(clean|smudge|process)$/s, harmless: '' },
  { key: /^filter\..*\.required$/s, harmless: 'false' },
  { key: /^merge\..*\.driver$/s, harmless: builtInMergeDriver },
  // Reads are told --no-ext-diff and --no-textconv as well; these are for a command that knows neither.
  { key: /^diff\..*\.textconv$/s, harmless: 'cat' },
  { key: /^diff\.external$/, harmless: 'false' },
  { key: /^diff\..*\.command$/s, harmless: 'false' },
  { key: /^gpg\.(.*\.)?program$/s, harmless: 'false' },
  { key: /^gpg\.ssh\.defaultkeycommand$/, harmless: '' },
  { key: /^core\.sshcommand$/, harmless: 'ssh' },
  { key: /^core\.(askpass|gitproxy|alternaterefscommand)$/, harmless: '' },
  { key: /^credential\.(.*\.)?helper$/s, harmless: '' },
  { key: /^remote\..*\.uploadpack$/s, harmless: 'git-upload-pack' },
  { key: /^remote\..*\.receivepack$/s, harmless: 'git-receive-pack' },
  { key: /^remote\..*\.vcs$/s, harmless: '' },
  { key: /^submodule\..*\.update$/s, harmless: 'checkout' },
  { key: /^tar\..*\.command$/s, harmless: 'false' },
  { key: /^trailer\..*\.(command|cmd)$/s, harmless: 'false' },
  // One that fails would refuse what it is asked about.
  { key: /^hook\..*\.command$/s, harmless: 'true' },
  { key: /^pager\..*$/s, harmless: 'false' },
];

/** Scopes that an agent can write; `system`, `global` and `command` are the person's. */
const writtenByAnyone = new Set(['local', 'worktree']);

/**
 * What every call is told so that nothing in the repository's own configuration starts a program. The person's own
 * configuration stays in force: a filter such as Git LFS that is installed for the user runs, the same filter named only
 * in the repository does not, and where the repository overrides the person's, the person's is put back.
 */
export function hardeningFor(entries: readonly ConfigEntry[], platform: NodeJS.Platform): readonly ConfigOverride[] {
  const overrides = new Map<string, readonly string[]>();
  for (const entry of entries) {
    if (!writtenByAnyone.has(entry.scope) || overrides.has(entry.key)) continue;
    const program = programs.find(({ key }) => key.test(entry.key));
    if (program === undefined) continue;
    const own = entries.filter((other) => other.key === entry.key && !writtenByAnyone.has(other.scope));
    const values = own.map(({ value }) => value ?? 'true');
    // Helpers add up, and an empty one forgets those before it; of everything else the last one counts.
    const kept = entry.key.startsWith('credential.') ? ['', ...values] : values.slice(-1);
    overrides.set(entry.key, kept.length > 0 ? kept : [program.harmless]);
  }
  const found = Array.from(overrides, ([key, values]) => values.map((value): ConfigOverride => [key, value])).flat();
  return [...found, ...always(platform), ...readTheSame];
}

/**
 * Configuration as environment variables (Git 2.31). Unlike `-c`, this way a name with `=` in it cannot escape, and
 * Git hands it on to the Gits that it starts in submodules.
 */
export function configEnvironment(overrides: readonly ConfigOverride[]): Record<string, string> {
  const env: Record<string, string> = { GIT_CONFIG_COUNT: String(overrides.length) };
  overrides.forEach(([key, value], index) => {
    env[`GIT_CONFIG_KEY_${String(index)}`] = key;
    env[`GIT_CONFIG_VALUE_${String(index)}`] = value;
  });
  return env;
}

const showsDiffs = new Set(['diff', 'diff-tree', 'diff-index', 'diff-files', 'log', 'show', 'format-patch']);
const looksIntoSubmodules = new Set(['status', 'diff', 'diff-index', 'diff-files']);

/**
 * The flags that configuration cannot say: no external diff, no text conversion, and no Git started inside submodules,
 * because each of those has a configuration of its own that was not looked at. A submodule counts as changed when its
 * commit is another one; what is not committed inside it is asked of the submodule itself.
 */
export function hardenArguments(args: readonly string[]): readonly string[] {
  const at = commandIndex(args);
  const command = args[at];
  if (command === undefined) return args;
  const flags: string[] = [];
  if (showsDiffs.has(command)) flags.push('--no-ext-diff', '--no-textconv');
  if (command === 'blame') flags.push('--no-textconv');
  if (looksIntoSubmodules.has(command) && !args.some((arg) => arg.startsWith('--ignore-submodules'))) {
    flags.push('--ignore-submodules=dirty');
  }
  return [...args.slice(0, at + 1), ...flags, ...args.slice(at + 1)];
}

/** Where the command's name stands, after global options, two of which take the next argument as their value. */
function commandIndex(args: readonly string[]): number {
  let index = 0;
  while (args[index]?.startsWith('-') === true) index += args[index] === '-c' || args[index] === '-C' ? 2 : 1;
  return index;
}
