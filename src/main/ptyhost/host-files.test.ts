import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readDescriptor, reportAddress, socketPlace, writeDescriptor } from './host-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
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

describe('where it listens', () => {
  const system = { env: {}, temporaryFolder: '/tmp', user: '1000', random: () => 'f'.repeat(32) };

  it('is beside the other files, and agents report beside that', () => {
    const { address } = socketPlace('/home/ada/.local/state/switchyard', { ...system, platform: 'linux' });
    expect(address).toBe('/home/ada/.local/state/switchyard/pty-host/host-1.sock');
    expect(reportAddress(address)).toBe('/home/ada/.local/state/switchyard/pty-host/rept-1.sock');
  });

  it('is a pipe on Windows, and agents report to another', () => {
    const { address } = socketPlace('C:\\state', { ...system, platform: 'win32' });
    expect(address).toMatch(/^\\\\\.\\pipe\\switchyard-[0-9a-f]{16}-f{32}-host-1$/);
    expect(reportAddress(address)).toBe(`${address}-reports`);
    expect(reportAddress(address).length).toBeLessThan(256);
  });
});
