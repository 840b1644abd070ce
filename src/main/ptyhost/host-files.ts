import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

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

/** Linux takes 107 bytes for a socket's path, macOS 103. */
const longestSocketPath = 103;

export interface SocketPlace {
  /** To listen on and connect to. */
  address: string;
  /** The folder it lies in, that must be ours alone; null for a named pipe, which lies in none. */
  folder: string | null;
}

/**
 * Where to listen: beside the other files, or, when that path is too long for a socket, under a short name in the
 * system's folder for such things. On Windows a named pipe.
 */
export function socketPlace(
  stateFolder: string,
  system: { platform: NodeJS.Platform; env: NodeJS.ProcessEnv; temporaryFolder: string; user: string },
  major = protocolVersion.major,
): SocketPlace {
  const name = createHash('sha256').update(stateFolder).digest('hex').slice(0, 16);
  if (system.platform === 'win32') return { address: `\\\\.\\pipe\\switchyard-${name}-${String(major)}`, folder: null };
  const short = `switchyard-${system.user}-${name}`;
  const folders = [
    hostFiles(stateFolder).folder,
    ...(system.env['XDG_RUNTIME_DIR'] ? [join(system.env['XDG_RUNTIME_DIR'], short)] : []),
    join(system.temporaryFolder, short),
    join('/tmp', short),
  ];
  const socket = (folder: string): string => join(folder, `host-${String(major)}.sock`);
  const folder = folders.find((each) => Buffer.byteLength(socket(each)) <= longestSocketPath) ?? join('/tmp', short);
  return { address: socket(folder), folder };
}

/** Where agents' hooks report to the host that listens at `address`: beside it, under a name as long as its own. */
export const reportAddress = (address: string): string =>
  address.endsWith('.sock') ? address.replace(/host(-\d+)?\.sock$/, 'rept$1.sock') : `${address}-reports`;

/**
 * Makes a folder that only its owner may enter, or checks that one that is there already is so. Throws when it belongs
 * to somebody else, or is a link: whoever set that up could listen in our place.
 */
export function makePrivateFolder(folder: string, platform: NodeJS.Platform): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (platform === 'win32') return;
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder`);
  if (found.uid !== process.getuid?.()) throw new Error(`${folder} belongs to somebody else`);
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

const descriptorSchema = z.object({
  address: z.string().min(1),
  secret: z.string().min(32),
  pid: z.number().int().positive(),
});
export type HostDescriptor = z.output<typeof descriptorSchema>;

export function writeDescriptor(path: string, descriptor: HostDescriptor): void {
  const temporary = `${path}.${String(process.pid)}`;
  writeFileSync(temporary, JSON.stringify(descriptor), { mode: 0o600 });
  renameSync(temporary, path);
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
