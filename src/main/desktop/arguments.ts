import { resolve } from 'node:path';

import { z } from 'zod';

import { runId } from '#shared/ids.ts';

import { deepLink, isDeepLink, parseDeepLink } from './deep-link.ts';

/** What a start of the app asks for. A second start hands it to the first. */
export const startRequest = z.object({
  /** A folder, as an absolute path. */
  project: z.string().nullable(),
  demo: z.boolean(),
  /** A run of that project to show. */
  run: runId.nullable(),
  /** It came from a link, which anybody can have written: it opens nothing that the person has not opened before. */
  isFromLink: z.boolean(),
});
export type StartRequest = z.output<typeof startRequest>;

export const nothingAsked: StartRequest = { project: null, demo: false, run: null, isFromLink: false };

export interface CommandLine {
  argv: readonly string[];
  currentFolder: string;
  /** A folder that stands by itself is meant to be opened. Not while developing: there it is the app's own. */
  takesFolders: boolean;
}

/**
 * Reads the command line. It also holds switches of Chromium's and what the system adds, so what is not known is passed
 * over; `scripts/start.ts` has refused what the person mistyped.
 */
export function parseStartRequest({ argv, currentFolder, takesFolders }: CommandLine): StartRequest {
  const link = argv.find(isDeepLink);
  if (link !== undefined) return parseDeepLink(link) ?? nothingAsked;
  const named =
    valueOf(argv, '--project') ?? (takesFolders ? (argv.find((each) => !each.startsWith('-')) ?? null) : null);
  const run = runId.safeParse(valueOf(argv, '--run'));
  return {
    project: named === null ? null : resolve(currentFolder, named),
    demo: argv.includes('--demo'),
    run: named !== null && run.success ? run.data : null,
    isFromLink: false,
  };
}

/** The command line of a start like the one that had this one, but for what it asks for: parsed again it asks for `asked`. */
export function argumentsFor(
  asked: StartRequest,
  { argv, takesFolders }: Omit<CommandLine, 'currentFolder'>,
): string[] {
  const isOurs = (argument: string, index: number): boolean =>
    isDeepLink(argument) ||
    /^--(?:project|run)(?:=|$)|^--demo$/.test(argument) ||
    (!argument.startsWith('-') && (takesFolders || ['--project', '--run'].includes(argv[index - 1] ?? '')));
  const kept = argv.filter((argument, index) => !isOurs(argument, index));
  const { project, run, demo, isFromLink } = asked;
  if (project !== null && isFromLink) return [...kept, deepLink(project, run)];
  return [
    ...kept,
    ...(project === null ? [] : ['--project', project]),
    ...(run === null ? [] : ['--run', run]),
    ...(demo ? ['--demo'] : []),
  ];
}

/** The value of `--name value` or `--name=value`; null where it is missing, empty, or an option itself. */
function valueOf(argv: readonly string[], name: string): string | null {
  let value: string | undefined;
  for (const [index, argument] of argv.entries()) {
    if (argument.startsWith(`${name}=`)) value = argument.slice(name.length + 1);
    else if (argument === name) value = argv[index + 1];
  }
  return value === undefined || value === '' || value.startsWith('--') ? null : value;
}
