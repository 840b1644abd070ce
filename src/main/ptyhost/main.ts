import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { fileLog, RotatingFile } from '#main/base/file-log.ts';
import { makePrivateFolder } from '#main/base/listen-privately.ts';

import { hostFiles } from './host-files.ts';
import { serveFolder } from './serve-folder.ts';

/*
 * The pty host: owns the terminals of one state folder and outlives the app. Started with
 *   --state-folder DIR   where the app keeps its state
 *   --idle-ms N          how long it stays when it owns nothing and nobody is connected
 * Ends with 0 when it is not needed: another one runs already, or it has been idle.
 */
const { values } = parseArgs({
  options: { 'state-folder': { type: 'string' }, 'idle-ms': { type: 'string', default: '30000' } },
});
if (values['state-folder'] === undefined) throw new Error('--state-folder is missing');
const stateFolder = resolve(values['state-folder']);

process.title = 'switchyard-pty-host';
// The terminal or session that the app was started from may end; this goes on.
process.on('SIGHUP', () => undefined);

const files = hostFiles(stateFolder);
makePrivateFolder(files.folder, process.platform);
const log = fileLog(new RotatingFile(files.log));

// One terminal's bug must not end the agents in all the others. Whatever this was about is lost; they go on.
process.on('uncaughtException', (error) => {
  log.error('something went wrong that nobody handled', error);
});

const { platform } = process;
await serveFolder({ stateFolder, platform, idleMilliseconds: Number(values['idle-ms']), log }).catch(
  (error: unknown) => {
    log.error('could not start', error);
    process.exitCode = 1;
    process.exit();
  },
);
