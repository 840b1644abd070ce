import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { listenPrivately, makePrivateFolder, placeSocket, type SocketSystem } from './listen-privately.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'listen-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const linux: SocketSystem = { platform: 'linux', env: {}, temporaryFolder: '/tmp', user: '1000', random: () => 'r' };
const place = (stateFolder: string, system: SocketSystem) =>
  placeSocket({ stateFolder, folder: `${stateFolder}/pty-host`, name: 'host-1' }, system);

describe('where a socket is', () => {
  it('is the folder that was wanted, where the system takes so long a path', () => {
    expect(place('/home/ada/state', linux)).toEqual({
      address: '/home/ada/state/pty-host/host-1.sock',
      folder: '/home/ada/state/pty-host',
    });
  });

  it('is under a short name where it does not, another for each state folder', () => {
    const deep = (end: string): string => `/home/${'x'.repeat(100)}/${end}`;
    const env = { XDG_RUNTIME_DIR: '/run/user/1000' };
    const { address } = place(deep('a'), { ...linux, env });
    expect(address.startsWith('/run/user/1000/switchyard-1000-')).toBe(true);
    expect(place(deep('b'), { ...linux, env }).address).not.toBe(address);
    expect(place(deep('a'), linux).address.startsWith('/tmp/switchyard-1000-')).toBe(true);
  });

  it('is never longer than macOS takes, whose folder for such things is long itself', () => {
    const mac: SocketSystem = {
      ...linux,
      platform: 'darwin',
      temporaryFolder: '/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/',
      user: '501',
    };
    const support = (name: string): string => `/Users/${name}/Library/Application Support/Switchyard/state`;
    expect(place(support('ada'), mac).address).toBe(`${support('ada')}/pty-host/host-1.sock`);
    for (const name of ['a-name-that-is-longer-than-most', 'ä'.repeat(30)]) {
      const { address } = place(support(name), mac);
      expect(address.startsWith('/var/folders/')).toBe(true);
      expect(Buffer.byteLength(address)).toBeLessThan(104);
    }
    const { address } = place(support('x'.repeat(60)), { ...mac, temporaryFolder: `/${'t'.repeat(100)}` });
    expect(address.startsWith('/tmp/')).toBe(true);
    expect(Buffer.byteLength(address)).toBeLessThan(104);
  });

  it('is a named pipe on Windows that nobody can guess, another one each time', () => {
    let count = 0;
    const windows: SocketSystem = { ...linux, platform: 'win32', user: '', random: () => `random${String(++count)}` };
    const first = place('C:\\Users\\Ada\\AppData\\Local\\Switchyard', windows);
    expect(first.folder).toBeNull();
    expect(first.address).toMatch(/^\\\\\.\\pipe\\switchyard-[0-9a-f]{16}-random1-host-1$/);
    expect(place('C:\\Users\\Ada\\AppData\\Local\\Switchyard', windows).address).not.toBe(first.address);
    expect(place('D:\\other', windows).address.slice(0, 40)).not.toBe(first.address.slice(0, 40));
    // The longest name there is, with what is put behind it.
    expect(place(`C:\\${'x'.repeat(200)}`, { ...windows, random: () => 'f'.repeat(32) }).address.length).toBeLessThan(
      200,
    );
  });
});

describe('a private folder', () => {
  it('lets nobody else in, also where it was open before', () => {
    makePrivateFolder(join(folder, 'new', 'deep'), 'linux');
    expect(statSync(join(folder, 'new', 'deep')).mode & 0o777).toBe(0o700);
    mkdirSync(join(folder, 'open'), { mode: 0o777 });
    makePrivateFolder(join(folder, 'open'), 'darwin');
    expect(statSync(join(folder, 'open')).mode & 0o777).toBe(0o700);
  });

  it('is no link that somebody has put there', () => {
    mkdirSync(join(folder, 'target'));
    symlinkSync(join(folder, 'target'), join(folder, 'link'));
    expect(() => {
      makePrivateFolder(join(folder, 'link'), 'linux');
    }).toThrow('is not a folder');
  });

  it('has no modes on Windows: it is made, and lies where nobody else writes', () => {
    mkdirSync(join(folder, 'open'), { mode: 0o755 });
    makePrivateFolder(join(folder, 'open'), 'win32');
    makePrivateFolder(join(folder, 'more', 'deep'), 'win32');
    expect(statSync(join(folder, 'more', 'deep')).isDirectory()).toBe(true);
  });
});

describe('listening', () => {
  it('takes the place of what a former one has left, with a file for its owner alone', async () => {
    const address = join(folder, 'one.sock');
    writeFileSync(address, 'left behind');
    const server = createServer((socket) => socket.end('hello'));
    await listenPrivately(server, address, 'linux');
    expect(statSync(address).mode & 0o777).toBe(0o600);
    const [said] = (await once(connect(address), 'data')) as [Buffer];
    expect(said.toString()).toBe('hello');
    server.close();
  });

  it('touches no file on Windows, where a pipe leaves none behind', async () => {
    const address = join(folder, 'two.sock');
    writeFileSync(address, 'not ours');
    const server = createServer();
    await expect(listenPrivately(server, address, 'win32')).rejects.toThrow('EADDRINUSE');
    expect(statSync(address).size).toBe(8);
  });
});
