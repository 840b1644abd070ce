import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { fileLog, RotatingFile } from './file-log.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-log-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('writes a line for each event, with its details and the error’s stack', async () => {
  const file = new RotatingFile(join(folder, 'host.log'));
  const log = fileLog(file);
  log.info('opened', { project: 'a' });
  log.error('broke', new Error('why'), { at: 1 });
  log.error('threw what is no error', 'text');
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  log.warn('cannot be told in JSON', circle);
  file.close();
  const lines = (await readFile(join(folder, 'host.log'), 'utf8')).trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events[0]).toMatchObject({ msg: 'opened', project: 'a' });
  expect(events[1]).toMatchObject({ msg: 'broke', at: 1, err: { message: 'why' } });
  expect(JSON.stringify(events[1])).toContain('file-log.test.ts');
  expect(events[2]).toMatchObject({ err: { message: 'text' } });
  expect(events[3]).toMatchObject({ level: 'warn', msg: 'cannot be told in JSON' });
  expect((await stat(join(folder, 'host.log'))).mode & 0o777).toBe(0o600);
});

it('keeps the newest lines in two files of limited size', async () => {
  const path = join(folder, 'host.log');
  const file = new RotatingFile(path, 1000);
  for (let line = 1; line <= 100; line++) file.write(`${String(line).padStart(99, ' ')}\n`);
  file.close();
  expect((await readdir(folder)).toSorted()).toEqual(['host.log', 'host.log.1']);
  const kept = (await readFile(`${path}.1`, 'utf8')) + (await readFile(path, 'utf8'));
  expect(kept.trim().split('\n').map(Number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 81));
  expect((await stat(path)).size).toBeLessThanOrEqual(1000);
});

it('writes nothing once it is closed: the number of its file may be another file’s by then', async () => {
  const file = new RotatingFile(join(folder, 'host.log'));
  file.close();
  const work = openSync(join(folder, 'work.txt'), 'w');
  file.write('a late line\n');
  file.close();
  closeSync(work);
  expect(await readFile(join(folder, 'work.txt'), 'utf8')).toBe('');
});

it('goes on where an earlier host stopped', async () => {
  const path = join(folder, 'host.log');
  for (const line of ['first\n', 'second\n']) {
    const file = new RotatingFile(path);
    file.write(line);
    file.close();
  }
  expect(await readFile(path, 'utf8')).toBe('first\nsecond\n');
});

it('has none of the secrets of its environment, however they come into a message', async () => {
  const path = join(folder, 'host.log');
  const file = new RotatingFile(path);
  const token = 'ghp_"quoted"\\0123456789';
  const env = {
    GITHUB_TOKEN: token,
    OPENAI_API_KEY: 'sk-abcdefgh',
    API_KEY: 'short',
    HOME: '/home/ann-with-a-long-name',
  };
  const log = fileLog(file, env);
  log.info('cloned', { url: `https://x:${token}@host/`, home: env.HOME, key: 'short' });
  log.error('failed', new Error(`curl -H "Authorization: ${env.OPENAI_API_KEY}"`));
  file.close();
  const text = await readFile(path, 'utf8');
  expect(text).not.toContain('0123456789');
  expect(text).not.toContain('abcdefgh');
  expect(text).toContain('https://x:[GITHUB_TOKEN]@host/');
  expect(text).toContain('[OPENAI_API_KEY]');
  expect(text).toContain('/home/ann-with-a-long-name');
  for (const line of text.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
});
