import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { posix } from 'node:path';

/*
 * Listening where only this user comes in: a socket's file with mode 0600 in a folder with 0700, and on Windows a named pipe that
 * nobody can guess. Everything about sockets that differs between platforms is here.
 */

/** What of the system decides where one can listen. */
export interface SocketSystem {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  temporaryFolder: string;
  /** The user's number; empty on Windows, which has none. */
  user: string;
  /** For a pipe's name. Other users see names, and whoever made one first would be spoken to in our place. */
  random: () => string;
}

export const thisSystem = (platform: NodeJS.Platform): SocketSystem => ({
  platform,
  env: process.env,
  temporaryFolder: tmpdir(),
  user: platform === 'win32' ? '' : String(userInfo().uid),
  random: () => randomBytes(16).toString('hex'),
});

export interface SocketPlace {
  /** To listen on and connect to. */
  address: string;
  /** The folder it lies in, that must be ours alone; null for a named pipe, which lies in none. */
  folder: string | null;
}

/** Linux takes 107 bytes for a socket's path, macOS 103. */
const longestSocketPath = 103;

/**
 * Where to listen: in the folder, or, when that path is too long for a socket, under a short name in the system's folder for
 * such things. On Windows a named pipe, another one each time: who is to connect is told its name, in a file that is ours. `name` is
 * the socket's without its ending.
 */
export function placeSocket(
  { stateFolder, folder: wanted, name }: { stateFolder: string; folder: string; name: string },
  system: SocketSystem,
): SocketPlace {
  const place = createHash('sha256').update(stateFolder).digest('hex').slice(0, 16);
  // Windows takes 256 characters for the whole name.
  if (system.platform === 'win32') {
    return { address: `\\\\.\\pipe\\switchyard-${place}-${system.random()}-${name}`, folder: null };
  }
  const short = `switchyard-${system.user}-${place}`;
  const folders = [
    wanted,
    ...(system.env['XDG_RUNTIME_DIR'] ? [posix.join(system.env['XDG_RUNTIME_DIR'], short)] : []),
    posix.join(system.temporaryFolder, short),
    posix.join('/tmp', short),
  ];
  const socket = (folder: string): string => posix.join(folder, `${name}.sock`);
  const folder =
    folders.find((each) => Buffer.byteLength(socket(each)) <= longestSocketPath) ?? posix.join('/tmp', short);
  return { address: socket(folder), folder };
}

/**
 * Makes a folder that only its owner may enter, or checks that one that is there already is so. Throws when it belongs
 * to somebody else, or is a link: whoever set that up could listen in our place. On Windows it lies in the person's profile, where
 * nobody else may write.
 */
export function makePrivateFolder(folder: string, platform: NodeJS.Platform): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (platform === 'win32') return;
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder`);
  if (found.uid !== process.getuid?.()) throw new Error(`${folder} belongs to somebody else`);
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/**
 * Listens at a socket's path that only this user may open (0600), or on Windows at a named pipe. What lies at the path is
 * removed: whoever calls knows, by a lock, that it is left of one that has ended. A pipe leaves nothing behind: it goes with who
 * made it. Rejects when it cannot listen.
 */
export async function listenPrivately(server: Server, address: string, platform: NodeJS.Platform): Promise<void> {
  const isFile = platform !== 'win32';
  if (isFile) rmSync(address, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Bound within this call, so the mask is set for no longer: agents are to have the person's own.
    const before = isFile ? process.umask(0o177) : 0;
    server.listen(address, resolve);
    if (isFile) process.umask(before);
  });
  if (isFile) chmodSync(address, 0o600);
}
