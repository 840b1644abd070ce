import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { fail, ok, type Result } from '#shared/result.ts';

import { lockFile } from './file-lock.ts';
import type { Disposable } from './lifecycle.ts';
import { moveOverSync } from './move-over.ts';

const hostDoor = z.object({ address: z.string().min(1), secret: z.string().min(32) });
/** Where the `switchyard` command finds a host, and what it has to show there. */
export type HostDoor = z.output<typeof hostDoor>;

const hostHolder = z.object({
  kind: z.enum(['desktop', 'headless']),
  pid: z.number().int(),
  /** Where a browser finds it, with its token; null for a desktop host, and for one that is still starting. */
  address: z.string().nullable(),
  /** Null for one that is still starting. */
  door: hostDoor.nullable().default(null),
});
/** The host that works on a state folder. */
export type HostHolder = z.output<typeof hostHolder>;

/** `by` is null when the holder has not said yet who it is. */
export interface HostLockHeld {
  kind: 'held';
  by: HostHolder | null;
}

/** At most one host works on a state folder: two would both start queued runs and write the same settings. */
export class HostLock implements Disposable {
  readonly #folder: string;
  readonly #kind: HostHolder['kind'];
  readonly #lock: Disposable;
  #isDisposed = false;

  private constructor(folder: string, kind: HostHolder['kind'], lock: Disposable) {
    this.#folder = folder;
    this.#kind = kind;
    this.#lock = lock;
    this.announce({ address: null, door: null });
  }

  /** Takes the lock of a state folder, which exists; or says who has it. */
  static acquire(stateFolder: string, kind: HostHolder['kind']): Result<HostLock, HostLockHeld> {
    const lock = lockStateFolder(stateFolder);
    if (lock === null) return fail({ kind: 'held', by: readHolder(stateFolder) });
    return ok(new HostLock(stateFolder, kind, lock));
  }

  /** Writes down where this host is, for the person's own eyes (mode 0600), so that a second start finds the first. */
  announce(where: Pick<HostHolder, 'address' | 'door'>): void {
    const holder: HostHolder = { kind: this.#kind, pid: process.pid, ...where };
    const path = holderFile(this.#folder);
    writeFileSync(`${path}.new`, JSON.stringify(holder), { mode: 0o600 });
    chmodSync(`${path}.new`, 0o600); // it may have been there with another mode
    moveOverSync(`${path}.new`, path);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    rmSync(holderFile(this.#folder), { force: true });
    this.#lock.dispose();
  }
}

/** Who works on a state folder now: nobody, a host, or one that has not said yet who it is. */
export function findHost(stateFolder: string): { kind: 'nobody' } | HostLockHeld {
  const lock = lockStateFolder(stateFolder);
  if (lock === null) return { kind: 'held', by: readHolder(stateFolder) };
  lock.dispose();
  return { kind: 'nobody' };
}

const holderFile = (stateFolder: string): string => join(stateFolder, 'host.json');

/** Waits a little, because a second start looks for the first one by taking the lock for a moment. */
const lockStateFolder = (stateFolder: string): Disposable | null => lockFile(join(stateFolder, 'host.lock'), 300);

function readHolder(stateFolder: string): HostHolder | null {
  try {
    return hostHolder.parse(JSON.parse(readFileSync(holderFile(stateFolder), 'utf8')));
  } catch {
    return null; // not written yet
  }
}
