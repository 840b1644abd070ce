import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { watchFolderWith } from '#main/base/watch-folder.ts';
import { Specs } from '#main/services/specs/specs.ts';
import { promptPlace, type PromptSource } from '#shared/contract/prompts.ts';
import type { AgentId, ProjectId, SpecSlug } from '#shared/ids.ts';

import { Prompts } from './prompts.ts';
import { countTokens, TokenCounter } from './token-counter.ts';

const projectId = 'project' as ProjectId;
const slug = 'work' as SpecSlug;
const agentId = 'claude' as AgentId;

let world: string;
let root: string;
let always: readonly string[];
let rules: readonly string[];
let specs: Specs;
let prompts: Prompts;

beforeEach(async () => {
  world = await realpath(await mkdtemp(join(tmpdir(), 'prompts-')));
  root = join(world, 'project');
  always = [];
  rules = [];
  const projects = { require: () => ({ path: root, config: { prompts: { always, rules } } }) };
  const watch = watchFolderWith(silentLog);
  specs = new Specs({ projects, watch, log: silentLog, template: join(world, 'none') });
  prompts = new Prompts({
    projects,
    watch,
    log: silentLog,
    specs,
    rulesOf: (_projectId, agent) => (agent === 'claude' ? ['CLAUDE.md|AGENTS.md'] : []),
    ownFolder: join(world, 'config'),
    libraryFolder: null,
  });
  await put('specs/work.md', '---\ntitle: Work\nprompts: [testing]\n---\nOn disk.\n');
});

afterEach(async () => {
  prompts.dispose();
  specs.dispose();
  await rm(world, { recursive: true, force: true });
});

const put = async (path: string, text: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
};
const composeFor = (text?: string) =>
  prompts.composeFor({ projectId, slug, agentId, branch: 'b', base: 'main', ...(text !== undefined && { text }) });

describe('the prompt for a run', () => {
  it('is made of the files of the project, in the order of their names', async () => {
    await put('.switchyard/invariants/b.md', 'B');
    await put('.switchyard/invariants/a.md', '# The first rule\nA');
    await put('.switchyard/invariants/README.md', 'No rule');
    await put('.switchyard/invariants/.a.md.swp', 'No rule');
    await put('.switchyard/prompts/testing.md', 'T');
    await put('.switchyard/prompts/house.md', 'H');
    always = ['house'];
    const prompt = await composeFor();
    expect(prompt.parts.map(({ id, title }) => `${id}: ${title}`)).toEqual([
      'a: The first rule',
      'b: b',
      'house: house',
      'testing: testing',
      'work: Work',
      'task: Task',
    ]);
    expect(prompt.text).toContain('On disk.');
    expect(prompt.problems).toEqual([]);
  });

  it('is made of the text that is being edited, where there is one', async () => {
    const edited = '---\ntitle: Work\n---\nBeing edited.\n';
    const live = await prompts.compose({ projectId, slug, text: edited, agentId, branch: 'b', base: 'main' });
    expect(live.ok && live.value.text).toContain('Being edited.');
    expect(await composeFor(edited)).toEqual(live.ok && live.value);
  });

  it('is not made of a spec that is gone', async () => {
    await rm(join(root, 'specs'), { recursive: true });
    await expect(composeFor()).rejects.toThrow('gone');
  });

  it('holds nothing that is not of the project, and says what was left out', async () => {
    await put('.switchyard/invariants/fine.md', 'Fine');
    await put('.switchyard/invariants/empty.md', '\n');
    await put('.switchyard/invariants/binary.md', new Uint8Array([0xff, 0xfe]));
    await put('.git/config', 'SECRET');
    await writeFile(join(world, 'outside.md'), 'SECRET');
    await symlink(join(world, 'outside.md'), join(root, '.switchyard/invariants/link.md'));
    await symlink('../../.git/config', join(root, '.switchyard/invariants/git.md'));
    await mkdir(join(world, 'elsewhere'));
    await writeFile(join(world, 'elsewhere', 'testing.md'), 'SECRET');
    await symlink(join(world, 'elsewhere'), join(root, '.switchyard/prompts'));
    const prompt = await composeFor();
    expect(prompt.text).toContain('Fine');
    expect(prompt.text).not.toContain('SECRET');
    expect(prompt.problems).toEqual([
      '.switchyard/invariants/binary.md is not UTF-8 text, so it is not in the prompt.',
      '.switchyard/invariants/empty.md is empty, so it is not in the prompt.',
      ".switchyard/invariants/git.md is a symbolic link into the repository's own data, so it is not in the prompt.",
      '.switchyard/invariants/link.md is a symbolic link to outside the project, so it is not in the prompt.',
      'There is no prompt module “testing” in .switchyard/prompts.',
    ]);
  });
});

