import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { parseProjectConfig } from '#main/services/projects/config.ts';
import { fileBlocks } from '#shared/spec/file-blocks.ts';
import { parseSpec } from '#shared/spec/spec-file.ts';

import { createDemo } from './demo.ts';

const run = promisify(execFile);
const demoFolder = resolve(import.meta.dirname, '../../../../demo');
const toggles = 'feature-toggle-framework';
const history = 'match-history';
const override = 'admin-schedule-override';

let world: TestRepository;
beforeEach(async () => {
  world = await TestRepository.createEmpty();
});
afterEach(() => world.remove());

const at = (...parts: string[]) => join(world.root, ...parts);
const gitWith = (env: NodeJS.ProcessEnv) => new Git({ log: silentLog, env });

async function make(target = at('demo'), env = world.env): Promise<string> {
  const made = await createDemo({ git: gitWith(env), demoFolder, target });
  if (!made.ok) throw new Error(made.error.message);
  return made.value.path;
}

/** What the agent does with a spec: its files, its checks, a commit on a branch of its own. */
async function build(demo: string, slug: string): Promise<string> {
  const worktree = at(slug);
  await world.gitIn(demo, 'worktree', 'add', '-q', '-b', slug, worktree, 'main');
  const text = await readFile(join(worktree, 'specs', `${slug}.md`), 'utf8');
  for (const block of fileBlocks(text).blocks) {
    await mkdir(dirname(join(worktree, block.path)), { recursive: true });
    await writeFile(join(worktree, block.path), block.text);
  }
  // The other criterion's command runs some of the same tests.
  await inShell(worktree, checksOf(text).at(-1) ?? 'false');
  await world.commit(slug, worktree);
  return worktree;
}

const checksOf = (spec: string) => parseSpec(spec).frontMatter.acceptance.map(({ check }) => check ?? 'false');

/** Throws when the command fails. `node` is the one that runs these tests, as it is for the demo's agent. */
async function inShell(folder: string, command: string): Promise<string> {
  const path = `${dirname(process.execPath)}:${process.env['PATH']}`;
  const { stdout } = await run('sh', ['-c', command], {
    cwd: folder,
    env: { ...process.env, PATH: path, NODE_TEST_CONTEXT: undefined },
  });
  return stdout;
}

/** The files that conflict when the branch is merged into main; none when it was merged. */
async function mergeInto(demo: string, branch: string): Promise<readonly string[]> {
  try {
    await world.gitIn(demo, 'merge', '-q', '--no-edit', branch);
    return [];
  } catch {
    const files = await world.gitIn(demo, 'diff', '--name-only', '--diff-filter=U');
    await world.gitIn(demo, 'merge', '--abort');
    return files.split('\n');
  }
}

