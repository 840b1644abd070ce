import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { makePrivateFolder, readDescriptor, socketPlace, writeDescriptor } from './host-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('socketPlace', () => {
  const system = { platform: 'linux' as const, env: {}, temporaryFolder: '/tmp', user: '1000' };

  it('is beside the other files where the system takes so long a path', () => {
    expect(socketPlace('/home/ada/.local/state/switchyard', system).address).toBe(
      '/home/ada/.local/state/switchyard/pty-host/host-1.sock',
    );
  });

  it('is under a short name where it does not, another for each state folder', () => {
    const deep = (end: string): string => join('/home', 'x'.repeat(100), end);
    const env = { XDG_RUNTIME_DIR: '/run/user/1000' };
    const place = socketPlace(deep('a'), { ...system, env });
    expect(place.address.startsWith('/run/user/1000/switchyard-1000-')).toBe(true);
    expect(Buffer.byteLength(place.address)).toBeLessThan(104);
    expect(socketPlace(deep('b'), { ...system, env }).address).not.toBe(place.address);
    expect(socketPlace(deep('a'), system).address.startsWith('/tmp/switchyard-1000-')).toBe(true);
    const longTemporary = { ...system, temporaryFolder: `/${'t'.repeat(100)}` };
    expect(Buffer.byteLength(socketPlace(deep('a'), longTemporary).address)).toBeLessThan(104);
  });

  it('is a named pipe on Windows', () => {
    const place = socketPlace('C:\\state', { ...system, platform: 'win32' });
    expect(place).toEqual({ address: expect.stringContaining('\\\\.\\pipe\\switchyard-') as string, folder: null });
  });
});

describe('makePrivateFolder', () => {
  it('lets nobody else in, also where the folder was open before', () => {
    makePrivateFolder(join(folder, 'new', 'deep'), 'linux');
    expect(statSync(join(folder, 'new', 'deep')).mode & 0o777).toBe(0o700);
    mkdirSync(join(folder, 'open'), { mode: 0o777 });
    makePrivateFolder(join(folder, 'open'), 'linux');
    expect(statSync(join(folder, 'open')).mode & 0o777).toBe(0o700);
  });

  it('refuses a link that somebody has put there', () => {
    mkdirSync(join(folder, 'target'));
    symlinkSync(join(folder, 'target'), join(folder, 'link'));
    expect(() => {
      makePrivateFolder(join(folder, 'link'), 'linux');
    }).toThrow('is not a folder');
  });
});

describe('the descriptor', () => {
  it('is for its owner only, and read back as it was', () => {
    const path = join(folder, 'host.json');
    const descriptor = { address: '/x/host.sock', secret: 'a'.repeat(64), pid: 42 };
    writeDescriptor(path, descriptor);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readDescriptor(path)).toEqual(descriptor);
  });

  it.each([
    ['', 'nothing'],
    ['{', 'half'],
    ['{"address":""}', 'the wrong thing'],
  ])('is absent when it holds %j', (text) => {
    writeFileSync(join(folder, 'host.json'), text);
    expect(readDescriptor(join(folder, 'host.json'))).toBeNull();
    expect(readDescriptor(join(folder, 'none.json'))).toBeNull();
  });
});
