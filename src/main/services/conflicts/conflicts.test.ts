import { execFile } from 'node:child_process';
import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import type { Gate } from '#main/services/gates/gate-config.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { Snapshots } from '#main/services/snapshots/snapshots.ts';
import type { RunsCommands } from '#main/services/train/train-ports.ts';
import type { ConflictHelp, Resolution, Solver } from '#shared/contract/conflicts.ts';
import { agentId, projectId, runId, type SpecSlug } from '#shared/ids.ts';
import { fail } from '#shared/result.ts';

import type { SpecIntent } from './conflict-brief.ts';
import type { ConflictingRun } from './conflict-ports.ts';
import { Conflicts } from './conflicts.ts';

const id = runId.parse('run-red');
const colours = 'one\ntwo\naccent teal\nfour\nfive\n';

/** A command without a terminal around it: what is tested is what becomes of its exit code. */
const runHere: RunsCommands['run'] = ({ process: { command, args, cwd }, signal }) =>
  new Promise((resolve) => {
    execFile(command, args, { cwd, signal }, (error, stdout) => {
      const outcome = signal.aborted ? 'cancelled' : error ? 'failed' : 'passed';
      resolve({ outcome, exitCode: error ? 1 : 0, reason: error ? 'exit code 1' : null, output: stdout });
    });
  });

