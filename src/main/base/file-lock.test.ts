import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { lockFile } from './file-lock.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('is held by one at a time, and free again when that one lets go', () => {
  const path = join(folder, 'lock.db');
  const first = lockFile(path, 0);
  expect(first).not.toBeNull();
  expect(lockFile(path, 0)).toBeNull();
  first?.dispose();
  const second = lockFile(path, 0);
  expect(second).not.toBeNull();
  second?.dispose();
});
