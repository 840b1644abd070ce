import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { errorMessage } from '#shared/error-message.ts';
import { fail, ok, type Result } from '#shared/result.ts';

export const commandHelp = `Usage: switchyard COMMAND [options]
       switchyard DIR

Talks to the Switchyard that runs. The project is the repository of the present folder, or of --project DIR; from an
agent's worktree it is the one that the run belongs to.

  list                   the specs, and how many runs each has
  status [RUN...]        what the runs are doing
  spawn SPEC...          start an agent on each of these specs
      --agent ID         with this agent instead of the spec's own; as often as wanted
      --variants N       so many runs of each, 1 to 8
      --base BRANCH      from this branch
      --branch NAME      on a branch of this name, or template
      --dry-run          say what would be made, and make nothing
  stop RUN...            end a run's processes; its worktree and branch stay
  open [DIR]             show a project in the app; a DIR alone says the same

  --json                 print JSON, for programs
  --project DIR          work on this repository
  --help                 print this
  --version              print the version

A RUN is its id or the beginning of it, its branch, or its spec where that has only one run.
Exit code: 0 done, 1 refused or failed, 2 not understood, 3 Switchyard is not running.`;

export type CommandName = 'list' | 'status' | 'spawn' | 'stop' | 'open';

export interface CommandArguments {
  command: CommandName | 'help' | 'version';
  /** Specs, runs or a folder. */
  names: readonly string[];
  /** Absolute: where the project is looked for. */
  folder: string;
  json: boolean;
  agents: readonly string[];
  variants: number;
  base: string | null;
  branch: string | null;
  dryRun: boolean;
}

const options = {
  json: { type: 'boolean', default: false },
  project: { type: 'string' },
  agent: { type: 'string', multiple: true },
  variants: { type: 'string', default: '1' },
  base: { type: 'string' },
  branch: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

const onlyForSpawn = ['agent', 'variants', 'base', 'branch', 'dry-run'] as const;

export function parseCommandArguments(
  argv: readonly string[],
  currentFolder: string,
): Result<CommandArguments, { kind: 'bad-arguments'; message: string }> {
  const bad = (message: string) => fail({ kind: 'bad-arguments' as const, message });
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, tokens: true });
  } catch (error) {
    return bad(errorMessage(error));
  }
  const { values, positionals, tokens } = parsed;
  const folder = resolve(currentFolder, values.project ?? '.');
  const [first, ...others] = positionals;
  // An empty word would be the present folder: a variable that is not set, rather than a wish.
  const isFolder = Boolean(first) && !isCommand(first ?? '') && kindOf(resolve(folder, first ?? '')) === 'folder';
  const [name, ...names] = isFolder ? ['open', ...positionals] : [first, ...others];
  const variants = Number(values.variants);
  const made: CommandArguments = {
    command: 'help',
    names,
    folder,
    json: values.json,
    agents: values.agent ?? [],
    variants,
    base: values.base ?? null,
    branch: values.branch ?? null,
    dryRun: values['dry-run'],
  };
  if (values.help) return ok(made);
  if (values.version) return ok({ ...made, command: 'version' });
  if (name === undefined) return bad('Say what to do.');
  if (!isCommand(name)) return bad(neither(name, resolve(folder, name)));
  const given = new Set(tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : [])));
  const stray = name === 'spawn' ? undefined : onlyForSpawn.find((option) => given.has(option));
  if (stray !== undefined) return bad(`--${stray} is for spawn.`);
  if (!Number.isInteger(variants) || variants < 1 || variants > 8) {
    return bad(`--variants takes a number from 1 to 8, not “${values.variants}”.`);
  }
  if ((name === 'spawn' || name === 'stop') && names.length === 0) {
    return bad(name === 'spawn' ? 'Say which specs.' : 'Say which runs.');
  }
  if (name === 'list' && names.length > 0) return bad('list takes no names.');
  if (name === 'open') {
    if (names.length > 1) return bad('open takes one folder.');
    return ok({ ...made, command: name, folder: resolve(folder, names[0] ?? '.') });
  }
  return ok({ ...made, command: name });
}

const commands: readonly string[] = ['list', 'status', 'spawn', 'stop', 'open'] satisfies CommandName[];
const isCommand = (name: string): name is CommandName => commands.includes(name);

function kindOf(path: string): 'folder' | 'other' | 'nothing' {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return 'nothing';
    return found.isDirectory() ? 'folder' : 'other';
  } catch {
    return 'folder'; // the host has the words for one that may not be looked at
  }
}

/** What is wrong with a word that is no command, and does not name a folder. */
function neither(word: string, path: string): string {
  if (kindOf(path) === 'other') return `${path} is no folder.`;
  if (/^\.|[/\\]/.test(word)) return `There is no folder ${path}.`;
  return `There is no command “${word}”, and no folder of that name here.`;
}
