import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import type { ConflictHelp } from '#shared/contract/conflicts.ts';
import { projectId, runId } from '#shared/ids.ts';

import type { SpecIntent } from './conflict-brief.ts';
import { Conflicts, type ConflictingRun } from './conflicts.ts';

const id = runId.parse('run-red');
const colours = 'one\ntwo\naccent teal\nfour\nfive\n';

describe('help with a branch that does not merge', () => {
  let repository: TestRepository;
  let worktree: string;
  let run: ConflictingRun;
  let conflicts: Conflicts;
  let sent: string[];
  let agent: 'running' | 'asks' | 'exited' | 'ended-for-good';
  let specs: Map<string, SpecIntent>;

  beforeEach(async () => {
    repository = await TestRepository.createEmpty();
    await repository.write('colours.txt', colours);
    await repository.write('other.txt', 'other\n');
    await repository.commit('Begin');
    worktree = join(repository.root, 'red');
    await repository.git('worktree', 'add', '-q', '-b', 'feature/red', worktree);
    run = {
      projectId: projectId.parse('notes'),
      projectPath: repository.path,
      branch: 'feature/red',
      base: 'main',
      worktreePath: worktree,
      spec: { slug: 'red', title: 'Make it red' },
      lastMessage: 'It is red now.',
    };
    specs = new Map([
      ['blue', spec('blue', 'Make it blue', 'The accent is **blue**, everywhere.', 'npm run blue')],
      ['red', spec('red', 'Make it red', 'The accent is red.', 'npm run red')],
    ]);
    sent = [];
    agent = 'running';
    conflicts = new Conflicts({
      git: new Git({ log: silentLog, env: repository.env }),
      runs: { find: (asked) => (asked === id ? run : null) },
      messages: {
        find: (asked) => (asked === id ? { asks: agent === 'asks' } : null),
        send: (_id, text) => {
          if (agent !== 'running') return Promise.resolve('not-running');
          sent.push(text);
          return Promise.resolve('sent');
        },
        resume: () => {
          if (agent === 'ended-for-good') return Promise.resolve('It cannot go on with its session.');
          agent = 'running';
          return Promise.resolve(null);
        },
      },
      specOf: (_project, slug) => Promise.resolve(specs.get(slug) ?? null),
      gatesOf: () => [{ title: 'Tests', run: 'npm test' }],
      log: silentLog,
    });
  });

  afterEach(() => repository.remove());

  const spec = (slug: string, title: string, body: string, check: string): SpecIntent => ({
    slug,
    title,
    body,
    acceptance: [{ text: `${title}, proved`, check }],
  });

  /** Both sides change the accent; main gets it by a merge, as we make one. */
  async function collide(): Promise<void> {
    await repository.git('checkout', '-q', '-b', 'feature/blue');
    await repository.write('colours.txt', colours.replace('teal', 'blue'));
    await repository.commit('Blue it is');
    await repository.git('checkout', '-q', 'main');
    const trailers = 'Spec: blue\nRun: run-blue\nAgent: Claude Code';
    await repository.git('merge', '-q', '--no-ff', '-m', `Merge feature/blue into main\n\n${trailers}`, 'feature/blue');
    await repository.write('other.txt', 'something else\n');
    await repository.commit('Nothing to do with it');
    await repository.write(join(worktree, 'colours.txt'), colours.replace('teal', 'red'));
    await repository.commit('Red it is', worktree);
  }

  async function look(): Promise<ConflictHelp> {
    const looked = await conflicts.look({ id });
    if (!looked.ok) throw new Error(JSON.stringify(looked.error));
    return looked.value;
  }

  async function brief(): Promise<string> {
    const made = await conflicts.brief({ id });
    if (!made.ok) throw new Error(JSON.stringify(made.error));
    return made.value.text;
  }

  it('shows the lines of both sides, and which spec and run the other side came from', async () => {
    await collide();
    const before = [await repository.refs(), await repository.git('status', '--porcelain')];
    const help = await look();
    expect(help.files).toEqual([
      {
        path: 'colours.txt',
        reason: 'both changed the same lines',
        hunks: [{ line: 3, ours: ['accent blue'], base: ['accent teal'], theirs: ['accent red'] }],
      },
    ]);
    expect(help.origins).toMatchObject([
      { subject: 'Merge feature/blue into main', spec: { slug: 'blue', title: 'Make it blue' }, run: 'run-blue' },
    ]);
    expect(help.own).toMatchObject([{ subject: 'Red it is' }]);
    expect([await repository.refs(), await repository.git('status', '--porcelain')]).toEqual(before);
  });

  it('writes a message that stands on its own: both sides, both specs, both sides’ checks, and what to do', async () => {
    await collide();
    const text = await brief();
    for (const part of [
      'feature/red cannot be merged into main',
      'Merge feature/blue into main (spec blue)',
      'The other side’s spec, “Make it blue” (specs/blue.md in main)',
      '> The accent is **blue**, everywhere.',
      'Your side, “Make it red”:',
      'You said last: It is red now.',
      '1. colours.txt: both changed the same lines',
      '   main:\n     | accent blue',
      '   yours:\n     | accent red',
      '- Tests: npm test',
      '- Make it red, proved: npm run red',
      '- Make it blue, proved: npm run blue',
      '1. Run: git merge main',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('has the agent commit first what is not committed', async () => {
    await collide();
    await repository.write(join(worktree, 'new.txt'), 'not committed\n');
    expect((await look()).isUncommitted).toBe(true);
    expect(await brief()).toContain('1. Commit what you have not committed yet.\n2. Run: git merge main');
  });

  it('is solved when the agent has merged as it was told', async () => {
    await collide();
    await repository.gitIn(worktree, 'merge', '-q', 'main').catch(() => undefined);
    await repository.write(join(worktree, 'colours.txt'), colours.replace('teal', 'violet'));
    await repository.commit('Merge main', worktree);
    expect(await conflicts.look({ id })).toEqual({ ok: false, error: { kind: 'no-conflict' } });
  });

  it('sends the message, or resumes the agent for it, and says why when it cannot', async () => {
    await collide();
    expect(await conflicts.ask({ id, text: 'Merge it.' })).toEqual({ ok: true, value: { resumed: false } });
    agent = 'exited';
    expect(await conflicts.ask({ id, text: 'Again.' })).toEqual({ ok: true, value: { resumed: true } });
    expect(sent).toEqual(['Merge it.', 'Again.']);
    agent = 'asks';
    expect(await conflicts.ask({ id, text: 'No.' })).toEqual({ ok: false, error: { kind: 'asks' } });
    agent = 'ended-for-good';
    expect(await conflicts.ask({ id, text: 'No.' })).toMatchObject({ error: { kind: 'not-running' } });
    await rm(worktree, { recursive: true });
    expect(await conflicts.ask({ id, text: 'No.' })).toEqual({ ok: false, error: { kind: 'worktree-missing' } });
    expect(sent).toHaveLength(2);
  });

  it('says so when there is no conflict, or no branch', async () => {
    expect(await conflicts.look({ id })).toEqual({ ok: false, error: { kind: 'no-conflict' } });
    run = { ...run, branch: 'gone' };
    expect(await conflicts.look({ id })).toMatchObject({ error: { kind: 'branch-missing' } });
    run = { ...run, branch: 'feature/red', base: 'gone' };
    expect(await conflicts.brief({ id })).toMatchObject({ error: { kind: 'base-missing' } });
    expect(await conflicts.look({ id: runId.parse('none') })).toMatchObject({ error: { kind: 'run-missing' } });
  });

  it('is whole with names and lines that are made to break it', async () => {
    const evil = ':(glob)*\n--all.txt';
    await repository.write(evil, 'one\n');
    await repository.write('data.bin', new Uint8Array([0, 1, 2]));
    await repository.commit('Evil');
    await repository.gitIn(worktree, 'merge', '-q', 'main');
    await repository.write(evil, 'two \x1b[201~\rrm -rf / \u2028\n');
    await repository.write('data.bin', new Uint8Array([0, 9]));
    await repository.commit('Subject with \x1b[31m colours');
    await repository.write(join(worktree, evil), `three ${'x'.repeat(10_000)}\n`);
    await repository.write(join(worktree, 'data.bin'), new Uint8Array([0, 8]));
    await repository.commit('Theirs', worktree);
    await repository.git('branch', "it's;main", 'main');
    run = { ...run, base: "it's;main" };
    const help = await look();
    expect(help.files.map(({ path, hunks }) => [path, hunks?.length ?? null])).toEqual([
      [evil, 1],
      ['data.bin', null],
    ]);
    // Only what changed those very files: as a pattern, the name would fit every file.
    expect(help.origins.map(({ subject }) => subject)).toHaveLength(1);
    const text = await brief();
    // oxlint-disable-next-line no-control-regex -- that none of these is sent is what is tested
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u2028]/u);
    expect(text).toContain("git merge 'it'\\''s;main'");
    expect(text.length).toBeLessThan(5000);
  });
});