const own = (id: string) => ({ kind: 'module', origin: 'own', id }) as const;
const ofProject = (id: string) => ({ kind: 'module', origin: 'project', id }) as const;

describe('the person’s own modules', () => {
  it('are there for every project, behind the project’s own of the same name', async () => {
    await mkdir(join(world, 'config/prompts'), { recursive: true });
    await writeFile(join(world, 'config/prompts/testing.md'), 'My way of testing');
    await writeFile(join(world, 'config/prompts/mine.md'), '---\nalways: true\n---\nMine');
    const before = await composeFor();
    expect(before.parts.map(({ id, origin }) => `${id} ${origin}`)).toEqual([
      'mine own',
      'testing own',
      'work project',
      'task project',
    ]);
    await put('.switchyard/prompts/testing.md', 'The project’s way');
    const after = await composeFor();
    expect(after.parts.map(({ id, origin }) => `${id} ${origin}`)[1]).toBe('testing project');
    expect(after.text).not.toContain('My way');
  });

  it('are listed as hidden, and followed as they come and go', async () => {
    await put('.switchyard/prompts/testing.md', 'T');
    const lists: (readonly PromptSource[])[] = [];
    const following = prompts.onDidChange(projectId, (list) => lists.push(list));
    await vi.waitFor(() => expect(lists.at(-1)).toHaveLength(1), 20_000);
    const saved = await prompts.save({ projectId, place: own('testing'), text: 'Mine', version: null });
    expect(saved.ok).toBe(true);
    await vi.waitFor(() => expect(lists.at(-1)).toHaveLength(2), 20_000);
    expect(lists.at(-1)?.map(({ origin, isHidden }) => [origin, isHidden])).toEqual([
      ['project', false],
      ['own', true],
    ]);
    await rm(join(world, 'config/prompts/testing.md'));
    await vi.waitFor(() => expect(lists.at(-1)).toHaveLength(1), 20_000);
    following.dispose();
  });
});

describe('the files of prompts', () => {
  const text = async (path: string): Promise<string | null> => readFile(join(root, path), 'utf8').catch(() => null);

  it('are written only over what was read, and come back after they were deleted', async () => {
    const place = ofProject('a');
    const made = await prompts.save({ projectId, place, text: 'One', version: null });
    const read = await prompts.read({ projectId, place });
    expect(read).toEqual({ ok: true, value: { text: 'One', version: made.ok && made.value.version } });
    expect(await prompts.save({ projectId, place, text: 'Again', version: null })).toMatchObject({
      error: { kind: 'changed-on-disk', text: 'One' },
    });
    await put('.switchyard/prompts/a.md', 'By hand');
    const version = read.ok ? read.value.version : '';
    expect(await prompts.save({ projectId, place, text: 'Two', version })).toMatchObject({
      error: { kind: 'changed-on-disk', text: 'By hand' },
    });
    const removed = await prompts.remove({ projectId, place });
    expect(removed).toEqual({ ok: true, value: { text: 'By hand' } });
    expect(await text('.switchyard/prompts/a.md')).toBeNull();
    expect(await prompts.read({ projectId, place })).toMatchObject({ error: { kind: 'prompt-missing' } });
    expect((await prompts.save({ projectId, place, text: 'By hand', version: null })).ok).toBe(true);
    expect(await text('.switchyard/prompts/a.md')).toBe('By hand');
  });

  it('are renamed without overwriting another', async () => {
    await put('.switchyard/prompts/a.md', 'A');
    await put('.switchyard/prompts/b.md', 'B');
    expect(await prompts.rename({ projectId, place: ofProject('a'), id: 'b' })).toEqual({
      ok: false,
      error: { kind: 'name-taken', id: 'b' },
    });
    expect((await prompts.rename({ projectId, place: ofProject('a'), id: 'c' })).ok).toBe(true);
    expect([await text('.switchyard/prompts/a.md'), await text('.switchyard/prompts/c.md')]).toEqual([null, 'A']);
    expect(await prompts.rename({ projectId, place: ofProject('a'), id: 'd' })).toMatchObject({
      error: { kind: 'prompt-missing' },
    });
  });

  it('are not written outside of the project, whatever lies there', async () => {
    await mkdir(join(world, 'elsewhere'));
    await mkdir(join(root, '.switchyard'), { recursive: true });
    await symlink(join(world, 'elsewhere'), join(root, '.switchyard/prompts'));
    expect(await prompts.save({ projectId, place: ofProject('a'), text: 'x', version: null })).toMatchObject({
      error: { kind: 'could-not-write' },
    });
    for (const id of ['../a', 'a/b', '.git', 'README', '', 'a'.repeat(90)]) {
      expect(promptPlace.safeParse({ kind: 'module', origin: 'own', id }).success).toBe(false);
    }
    expect(promptPlace.safeParse({ kind: 'invariant', origin: 'own', id: 'a' }).success).toBe(false);
  });
});

