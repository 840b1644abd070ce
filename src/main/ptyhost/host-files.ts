import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { placeSocket, type SocketPlace, type SocketSystem } from '#main/base/listen-privately.ts';
import { moveOverSync } from '#main/base/move-over.ts';

import { protocolVersion } from './protocol.ts';

/** Where a pty host of a state folder keeps its things. */
export interface HostFiles {
  folder: string;
  /** Who runs, where it listens, and the secret to show it. 0600. */
  descriptor: string;
  /** Held by the one that runs. */
  lock: string;
  log: string;
  /** The folder of the last screens of its terminals. */
  screens: string;
}

/**
 * Each major version of the protocol has files of its own: an app that cannot speak with the host that runs starts one
 * beside it, and that one is found by the app which can.
 */
export function hostFiles(stateFolder: string, major = protocolVersion.major): HostFiles {
  const folder = join(stateFolder, 'pty-host');
  const file = (name: string): string => join(folder, name);
  const version = String(major);
  return {
    folder,
    descriptor: file(`host-${version}.json`),
    lock: file(`lock-${version}.db`),
    log: file(`pty-host-${version}.log`),
    screens: file(`screens-${version}`),
  };
}

/** The major versions whose hosts have left files here, ours among them. */
export function majorsThere(stateFolder: string): readonly number[] {
  try {
    const names = readdirSync(hostFiles(stateFolder).folder);
    return names.flatMap((name) => /^lock-(\d{1,6})\.db$/.exec(name)?.[1] ?? []).map(Number);
  } catch {
    return []; // no host has ever run
  }
}

/** Where the pty host listens: beside its other files where the system takes so long a path. */
export const socketPlace = (stateFolder: string, system: SocketSystem, major = protocolVersion.major): SocketPlace =>
  placeSocket({ stateFolder, folder: hostFiles(stateFolder).folder, name: `host-${String(major)}` }, system);

/** Where agents' hooks report to the host that listens at `address`: beside it, under a name as long as its own. */
export const reportAddress = (address: string): string =>
  address.endsWith('.sock') ? address.replace(/host(-\d+)?\.sock$/, 'rept$1.sock') : `${address}-reports`;

const descriptorSchema = z.object({
  address: z.string().min(1),
  secret: z.string().min(32),
  pid: z.number().int().positive(),
});
export type HostDescriptor = z.output<typeof descriptorSchema>;

export function writeDescriptor(path: string, descriptor: HostDescriptor): void {
  const temporary = `${path}.${String(process.pid)}`;
  writeFileSync(temporary, JSON.stringify(descriptor), { mode: 0o600 });
  moveOverSync(temporary, path);
}

/** Null: there is none, or it cannot be read, and so no host can be reached. */
export function readDescriptor(path: string): HostDescriptor | null {
  try {
    const descriptor = descriptorSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return descriptor.success ? descriptor.data : null;
  } catch {
    return null;
  }
}
