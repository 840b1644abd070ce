import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Log } from '#main/base/log.ts';

import { adoptLoginPath } from './login-environment.ts';

const warned: string[] = [];
const log: Log = { info: () => undefined, warn: (message) => warned.push(message), error: () => undefined };
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'switchyard-login-'));
  warned.length = 0;
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function pathAfter(more: NodeJS.ProcessEnv = {}, limitMilliseconds = 20_000): Promise<string | undefined> {
  const env: NodeJS.ProcessEnv = { HOME: home, SHELL: '/bin/bash', PATH: '/given:/usr/bin:/bin', ...more };
  await adoptLoginPath({ env, platform: 'linux', log, limitMilliseconds });
  return env['PATH'];
}

describe('the PATH of an app that the desktop has started', () => {
  it('is that of a login shell, and then its own, however much the start-up files print', async () => {
    const noise = `printf '\\033]0;title\\007'; echo "PATH=/wrong"; seq 1 2000; echo to stderr >&2`;
    await writeFile(join(home, '.bash_profile'), `${noise}\nexport PATH="/from/profile:/usr/bin:/bin"\n${noise}\n`);
    expect(await pathAfter()).toBe('/from/profile:/usr/bin:/bin:/given');
    expect(warned).toEqual([]);
  });

  it('stays as it is when a start-up file hangs, asks, ends the shell or is broken', async () => {
    for (const bad of ['sleep 600', 'while :; do :; done', 'exit 3', 'exec cat /dev/zero']) {
      await writeFile(join(home, '.bash_profile'), `${bad}\n`);
      expect(await pathAfter({}, 1500)).toBe('/given:/usr/bin:/bin');
    }
    expect(warned).toHaveLength(4);
    // What waits for the person gets no answer, and the shell goes on.
    await writeFile(join(home, '.bash_profile'), 'read -r answer; if [ ; then\nexport PATH="/never"\n');
    expect(await pathAfter({}, 20_000)).toContain('/given');
  });

  it('stays as it is for what was started in a terminal, has no shell, or a strange one', async () => {
    await writeFile(join(home, '.bash_profile'), 'export PATH="/from/profile:/usr/bin:/bin"\n');
    expect(await pathAfter({ TERM: 'xterm' })).toBe('/given:/usr/bin:/bin');
    expect(await pathAfter({ SHELL: undefined })).toBe('/given:/usr/bin:/bin');
    expect(await pathAfter({ SHELL: join(home, 'none') })).toBe('/given:/usr/bin:/bin');
    const strange = join(home, 'strange');
    await writeFile(strange, '#!/bin/sh\necho "no such option" >&2\nexit 2\n');
    await chmod(strange, 0o755);
    expect(await pathAfter({ SHELL: strange })).toBe('/given:/usr/bin:/bin');
  });
});
