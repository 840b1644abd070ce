import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { errorMessage } from '#shared/error-message.ts';
import { fail, ok, type Result } from '#shared/result.ts';

export interface StartArguments {
  project: string | null;
  demo: boolean;
  /** Serve only: no Electron, no window. */
  headless: boolean;
  port: number | null;
  help: boolean;
}

export const startHelp = `Usage: npm start [-- options]

Builds Switchyard if its sources have changed, and opens it: in Electron, else as an app window of an installed
Chromium, Chrome or Edge, else it prints an address to open in a browser.

  --project DIR  open this repository at once
  --demo         make the demo project, or open it again
  --headless     only serve it on 127.0.0.1 and print the address
  --port N       serve on this port (implies --headless)
  --help         print this

The app keeps its own things in your configuration and state folders, or all of them in $SWITCHYARD_HOME.
`;

export function parseStartArguments(
  argv: readonly string[],
  currentFolder: string,
): Result<StartArguments, { kind: 'bad-arguments'; message: string }> {
  const bad = (message: string): { ok: false; error: { kind: 'bad-arguments'; message: string } } =>
    fail({ kind: 'bad-arguments', message });
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        project: { type: 'string' },
        demo: { type: 'boolean', default: false },
        headless: { type: 'boolean', default: false },
        port: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    return bad(errorMessage(error));
  }
  const { project, demo, headless, port, help } = values;
  if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)) {
    return bad(`--port takes a number from 0 to 65535, not '${port}'`);
  }
  if (project === '') return bad('--project takes a folder');
  if (demo && project !== undefined) return bad('choose one of --demo and --project');
  return ok({
    project: project === undefined ? null : resolve(currentFolder, project),
    demo,
    headless: headless || port !== undefined,
    port: port === undefined ? null : Number(port),
    help,
  });
}
