import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { errorMessage } from '#shared/error-message.ts';
import { fail, ok, type Result } from '#shared/result.ts';

/** What the command line asked of the headless host. */
export interface HeadlessArguments {
  /** Null: the port of the last time if it is free, else any. */
  port: number | null;
  /** Absolute path of a project to open at once. */
  project: string | null;
  /** Make the demo project, or open it again. */
  demo: boolean;
  help: boolean;
}

export interface BadArguments {
  kind: 'bad-arguments';
  message: string;
}

export const headlessHelp = `Usage: headless.mjs [--port N] [--project DIR | --demo]

Serves Switchyard on 127.0.0.1 and prints the address to open in a browser.

  --port N       listen on this port (0: any free one)
  --project DIR  open this project at once
  --demo         make the demo project, or open it again
  --help         print this
`;

export function parseHeadlessArguments(
  argv: readonly string[],
  currentFolder: string,
): Result<HeadlessArguments, BadArguments> {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        project: { type: 'string' },
        demo: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    return fail({ kind: 'bad-arguments', message: errorMessage(error) });
  }
  const { port, project, demo, help } = values;
  if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)) {
    return fail({ kind: 'bad-arguments', message: `--port takes a number from 0 to 65535, not '${port}'` });
  }
  if (project === '') return fail({ kind: 'bad-arguments', message: '--project takes a folder' });
  if (demo && project !== undefined) {
    return fail({ kind: 'bad-arguments', message: 'choose one of --demo and --project' });
  }
  return ok({
    port: port === undefined ? null : Number(port),
    project: project === undefined ? null : resolve(currentFolder, project),
    demo,
    help,
  });
}
