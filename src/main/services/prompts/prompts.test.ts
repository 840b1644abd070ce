import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { watchFolderWith } from '#main/base/watch-folder.ts';
import { Specs } from '#main/services/specs/specs.ts';
import type { PromptSource } from '#shared/contract/prompts.ts';
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
