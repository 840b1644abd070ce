import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';

import { NewerStore, Store } from './store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const open = (): Store => new Store({ path: join(folder, 'state.db'), log: silentLog, now: () => 7 });

describe('the store', () => {
  it('keeps what was written when it is opened again', () => {
    const first = open();
    first.run('INSERT INTO prompts VALUES (?, ?)', 'abc', 'text');
    first.dispose();
    const second = open();
    expect(second.all('SELECT * FROM prompts')).toMatchObject([{ version: 'abc', prompt: 'text' }]);
    second.dispose();
  });

  it('takes back the whole of a transaction that fails', () => {
    const store = open();
    expect(() => {
      store.transaction(() => {
        store.run('INSERT INTO prompts VALUES (?, ?)', 'abc', 'text');
        throw new Error('no');
      });
    }).toThrow('no');
    expect(store.all('SELECT * FROM prompts')).toEqual([]);
    store.dispose();
  });

  it.each([
    ['no database', (path: string) => writeFileSync(path, 'this is no database at all, however long. '.repeat(100))],
    ['cut off in the middle', (path: string) => truncateSync(path, statSync(path).size / 2)],
    ['emptied', (path: string) => truncateSync(path, 0)],
    [
      'without its tables',
      (path: string) => {
        rmSync(path);
        const other = new DatabaseSync(path);
        other.exec('PRAGMA user_version = 1; CREATE TABLE something (a)');
        other.close();
      },
    ],
  ])('puts a file aside that is %s, and begins afresh', (_what, damage) => {
    open().dispose();
    damage(join(folder, 'state.db'));
    const store = open();
    expect(store.putAside).toBe(join(folder, 'state.db.broken-7'));
    expect(readdirSync(folder)).toContain('state.db.broken-7');
    expect(store.all('SELECT * FROM runs')).toEqual([]);
    store.dispose();
  });

  it('leaves a file where it is that cannot be opened just now', () => {
    open().dispose();
    // As on a full disk: SQLite cannot make the file that it needs beside it.
    mkdirSync(join(folder, 'state.db-wal'));
    writeFileSync(join(folder, 'state.db-wal', 'in the way'), '');
    expect(open).toThrow('unable to open database file');
    expect(readdirSync(folder)).toContain('state.db');
    expect(readdirSync(folder).join(' ')).not.toContain('broken');
  });

  it('writes itself anew when its file is deleted under it, with all that was in it', () => {
    const store = open();
    store.run('INSERT INTO prompts VALUES (?, ?)', 'abc', 'text');
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    store.run('INSERT INTO prompts VALUES (?, ?)', 'def', 'more');
    store.dispose();
    const next = open();
    expect(next.all('SELECT version FROM prompts')).toMatchObject([{ version: 'abc' }, { version: 'def' }]);
    next.dispose();
  });

  it('leaves a file of a newer version alone', () => {
    const store = open();
    store.run('PRAGMA user_version = 99');
    store.dispose();
    expect(open).toThrow(NewerStore);
    expect(readdirSync(folder)).not.toContain('state.db.broken-7');
  });
});
