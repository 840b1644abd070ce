import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseCommandArguments } from './arguments.ts';

describe('what is typed', () => {
  it.each([
    [[], 'Say what to do'],
    [['dance'], 'There is no command “dance”, and no folder of that name here.'],
    [['spawn'], 'Say which specs'],
    [['stop'], 'Say which runs'],
    [['spawn', 'a', '--variants', '9'], 'from 1 to 8'],
    [['spawn', 'a', '--variants', 'x'], 'from 1 to 8'],
    [['status', '--agent', 'shell'], '--agent is for spawn'],
    [['list', 'x'], 'takes no names'],
    [['open', 'a', 'b'], 'one folder'],
    [['list', '--nonsense'], 'nonsense'],
  ])('%j is not understood', (line, message) => {
    const parsed = parseCommandArguments(line, '/');
    expect(parsed.ok ? '' : parsed.error.message).toContain(message);
  });
});

describe('a folder in the place of a command', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-arguments-')));
    for (const name of ['notes', 'list']) await mkdir(join(folder, name));
    await writeFile(join(folder, 'notes', 'README.md'), '');
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const parse = (...line: readonly string[]) => parseCommandArguments(line, folder);
  const refusal = (...line: readonly string[]): string => {
    const parsed = parse(...line);
    return parsed.ok ? '' : parsed.error.message;
  };

  it('is opened', () => {
    const open = { ok: true, value: { command: 'open', folder: join(folder, 'notes') } };
    for (const name of ['notes', './notes', 'notes/', join(folder, 'notes')]) expect(parse(name)).toMatchObject(open);
    expect(parse('.')).toMatchObject({ ok: true, value: { command: 'open', folder } });
    expect(parse('notes', '--project', join(folder, 'list', '..'))).toMatchObject(open);
  });

  it('is not opened where it has the name of a command, unless that is said', () => {
    expect(parse('list')).toMatchObject({ ok: true, value: { command: 'list' } });
    expect(parse('./list')).toMatchObject({ ok: true, value: { command: 'open', folder: join(folder, 'list') } });
  });

  it('that is missing, is no folder, or does not stand alone is refused in words', () => {
    expect(refusal('./gone')).toBe(`There is no folder ${join(folder, 'gone')}.`);
    expect(refusal(join(folder, 'notes', 'gone'))).toBe(`There is no folder ${join(folder, 'notes', 'gone')}.`);
    expect(refusal('notes/README.md')).toBe(`${join(folder, 'notes/README.md')} is no folder.`);
    expect(refusal('')).toContain('There is no command “”');
    expect(refusal('notes', 'list')).toBe('open takes one folder.');
    expect(refusal('notes', '--agent', 'shell')).toBe('--agent is for spawn.');
  });
});
