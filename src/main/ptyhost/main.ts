import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { lockFile } from '#main/base/file-lock.ts';
import { fileLog, RotatingFile } from '#main/base/file-log.ts';

import { hostFiles, makePrivateFolder, readDescriptor, socketPlace, writeDescriptor } from './host-files.ts';
import { killGrace } from './kill-ladder.ts';
import { Listener } from './listener.ts';
import { PtyHost } from './pty-host.ts';

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
const idleMilliseconds = Number(values['idle-ms']);
const { platform } = process;

process.title = 'switchyard-pty-host';
// The terminal or session that the app was started from may end; this goes on.
process.on('SIGHUP', () => undefined);

const files = hostFiles(stateFolder);
makePrivateFolder(files.folder, platform);
const log = fileLog(new RotatingFile(files.log));

// One terminal's bug must not end the agents in all the others. Whatever this was about is lost; they go on.
process.on('uncaughtException', (error) => {
  log.error('something went wrong that nobody handled', error);
});

await run().catch((error: unknown) => {
  log.error('could not start', error);
  process.exitCode = 1;
  process.exit();
});

async function run(): Promise<void> {
  // To bind the socket is not enough: of two that find a stale one, the second would remove the first's fresh one.
  const lock = lockFile(files.lock, 0);
  if (!lock) {
    log.info('another one runs already');
    return;
  }
  const user = platform === 'win32' ? '' : String(userInfo().uid);
  const place = socketPlace(stateFolder, { platform, env: process.env, temporaryFolder: tmpdir(), user });
  if (place.folder !== null) makePrivateFolder(place.folder, platform);

  const secret = randomBytes(32).toString('hex');
  const host = new PtyHost({ platform, stateFolder, grace: killGrace, log });
  const listener = new Listener({ host, address: place.address, secret, platform, log });
  await listener.listen();
  writeDescriptor(files.descriptor, { address: place.address, secret, pid: process.pid });
  log.info('started', { address: place.address, node: process.version });

  const end = (reason: string): void => {
    log.info('ended', { reason });
    host.dispose();
    listener.dispose();
    if (readDescriptor(files.descriptor)?.pid === process.pid) rmSync(files.descriptor, { force: true });
    lock.dispose();
    process.exit(0);
  };
  process.on('SIGTERM', () => {
    end('asked to end');
  });
  process.on('SIGINT', () => {
    end('asked to end');
  });

  // Where the state folder was deleted nobody can find this any more, and agents would go on unseen for ever. It is
  // looked for more than once: a disk may be away for a moment.
  let missed = 0;
  setInterval(() => {
    const isThere = existsSync(files.folder) && (place.folder === null || existsSync(place.address));
    missed = isThere || listener.clients > 0 ? 0 : missed + 1;
    if (missed === 3) end('its folder is gone');
  }, idleMilliseconds);

  let idle: NodeJS.Timeout | null = null;
  const look = (): void => {
    const isIdle = host.ownsNothing && listener.clients === 0;
    if (idle) clearTimeout(idle);
    idle = isIdle ? setTimeout(() => end('nothing to do'), idleMilliseconds) : null;
  };
  host.onDidLoseAll(look);
  listener.onDidChangeClients(look);
  look();
}
