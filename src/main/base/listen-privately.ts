import { chmodSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';

/**
 * Listens at a socket's path that only this user may open (0600), or on Windows at a named pipe. What lies at the path is
 * removed: whoever calls knows, by a lock, that it is left of one that has ended. Rejects when it cannot listen.
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