describe('the rules files of the repository', () => {
  it('are found, judged for the agent, and included by a line in the config that changes nothing else', async () => {
    await put('AGENTS.md', 'Agents read this');
    await put('CLAUDE.md', 'Claude reads this');
    await put('.kiro/steering/tech.md', '---\ninclusion: always\n---\nSteer');
    await put('.cursor/rules/deep/style.mdc', 'Style');
    await put('.cursor/rules/image.png', 'no rule');
    const states = async (agent: string | null): Promise<readonly string[]> => {
      const composed = await prompts.compose({ projectId, slug, text: '', agentId: agent, branch: null, base: null });
      return composed.ok ? composed.value.rules.map(({ path, state }) => `${path} ${state}`) : [];
    };
    expect(await states('claude')).toEqual([
      'AGENTS.md left-out',
      'CLAUDE.md read',
      '.kiro/steering/tech.md left-out',
      '.cursor/rules/deep/style.mdc left-out',
    ]);
    expect((await states(null))[0]).toBe('AGENTS.md undecided');
    const config = '# Ours\nprompts:\n  always: [house] # yes\n';
    await put('.switchyard/config.yaml', config);
    const path = '.kiro/steering/tech.md';
    expect(await prompts.includeRules({ projectId, path, include: true })).toEqual({ ok: true, value: undefined });
    const written = await readFile(join(root, '.switchyard/config.yaml'), 'utf8');
    expect(written).toBe(config.replace('  always', `  rules: [${path}]\n  always`));
    rules = [path];
    const prompt = await composeFor();
    expect(prompt.text).toContain(`<rules file="${path}">\nSteer\n</rules>`);
    expect(prompt.text).not.toContain('Claude reads this');
    await put('.switchyard/config.yaml', 'prompts: [\n');
    expect(await prompts.includeRules({ projectId, path, include: false })).toMatchObject({
      error: { kind: 'could-not-write' },
    });
    expect(await readFile(join(root, '.switchyard/config.yaml'), 'utf8')).toBe('prompts: [\n');
  });
});

describe('the list of parts', () => {
  it('follows the files, also when there are none at first', async () => {
    const lists: (readonly PromptSource[])[] = [];
    const until = (test: (list: readonly PromptSource[]) => boolean): Promise<void> =>
      vi.waitFor(() => {
        expect(lists.some(test)).toBe(true);
      }, 10_000);
    const following = prompts.onDidChange(projectId, (list) => lists.push(list));
    await until((list) => list.length === 0);
    await put('.switchyard/prompts/testing.md', '## How to test ##\nRun them.\n');
    await until((list) => list.length === 1);
    expect(lists.at(-1)).toEqual([
      {
        kind: 'module',
        origin: 'project',
        id: 'testing',
        title: 'How to test',
        description: '',
        path: '.switchyard/prompts/testing.md',
        version: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
        tokens: 8,
        parameters: [],
        needs: { modules: [], files: [], agents: [] },
        use: { always: null, agents: [] },
        isHidden: false,
        problems: [],
      },
    ]);
    await put('.switchyard/invariants/a.md', 'Rule');
    await until((list) => list.some(({ kind }) => kind === 'invariant'));
    following.dispose();
  });
});

describe('token counts', () => {
  it('are exact for ordinary text, and nothing in a text can make them fail', async () => {
    const count = await new TokenCounter().load();
    expect(count('Hello, world!')).toBe(4);
    expect(count('')).toBe(0);
    expect(count('say <|endoftext|> and <|im_start|>')).toBeGreaterThan(5);
    expect(count('\ud800 lone, \u0000 odd')).toBeGreaterThan(3);
  });

  it('are estimated where the tokeniser would take minutes', () => {
    const asked: number[] = [];
    const exact = (text: string): number => {
      asked.push(text.length);
      return 1;
    };
    expect(countTokens(`short ${'x'.repeat(150_000)} short${' '.repeat(4000)}`, exact)).toBe(1 + 37_500 + 1 + 1000 + 1);
    expect(countTokens('word '.repeat(50_000), exact)).toBe(62_500);
    expect(Math.max(...asked)).toBeLessThan(10);
  });

  it('do not depend on what was counted before', async () => {
    const counter = new TokenCounter();
    const count = await counter.load();
    const first = Array.from({ length: 600 }, (_, index) => count(`text number ${String(index)}`));
    const again = Array.from({ length: 600 }, (_, index) => count(`text number ${String(index)}`));
    expect(again).toEqual(first);
  });
});