describe('the demo', () => {
  it('is a repository with a history, nothing left over, and nothing that asks for trust', async () => {
    const demo = await make();
    expect(demo).toBe(at('demo'));
    expect(await world.gitIn(demo, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main');
    expect(await world.gitIn(demo, 'status', '--porcelain', '--ignored')).toBe('');
    expect((await world.gitIn(demo, 'log', '--format=%an', 'main')).split('\n')).toEqual(['Ann Author', 'Ann Author']);
    expect((await readdir(join(demo, 'specs'))).toSorted()).toEqual([
      `${override}.md`,
      `${toggles}.md`,
      `${history}.md`,
    ]);
    const place = { projectPath: demo, commonDir: join(demo, '.git'), homeFolder: at('home'), temporaryFolders: [] };
    const config = parseProjectConfig(await readFile(join(demo, '.switchyard', 'config.yaml'), 'utf8'), place);
    expect(config).toMatchObject({ problems: [], setup: null, agents: [], gates: [], unreadable: [] });
    const modules = await readdir(join(demo, '.switchyard', 'prompts'));
    for (const id of config.prompts.always) expect(modules).toContain(`${id}.md`);
  });

  it('has specs without a problem, which stay inside their footprint; one of them asks', async () => {
    for (const slug of [toggles, history, override]) {
      const text = await readFile(join(demoFolder, 'specs', `${slug}.md`), 'utf8');
      const { frontMatter, problems } = parseSpec(text);
      expect(problems).toEqual([]);
      expect(frontMatter.agents).toEqual(['scribe']);
      expect(frontMatter.acceptance.length).toBeGreaterThan(1);
      const { blocks, problems: broken } = fileBlocks(text);
      expect(broken).toEqual([]);
      expect(blocks.map(({ path }) => path).toSorted()).toEqual([...frontMatter.footprint].toSorted());
      expect(frontMatter.ask !== null).toBe(slug === override);
    }
  });

  it('passes its own tests and its type checks', async () => {
    expect(await inShell(await make(), 'npm test --silent')).toContain('fail 0');
    const compiler = resolve(demoFolder, '../node_modules/typescript/bin/tsc');
    expect(await inShell(demoFolder, `node ${compiler} -p .`)).toBe('');
  });

  it('fails the criterion of each spec until it is built', async () => {
    const demo = await make();
    for (const slug of [toggles, history, override]) {
      const text = await readFile(join(demo, 'specs', `${slug}.md`), 'utf8');
      const [own = ''] = checksOf(text);
      await expect(inShell(demo, own)).rejects.toThrow('No test file');
      const word = own.split(' ').at(-1) ?? '';
      expect(fileBlocks(text).blocks.map(({ path }) => path)).toContain(`test/${word}.test.ts`);
    }
  });

  it('merges cleanly twice, in either order, and conflicts once, on the lines that two specs share', async () => {
    const demo = await make();
    // One after the other: Git may fail when it adds two worktrees at once.
    for (const slug of [toggles, history, override]) await build(demo, slug);
    const start = await world.gitIn(demo, 'rev-parse', 'main');

    expect(await mergeInto(demo, history)).toEqual([]);
    expect(await mergeInto(demo, toggles)).toEqual([]);
    expect(await inShell(demo, 'node scripts/test.mjs')).toContain('fail 0');
    expect(await mergeInto(demo, override)).toEqual(['src/routes.ts']);

    await world.gitIn(demo, 'reset', '-q', '--hard', start);
    expect(await mergeInto(demo, toggles)).toEqual([]);
    expect(await mergeInto(demo, override)).toEqual([]);
    expect(await inShell(demo, 'node scripts/test.mjs')).toContain('fail 0');
    expect(await mergeInto(demo, history)).toEqual(['src/routes.ts']);
  });

  it('never touches what is there already', async () => {
    await mkdir(at('demo'));
    await writeFile(at('demo', 'mine.txt'), 'mine');
    await writeFile(at('demo-2'), 'a file');
    expect(await make()).toBe(at('demo-3'));
    expect(await readdir(at('demo'))).toEqual(['mine.txt']);
  });

  it('is the same one the next time, as it was left', async () => {
    const demo = await make();
    await writeFile(join(demo, 'README.md'), 'changed by hand');
    expect(await make()).toBe(demo);
    expect(await readFile(join(demo, 'README.md'), 'utf8')).toBe('changed by hand');
  });

  it('gives itself a name for its commits only where the person has none', async () => {
    const bare = Object.fromEntries(Object.entries(world.env).filter(([name]) => !/AUTHOR|COMMITTER/.test(name)));
    const demo = await make(at('demo'), bare);
    expect(await world.gitIn(demo, 'log', '-1', '--format=%an <%ae>')).toBe(
      'Switchyard demo <demo@switchyard.invalid>',
    );
    await world.git('config', '--global', 'user.name', 'Pat');
    await world.git('config', '--global', 'user.email', 'pat@example.com');
    const own = await make(at('own'), bare);
    expect(await world.gitIn(own, 'log', '-1', '--format=%an <%ae>')).toBe('Pat <pat@example.com>');
    expect(await world.gitIn(own, 'config', '--local', '--list')).not.toContain('user.');
  });

  it("is not changed by the person's own ignore file, nor does it run their hooks", async () => {
    await world.write(at('ignore'), 'specs\n*.ts\n');
    await world.write(at('hooks', 'pre-commit'), '#!/bin/sh\nexit 1\n');
    await chmod(at('hooks', 'pre-commit'), 0o755);
    await world.git('config', '--global', 'core.excludesFile', at('ignore'));
    await world.git('config', '--global', 'core.hooksPath', at('hooks'));
    expect(await world.gitIn(await make(), 'ls-files', 'specs')).toContain(history);
  });

  it('leaves nothing behind when it cannot be made', async () => {
    await writeFile(at('file'), '');
    expect(await createDemo({ git: gitWith(world.env), demoFolder, target: at('file', 'demo') })).toMatchObject({
      ok: false,
      error: { kind: 'could-not-write', path: at('file', 'demo') },
    });
    const withoutGit = gitWith({ ...world.env, PATH: at('home') });
    expect(await createDemo({ git: withoutGit, demoFolder, target: at('demo') })).toMatchObject({
      ok: false,
      error: { kind: 'could-not-write', path: at('demo') },
    });
    expect(await readdir(world.root)).not.toContain('demo');
  });
});