describe('help with a branch that does not merge', () => {
  let repository: TestRepository;
  let worktree: string;
  let run: ConflictingRun;
  /** Another run of the same base. */
  let other: ConflictingRun;
  /** Of which specs the promises were laid on which runs. */
  let held: string[][];
  let conflicts: Conflicts;
  let sent: string[];
  let agent: 'running' | 'asks' | 'exited' | 'ended-for-good';
  let specs: Map<string, SpecIntent>;
  let gates: Gate[];
  let isTrusted: boolean;
  let unreadable: string[];
  let invariants: { title: string; text: string }[];
  let snapshots: Snapshots;

  beforeEach(async () => {
    repository = await TestRepository.createEmpty();
    await repository.write('colours.txt', colours);
    await repository.write('other.txt', 'other\n');
    await repository.commit('Begin');
    worktree = join(repository.root, 'red');
    await repository.git('worktree', 'add', '-q', '-b', 'feature/red', worktree);
    run = {
      id,
      isAtWork: false,
      projectId: projectId.parse('notes'),
      projectPath: repository.path,
      branch: 'feature/red',
      base: 'main',
      worktreePath: worktree,
      spec: { slug: 'red' as SpecSlug, title: 'Make it red' },
      alsoHolds: [],
      lastMessage: 'It is red now.',
    };
    other = {
      ...run,
      id: runId.parse('run-blue'),
      branch: 'feature/blue',
      worktreePath: join(repository.root, 'blue'),
      spec: { slug: 'blue' as SpecSlug, title: 'Make it blue' },
      lastMessage: 'Blue it is, also in the dark.',
    };
    held = [];
    specs = new Map([
      ['blue', spec('blue', 'Make it blue', 'The accent is **blue**, everywhere.', 'npm run blue')],
      ['red', spec('red', 'Make it red', 'The accent is red.', 'npm run red')],
    ]);
    sent = [];
    agent = 'running';
    gates = [gate('npm test')];
    isTrusted = true;
    unreadable = [];
    invariants = [];
    const git = new Git({ log: silentLog, env: repository.env });
    snapshots = new Snapshots({ git, log: silentLog });
    conflicts = new Conflicts({
      git,
      runs: {
        find: (asked) => (asked === id ? run : asked === other.id ? other : null),
        alsoHold: (asked, slugs) => held.push([asked, ...slugs]),
        handOver: () => Promise.resolve(fail({ kind: 'worktree-missing' })),
        spawn: () => Promise.resolve(fail({ kind: 'refused', obstacles: ['There is no such agent.'] })),
      },
      messages: {
        find: () => ({ asks: agent === 'asks' }),
        send: (to, text) => {
          if (agent !== 'running') return Promise.resolve('not-running');
          sent.push(to === id ? text : `${to}: ${text}`);
          return Promise.resolve('sent');
        },
        resume: () => {
          if (agent === 'ended-for-good') return Promise.resolve('It cannot go on with its session.');
          agent = 'running';
          return Promise.resolve(null);
        },
      },
      specOf: (_project, slug) => Promise.resolve(specs.get(slug) ?? null),
      gatesOf: () => gates,
      testsOf: () => null,
      invariantsOf: () => Promise.resolve(invariants),
      projectOf: (asked) => ({
        id: asked,
        path: repository.path,
        commonDir: join(repository.path, '.git'),
        worktreeFolder: join(repository.root, 'worktrees'),
        gates,
        setup: null,
        copy: [],
        isTrusted,
        invariantCommands: [],
        unreadable,
        needsTrust: gates.length > 0,
        shell: (command) => ({ command: '/bin/sh', args: ['-c', command] }),
      }),
      evidenceOf: () => null,
      snapshots,
      commands: { run: runHere, endEarlier: () => Promise.resolve([]) },
      log: silentLog,
    });
  });

  afterEach(async () => {
    conflicts.dispose();
    await repository.remove();
  });

  const gate = (run: string): Gate => ({
    id: 'tests',
    title: 'Tests',
    run,
    needs: [],
    timeoutMinutes: 1,
    when: 'review',
  });

  const spec = (slug: string, title: string, body: string, check: string): SpecIntent => ({
    slug,
    title,
    body,
    acceptance: [{ text: `${title}, proved`, check }],
    unread: [],
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

  async function brief(to: Solver['kind'] = 'same'): Promise<string> {
    const made = await conflicts.brief({ id, to });
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
    invariants = [
      {
        title: 'One palette',
        text: '---\nrules:\n  forbid: [vendor/**]\n---\n\n# One palette\n\nColours of {{base}}.\n',
      },
    ];
    const text = await brief();
    for (const part of [
      'feature/red cannot be merged into main',
      'Merge feature/blue into main (spec blue)',
      'The other side’s spec, “Make it blue” (specs/blue.md in main)',
      '> The accent is **blue**, everywhere.',
      'Your side, “Make it red”:',
      'You said last: It is red now.',
      'What the other side’s agents said last:\n- “Make it blue”: Blue it is, also in the dark.',
      'The rules of this project hold for the result too, and stand over both specs:',
      '> # One palette\n>\n> Colours of main.\n>\n> This is checked on every change:\n>\n> - Nothing in `vendor/**` is changed, added or deleted.',
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

  it('keeps its size whatever the agents said and however much is ruled', async () => {
    await collide();
    run = { ...run, lastMessage: 'red '.repeat(5000) };
    other = { ...other, lastMessage: 'blue '.repeat(5000) };
    invariants = Array.from({ length: 60 }, (_, index) => ({
      title: `Rule ${String(index)}`,
      text: `# Rule ${String(index)}\n\n${'Words and words.\n'.repeat(300)}`,
    }));
    const text = await brief();
    expect(text).toContain('> # Rule 0\n');
    expect(text).toMatch(/And \d+ more, which stand in \.switchyard\/invariants\/: “Rule \d+”/u);
    expect(text.length).toBeLessThan(20_000);
    // Of a run that is gone, or has said nothing since the app began, nobody knows the words.
    other = { ...other, lastMessage: null };
    invariants = [];
    expect(await brief()).not.toMatch(/other side’s agents|rules of this project/u);
  });

  it('names the rules to whom the prompt gives them whole', async () => {
    await collide();
    invariants = [{ title: 'One palette', text: '# One palette\n\nColours of our own.\n' }];
    for (const to of ['new', 'hand-over'] as const) {
      const text = await brief(to);
      expect(text).toContain('The rules of this project stand in your prompt, and over both specs: “One palette”.');
      expect(text).not.toContain('Colours of our own');
    }
    expect(await brief('run')).toContain('> Colours of our own.');
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

  it('tells whoever does not know the branch what it is for, and to merge it into a branch of their own', async () => {
    await collide();
    const told = await brief('run');
    for (const part of [
      'It is another agent’s work',
      'The spec of feature/red, “Make it red”. It is done and must stay so:\n\n> The accent is red.',
      'The side of feature/red, “Make it red”:',
      'Its agent said last: It is red now.',
      '   main:\n     | accent blue',
      '   feature/red:\n     | accent red',
      '1. Commit what you have not committed yet.\n2. Run: git merge main\n3. Then run: git merge feature/red\n',
    ]) {
      expect(told).toContain(part);
    }
    // Its prompt holds the spec, and there is nothing of its own yet.
    const fresh = await brief('new');
    expect(fresh).not.toContain('> The accent is red.');
    expect(fresh).toContain('1. Run: git merge main\n2. Then run: git merge feature/red\n');
  });

  it('sends the message, or resumes the agent for it, and says why when it cannot', async () => {
    await collide();
    const ask = (text: string, to: Solver = { kind: 'same' }) => conflicts.ask({ id, text, to });
    expect(await ask('Merge it.')).toEqual({ ok: true, value: { run: id, resumed: false } });
    agent = 'exited';
    expect(await ask('Again.')).toEqual({ ok: true, value: { run: id, resumed: true } });
    expect(sent).toEqual(['Merge it.', 'Again.']);
    agent = 'asks';
    expect(await ask('No.')).toEqual({ ok: false, error: { kind: 'asks' } });
    agent = 'ended-for-good';
    expect(await ask('No.')).toMatchObject({ error: { kind: 'not-running' } });
    await rm(worktree, { recursive: true });
    expect(await ask('No.')).toEqual({ ok: false, error: { kind: 'worktree-missing' } });
    expect(sent).toHaveLength(2);
    const agentOf = agentId.parse('any');
    expect(await ask('No.', { kind: 'hand-over', agentId: agentOf })).toMatchObject({ ok: false });
    expect(await ask('No.', { kind: 'new', agentId: agentOf })).toMatchObject({ error: { kind: 'refused' } });
    // Only who was asked has anything to hold.
    expect(held).toEqual([
      [id, 'red', 'blue'],
      [id, 'red', 'blue'],
    ]);
  });

  it('asks another run of the same base, which then has to hold what both sides promise', async () => {
    await collide();
    const to: Solver = { kind: 'run', id: other.id };
    expect(await conflicts.ask({ id, text: 'No.', to })).toEqual({ ok: false, error: { kind: 'worktree-missing' } });
    await repository.git('worktree', 'add', '-q', other.worktreePath, 'feature/blue');
    expect(await conflicts.ask({ id, text: 'Take it in.', to })).toEqual({
      ok: true,
      value: { run: other.id, resumed: false },
    });
    expect(sent).toEqual(['run-blue: Take it in.']);
    expect(held).toEqual([[other.id, 'red', 'blue']]);
    other = { ...other, base: 'next' };
    expect(await conflicts.ask({ id, text: 'No.', to })).toEqual({
      ok: false,
      error: { kind: 'other-base', base: 'next' },
    });
    expect(await conflicts.ask({ id, text: 'No.', to: { kind: 'run', id } })).toMatchObject({
      error: { kind: 'run-missing' },
    });
    expect(sent).toHaveLength(1);
  });

  it('does not let a merge go that brings sides together whose criteria cannot be read, or cannot be run', async () => {
    await collide();
    const tip = await repository.git('rev-parse', 'feature/red');
    const made = { tree: await repository.git('rev-parse', 'feature/red^{tree}'), branchCommit: tip };
    specs.set('blue', {
      ...spec('blue', 'Make it blue', 'Blue.', 'test: it is blue'),
      unread: ['specs/blue.md, line 3: “-x” is no id.'],
    });
    specs.set('red', spec('red', 'Make it red', 'Red.', 'ask: Is it red?'));
    expect(await conflicts.unproved(id, made)).toEqual([]);
    run = { ...run, alsoHolds: ['blue' as SpecSlug] };
    expect(await conflicts.unproved(id, made)).toEqual([
      'A criterion that cannot be read: specs/blue.md, line 3: “-x” is no id.',
      'Make it blue, proved: The project’s config does not say how its test is run by its name.',
    ]);
  });

  it('says so when there is no conflict, or no branch', async () => {
    expect(await conflicts.look({ id })).toEqual({ ok: false, error: { kind: 'no-conflict' } });
    run = { ...run, branch: 'gone' };
    expect(await conflicts.look({ id })).toMatchObject({ error: { kind: 'branch-missing' } });
    run = { ...run, branch: 'feature/red', base: 'gone' };
    expect(await conflicts.brief({ id, to: 'same' })).toMatchObject({ error: { kind: 'base-missing' } });
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

  describe('solved by hand', () => {
    async function keep(files: Readonly<Record<string, Resolution>>) {
      const found = await conflicts.files({ id });
      if (!found.ok) throw new Error(JSON.stringify(found.error));
      const { baseCommit, branchCommit } = found.value;
      const resolved = Object.entries(files).map(([path, resolution]) => ({ path, resolution }));
      return conflicts.keep({ id, baseCommit, branchCommit, files: resolved });
    }
    const violet: Resolution = { kind: 'text', text: colours.replace('teal', 'violet') };
    /** The gate, and each side's criterion, as commands that look at the result. */
    function checkFor(colour: string): void {
      gates = [gate(`grep -q ${colour} colours.txt`)];
      specs = new Map([
        ['blue', spec('blue', 'Make it blue', '', 'test -f other.txt')],
        ['red', spec('red', 'Make it red', '', 'grep -q four colours.txt')],
      ]);
    }

    it('shows every side of each file, and the merge with its markers', async () => {
      await collide();
      const found = await conflicts.files({ id });
      expect(found).toMatchObject({
        ok: true,
        value: {
          files: [
            {
              path: 'colours.txt',
              base: colours,
              ours: colours.replace('teal', 'blue'),
              theirs: colours.replace('teal', 'red'),
              has: { ours: true, theirs: true },
              obstacle: null,
            },
          ],
        },
      });
      const marked = found.ok ? found.value.files[0]?.marked : null;
      expect(marked).toMatch(
        /<<<<<<< main\naccent blue\n\|\|\|\|\|\|\| .*\naccent teal\n=======\naccent red\n>>>>>>> feature\/red\n/,
      );
    });

    it('becomes a merge on the branch and in its worktree when all checks pass, and can be taken back', async () => {
      await collide();
      checkFor('violet');
      const main = await repository.git('rev-parse', 'main');
      const before = await repository.git('rev-parse', 'feature/red');
      expect(await keep({ 'colours.txt': violet })).toMatchObject({ ok: true, value: { checks: 3, unproven: [] } });
      expect(await repository.git('rev-parse', 'feature/red^1', 'feature/red^2')).toBe(`${before}\n${main}`);
      // What comes after it, by an agent, has to hold that too.
      expect(held).toEqual([[id, 'blue']]);
      expect(await readFile(join(worktree, 'colours.txt'), 'utf8')).toBe(colours.replace('teal', 'violet'));
      expect(await readFile(join(worktree, 'other.txt'), 'utf8')).toBe('something else\n');
      expect(await repository.gitIn(worktree, 'status', '--porcelain')).toBe('');
      // Neither the base nor the person's own checkout has anything of it.
      expect(await repository.git('rev-parse', 'main')).toBe(main);
      expect(await repository.git('status', '--porcelain')).toBe('');
      expect(await repository.git('worktree', 'list')).not.toContain('.resolve');
      expect(await conflicts.look({ id })).toMatchObject({ error: { kind: 'no-conflict' } });
      expect(await snapshots.list(repository.path)).toMatchObject([
        { reason: 'Merge main into feature/red', branch: 'feature/red', commit: before },
      ]);
    });

    it('is not kept when a check passes only by changing the files, and the next one sees them as they are', async () => {
      await collide();
      checkFor('violet');
      gates = [gate('sed -i s/violet/violets/ colours.txt; grep -q violets colours.txt')];
      specs.set('red', spec('red', 'Make it red', '', '! grep -q violets colours.txt'));
      const refs = await repository.refs();
      expect(await keep({ 'colours.txt': violet })).toMatchObject({
        ok: false,
        error: {
          kind: 'checks-failed',
          failed: [{ title: 'Tests', reason: expect.stringContaining('proves nothing: colours.txt.') as string }],
        },
      });
      expect(await repository.refs()).toBe(refs);
    });

    it('is not kept when a check of either side fails, and nothing has changed', async () => {
      await collide();
      checkFor('violet');
      specs.set('blue', spec('blue', 'Make it blue', '', 'echo no blue here; grep -q blue colours.txt'));
      const before = [await repository.refs(), await repository.gitIn(worktree, 'status', '--porcelain')];
      expect(await keep({ 'colours.txt': violet })).toMatchObject({
        ok: false,
        error: {
          kind: 'checks-failed',
          failed: [{ title: 'Make it blue, proved', reason: 'exit code 1', output: 'no blue here' }],
        },
      });
      expect([await repository.refs(), await repository.gitIn(worktree, 'status', '--porcelain')]).toEqual(before);
      expect(await repository.git('worktree', 'list')).not.toContain('.resolve');
    });

    it('is not kept while a gate of the project, or a criterion of a side, cannot be read', async () => {
      await collide();
      unreadable = ['.switchyard/config.yaml, line 3: Gate tests: `run` is missing.'];
      const before = await repository.refs();
      expect(await keep({ 'colours.txt': violet })).toEqual({
        ok: false,
        error: {
          kind: 'checks-failed',
          failed: [{ title: 'A check of the project', command: '', reason: unreadable[0], output: '' }],
        },
      });
      expect(await repository.refs()).toEqual(before);
    });

    it('is not kept with markers in it, or without all files', async () => {
      await collide();
      const found = await conflicts.files({ id });
      const text = (found.ok && found.value.files[0]?.marked) || '';
      const unsolved = { ok: false, error: { kind: 'unsolved', paths: ['colours.txt'] } };
      expect(await keep({ 'colours.txt': { kind: 'text', text } })).toEqual(unsolved);
      expect(await keep({})).toEqual(unsolved);
    });

    it('waits for an agent at work, and for its changes to be committed', async () => {
      await collide();
      checkFor('violet');
      run = { ...run, isAtWork: true };
      expect(await keep({ 'colours.txt': violet })).toEqual({ ok: false, error: { kind: 'at-work' } });
      run = { ...run, isAtWork: false };
      await repository.write(join(worktree, 'colours.txt'), 'not committed\n');
      const refs = await repository.refs();
      expect(await keep({ 'colours.txt': violet })).toMatchObject({
        error: { kind: 'checkout-dirty', files: ['colours.txt'] },
      });
      expect(await readFile(join(worktree, 'colours.txt'), 'utf8')).toBe('not committed\n');
      expect(await repository.refs()).toBe(refs);
    });

    it('is another conflict when a branch has moved', async () => {
      await collide();
      const found = await conflicts.files({ id });
      if (!found.ok) throw new Error('no conflict');
      await repository.commit('Moved');
      const { baseCommit, branchCommit } = found.value;
      const files = [{ path: 'colours.txt', resolution: violet }];
      expect(await conflicts.keep({ id, baseCommit, branchCommit, files })).toEqual({
        ok: false,
        error: { kind: 'moved' },
      });
    });

    it('runs no command that the person has not allowed', async () => {
      await collide();
      checkFor('violet');
      isTrusted = false;
      expect(await keep({ 'colours.txt': violet })).toEqual({ ok: false, error: { kind: 'not-trusted' } });
    });

    it('can be cancelled while it is checked', async () => {
      await collide();
      gates = [gate('sleep 600')];
      const refs = await repository.refs();
      const kept = keep({ 'colours.txt': violet });
      const feed = conflicts.onDidProgress({ id }, (progress) => {
        if (progress.kind === 'checking') void conflicts.cancel({ id });
      });
      expect(await kept).toEqual({ ok: false, error: { kind: 'cancelled' } });
      feed.dispose();
      expect(await repository.refs()).toBe(refs);
      expect(await repository.git('worktree', 'list')).not.toContain('.resolve');
    });

    it('takes a side whole where there are no lines: a binary file, a deleted one', async () => {
      await repository.write('data.bin', new Uint8Array([0, 1, 2]));
      await repository.write('old.txt', 'old\n');
      await repository.commit('More');
      await repository.gitIn(worktree, 'merge', '-q', 'main');
      await repository.write('data.bin', new Uint8Array([0, 9]));
      await repository.git('rm', '-q', 'old.txt');
      await repository.commit('Ours');
      await repository.write(join(worktree, 'data.bin'), new Uint8Array([0, 8]));
      await repository.write(join(worktree, 'old.txt'), 'older\n');
      await repository.commit('Theirs', worktree);
      gates = [];
      specs = new Map();
      expect(await conflicts.files({ id })).toMatchObject({
        value: {
          files: [
            { path: 'data.bin', marked: null, obstacle: null },
            { path: 'old.txt', marked: null, has: { ours: false, theirs: true }, obstacle: null },
          ],
        },
      });
      expect(await keep({ 'data.bin': { kind: 'theirs' }, 'old.txt': { kind: 'ours' } })).toMatchObject({ ok: true });
      expect(await readFile(join(worktree, 'data.bin'))).toEqual(Buffer.from([0, 8]));
      expect(await repository.git('ls-tree', '--name-only', 'feature/red')).not.toContain('old.txt');
    });

    describe('of names and kinds', () => {
      const listed = async (): Promise<readonly string[]> =>
        (await repository.git('ls-tree', '-r', '--name-only', 'feature/red')).split('\n');
      const found = async () => {
        const files = await conflicts.files({ id });
        if (!files.ok) throw new Error(files.error.kind);
        return files.value.files;
      };

      beforeEach(async () => {
        [gates, specs] = [[], new Map()];
        await repository.git('mv', 'other.txt', 'ours.txt');
        await repository.commit('Rename');
        await repository.gitIn(worktree, 'mv', 'other.txt', 'theirs.txt');
        await repository.commit('Rename otherwise', worktree);
      });

      it('takes either name, both, or neither, and keeps nothing that was not chosen', async () => {
        expect(await found()).toMatchObject([
          { path: 'ours.txt', names: { ours: 'ours.txt', theirs: null }, obstacle: null },
          { path: 'theirs.txt', names: { ours: null, theirs: 'theirs.txt' }, obstacle: null },
        ]);
        const refs = await repository.refs();
        expect(await keep({ 'ours.txt': { kind: 'ours' } })).toMatchObject({
          error: { kind: 'unsolved', paths: ['theirs.txt'] },
        });
        expect(await repository.refs()).toBe(refs);
        expect(
          await keep({
            'ours.txt': { kind: 'names', ours: 'kept/both.txt', theirs: null },
            'theirs.txt': { kind: 'names', ours: null, theirs: null },
          }),
        ).toMatchObject({ ok: true });
        expect(await listed()).toContain('kept/both.txt');
        for (const gone of ['ours.txt', 'theirs.txt', 'other.txt']) expect(await listed()).not.toContain(gone);
        expect(await repository.gitIn(worktree, 'status', '--porcelain')).toBe('');
      });

      it('refuses names that are taken, that leave the project, or that cannot stand beside others', async () => {
        const refs = await repository.refs();
        const named = (ours: string, theirs: string) =>
          keep({
            'ours.txt': { kind: 'names', ours, theirs: null },
            'theirs.txt': { kind: 'names', ours: null, theirs },
          });
        for (const [ours, theirs] of [
          ['colours.txt', 'b.txt'],
          ['same.txt', 'same.txt'],
          ['../out.txt', 'b.txt'],
          ['.git/hooks/pre-commit', 'b.txt'],
          ['a/.GIT/config', 'b.txt'],
          ['/etc/passwd', 'b.txt'],
          ['colours.txt/inside', 'b.txt'],
          ['folder', 'folder/file'],
          ['', 'b.txt'],
        ] as const) {
          expect(await named(ours, theirs), `${ours} ${theirs}`).toMatchObject({ error: { kind: 'not-by-hand' } });
        }
        expect(await repository.refs()).toBe(refs);
      });
    });

    it('of a file and a folder, and of a link and a file, is solved by names', async () => {
      [gates, specs] = [[], new Map()];
      await repository.write('thing', 'a file\n');
      await repository.git('rm', '-q', 'other.txt');
      await repository.git('config', 'core.symlinks', 'true');
      await symlink('colours.txt', join(repository.path, 'other.txt'));
      await repository.commit('A file, and a link');
      await repository.write(join(worktree, 'thing/inside.txt'), 'in a folder\n');
      await repository.write(join(worktree, 'other.txt'), 'changed\n');
      await repository.commit('A folder, and a change', worktree);
      const files = await conflicts.files({ id });
      if (!files.ok) throw new Error(files.error.kind);
      const all = files.value.files;
      expect(all.every(({ names, obstacle }) => names !== null && obstacle === null)).toBeTruthy();
      const resolutions = all.map(({ path, names }): [string, Resolution] => [path, { kind: 'names', ...names! }]);
      expect(await keep(Object.fromEntries(resolutions))).toMatchObject({ ok: true });
      const tree = await repository.git('ls-tree', '-r', 'feature/red');
      expect(tree).toContain('thing/inside.txt');
      expect(tree).toMatch(/100644 blob [0-9a-f]+\tthing\.main$/mu);
      expect(tree).toMatch(/^120000 blob .*other\.txt/mu);
      expect(tree).not.toMatch(/~[0-9a-f]{40}/u);
    });
  });
});
