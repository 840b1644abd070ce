import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { planSetup, setUp } from './set-up.ts';

let root: string;
let template: string;
let project: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'set-up-')));
  template = join(root, 'template');
  project = join(root, 'project');
  await mkdir(join(template, '.switchyard', 'prompts'), { recursive: true });
  await mkdir(join(template, 'specs'));
  await mkdir(join(project, '.git'), { recursive: true });
  await writeFile(join(template, '.switchyard', 'config.yaml'), 'base: main\n');
  await writeFile(join(template, '.switchyard', 'prompts', 'style.md'), '# Style\n');
  await writeFile(join(template, 'specs', 'first.md'), '---\ntitle: First\n---\n');
});
afterEach(() => rm(root, { recursive: true }));

const run = async () => setUp(await planSetup(template, project), project);
const read = (path: string) => readFile(join(project, path), 'utf8');

describe('setting a project up', () => {
  it('shows what it would write and writes nothing until it is told to', async () => {
    expect(await planSetup(template, project)).toEqual([
      { path: '.switchyard/config.yaml', text: 'base: main\n', exists: false },
      { path: '.switchyard/prompts/style.md', text: '# Style\n', exists: false },
      { path: 'specs/first.md', text: '---\ntitle: First\n---\n', exists: false },
    ]);
    expect(await readdir(project)).toEqual(['.git']);
  });

  it('writes what was shown and says what it wrote; a second time there is nothing left', async () => {
    const paths = ['.switchyard/config.yaml', '.switchyard/prompts/style.md', 'specs/first.md'];
    expect(await run()).toEqual({ ok: true, value: { written: paths } });
    expect(await read('specs/first.md')).toBe('---\ntitle: First\n---\n');
    expect((await planSetup(template, project)).every(({ exists }) => exists)).toBe(true);
    expect(await run()).toEqual({ ok: true, value: { written: [] } });
  });

  it('never overwrites, not even a file that appears between the plan and the writing', async () => {
    await mkdir(join(project, 'specs'));
    await writeFile(join(project, 'specs', 'first.md'), 'mine');
    const plan = await planSetup(template, project);
    await mkdir(join(project, '.switchyard'));
    await writeFile(join(project, '.switchyard', 'config.yaml'), 'mine too');
    expect(await setUp(plan, project)).toEqual({ ok: true, value: { written: ['.switchyard/prompts/style.md'] } });
    expect(await read('specs/first.md')).toBe('mine');
    expect(await read('.switchyard/config.yaml')).toBe('mine too');
  });

  it('writes nothing at all when a folder is a link to outside the project', async () => {
    await mkdir(join(root, 'elsewhere'));
    await symlink(join(root, 'elsewhere'), join(project, 'specs'));
    expect(await run()).toMatchObject({
      ok: false,
      error: { kind: 'could-not-write', path: 'specs/first.md', message: expect.stringContaining('outside') as string },
    });
    expect(await readdir(join(root, 'elsewhere'))).toEqual([]);
    expect((await readdir(project)).toSorted()).toEqual(['.git', 'specs']);
  });

  it('does not follow a link in place of a file, nor one into the Git folder', async () => {
    await mkdir(join(project, 'specs'));
    await symlink(join(root, 'target'), join(project, 'specs', 'first.md'));
    expect(await run()).toMatchObject({ ok: true });
    expect((await readdir(root)).includes('target')).toBe(false);

    await rm(join(project, '.switchyard'), { recursive: true });
    await symlink('.git', join(project, '.switchyard'));
    expect(await run()).toMatchObject({ ok: false, error: { path: '.switchyard/config.yaml' } });
    expect(await readdir(join(project, '.git'))).toEqual([]);
  });

  it('writes through a link that stays in the project', async () => {
    await mkdir(join(project, 'docs', 'specs'), { recursive: true });
    await symlink(join('docs', 'specs'), join(project, 'specs'));
    expect(await run()).toMatchObject({ ok: true });
    expect(await read('docs/specs/first.md')).toContain('First');
  });

  it('says so when a file stands where a folder must be', async () => {
    await writeFile(join(project, 'specs'), 'a file');
    expect(await run()).toMatchObject({
      ok: false,
      error: { kind: 'could-not-write', path: 'specs/first.md', message: 'specs is a file, not a folder.' },
    });
    expect(await readdir(project)).not.toContain('.switchyard');
  });
});
