import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';

import { lockFile } from '#main/base/file-lock.ts';
import { makePrivateFolder, thisSystem } from '#main/base/listen-privately.ts';
import type { Log } from '#main/base/log.ts';

import { hostFiles, readDescriptor, reportAddress, socketPlace, writeDescriptor } from './host-files.ts';
import { KeptScreens } from './kept-screens.ts';
import { killGrace } from './kill-ladder.ts';
import { Listener } from './listener.ts';
import { protocolVersion, type ProtocolVersion } from './protocol.ts';
import { PtyHost } from './pty-host.ts';
import { ReportListener } from './report-listener.ts';

export interface ServeFolderOptions {
  /** Absolute. */
  stateFolder: string;
  platform: NodeJS.Platform;
  /** How long it stays when it owns nothing and nobody is connected. */
  idleMilliseconds: number;
  log: Log;
  /** What it says that it speaks. Another than our own is for tests of old hosts and new apps. */
  protocol?: ProtocolVersion;
}

const firstIdleMilliseconds = 20_000;

/**
 * Serves the terminals of a state folder until they are not needed any more, and ends the process then. Returns at once,
 * having done nothing, where another host of this version does so already.
 */
export async function serveFolder(options: ServeFolderOptions): Promise<void> {
  const { stateFolder, platform, idleMilliseconds, log, protocol = protocolVersion } = options;
  const files = hostFiles(stateFolder, protocol.major);
  // To bind the socket is not enough: of two that find a stale one, the second would remove the first's fresh one.
  const lock = lockFile(files.lock, 0);
  if (!lock) {
    log.info('another one runs already');
    return;
  }
  const lockNumber = fileNumber(files.lock);
  /** Whether the lock that is there is the one that this has. */
  const hasLock = (): boolean => lockNumber !== null && fileNumber(files.lock) === lockNumber;
  /** False: the folder was deleted, or another host is at home in one that was made anew. */
  const hasFolder = (): boolean =>
    hasLock() || (existsSync(files.lock) && (readDescriptor(files.descriptor)?.pid ?? process.pid) === process.pid);
  const place = socketPlace(stateFolder, thisSystem(platform), protocol.major);
  if (place.folder !== null) makePrivateFolder(place.folder, platform);

  const secret = randomBytes(32).toString('hex');
  const screens = new KeptScreens(files.screens, log);
  const hearing = reportAddress(place.address);
  const host = new PtyHost({ platform, stateFolder, grace: killGrace, log, screens, protocol, reportAddress: hearing });
  const reports = new ReportListener({
    address: hearing,
    platform,
    heard: (token, report) => host.report(token, report),
    log,
  });
  await reports.listen();
  const listener = new Listener({ host, address: place.address, secret, platform, log });
  await listener.listen();
  const announce = (): void => {
    writeDescriptor(files.descriptor, { address: place.address, secret, pid: process.pid });
  };
  announce();
  log.info('started', { address: place.address, node: process.version });

  let isEnding = false;
  /** `isLast`: whatever still runs ends now. `isIdle`: only as long as nobody is there to ask for anything. */
  const end = async (reason: string, { isLast = false, isIdle = false }): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    if (!(await host.keepAll({ isLast })) && !isLast) {
      // It would take with it what it could not write down, and nothing hurries.
      isEnding = false;
      look();
      return;
    }
    if (!isLast && (!host.ownsNothing || (isIdle && listener.clients > 0))) {
      // Somebody came while the last screens were written; and what has ended since was not looked at.
      isEnding = false;
      look();
      return;
    }
    log.info('ended', { reason });
    host.dispose();
    // To close a socket removes its file, which by then may be another host's.
    if (hasFolder()) {
      listener.dispose();
      reports.dispose();
    }
    if (readDescriptor(files.descriptor)?.pid === process.pid) rmSync(files.descriptor, { force: true });
    lock.dispose();
    process.exit(0);
  };
  const fault = (error: unknown): void => log.error('could not end in order', error);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      end('asked to end', { isLast: true }).catch(fault);
    });
  }

  /** What was cleaned away of the sockets and of the word about them is put back. */
  const stayFindable = async (): Promise<void> => {
    if (place.folder !== null && !(existsSync(place.address) && existsSync(hearing))) {
      log.warn('its socket was removed', { address: place.address });
      makePrivateFolder(place.folder, platform);
      await reports.listenAgain();
      await listener.listenAgain();
    }
    if (readDescriptor(files.descriptor)?.pid !== process.pid) announce();
  };
  // Where the state folder was deleted nobody can find this any more, and agents would go on unseen for ever. It is
  // looked for more than once: a disk may be away for a moment.
  let missed = 0;
  let isLooking = false;
  setInterval(() => {
    if (isEnding || isLooking) return;
    missed = hasFolder() || listener.clients > 0 ? 0 : missed + 1;
    if (missed === 3) end('its folder is gone', { isLast: true }).catch(fault);
    if (!hasLock()) return;
    isLooking = true;
    stayFindable()
      .catch((error: unknown) => log.error('it cannot be found any more', error))
      .finally(() => {
        isLooking = false;
      });
  }, idleMilliseconds);

  let idle: NodeJS.Timeout | null = null;
  /** Whoever started it may need a while on a busy machine until it asks for something. */
  let hasServed = false;
  function look(): void {
    const isIdle = host.ownsNothing && listener.clients === 0;
    if (idle) clearTimeout(idle);
    idle = isIdle
      ? setTimeout(
          () => {
            end('nothing to do', { isIdle: true }).catch(fault);
          },
          hasServed ? idleMilliseconds : Math.max(idleMilliseconds, firstIdleMilliseconds),
        )
      : null;
  }
  host.onDidLoseAll(look);
  host.onDidAgreeToLeave(() => {
    // After the answer.
    setImmediate(() => {
      end('a newer one takes its place', {}).catch(fault);
    });
  });
  listener.onDidChangeClients(() => {
    hasServed = true;
    look();
  });
  look();
}

/** By which the system knows a file; null: it is not there, or its disk is away. */
function fileNumber(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch {
    return null;
  }
}
