import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { memoryBacking } from '#main/services/settings/memory-backing.ts';

import { DesktopHost } from './desktop-host.ts';

/** Why no run begins by itself, in place of the services. */
const holds = vi.hoisted(() => new Set<string>());
vi.mock('#main/base/app-version.ts', () => ({ appVersion: '0.0.0' }));
vi.mock('electron-store', () => ({ default: class {} }));
vi.mock('#main/services/settings/conf-backing.ts', () => ({ confBacking: () => memoryBacking() }));
vi.mock('#main/services/services.ts', () => ({
  createServices: () =>
    Promise.resolve({
      holdQueue: (reason: string) => {
        holds.add(reason);
        return { dispose: () => void holds.delete(reason) };
      },
      dispose: () => Promise.resolve(),
    }),
}));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-desktop-host-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

it('begins no run that was queued before the login shell has said its PATH', async () => {
  const shell = join(folder, 'shell');
  // A start-up file that takes its time, and then what it was asked.
  await writeFile(
    shell,
    `#!/bin/sh\ntouch '${folder}/asked'\nuntil [ -e '${folder}/may-answer' ]; do sleep 0.05; done\nPATH="/from/login:$PATH"\nexport PATH\nexec /bin/sh -c "$4"\n`,
  );
  await chmod(shell, 0o755);
  vi.stubEnv('SHELL', shell);
  vi.stubEnv('TERM', undefined);
  vi.stubEnv('HOME', folder);
  vi.stubEnv('PATH', process.env['PATH'] ?? '');
  const folders = { state: folder, config: folder, cache: folder } as never;
  const host = await DesktopHost.start({ folders, platform: 'linux', builtFolder: folder });
  try {
    await vi.waitFor(async () => {
      expect(await readdir(folder)).toContain('asked');
    });
    expect(Array.from(holds)).toEqual(['Waits until your shell has said where its programs are.']);
    await writeFile(join(folder, 'may-answer'), '');
    await vi.waitFor(() => {
      expect(Array.from(holds)).toEqual([]);
    }, 20_000);
    expect(process.env['PATH']).toContain('/from/login');
  } finally {
    await host?.end();
    host?.release();
  }
});
