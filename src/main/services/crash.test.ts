import { existsSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { AgentId, RunId } from '#shared/ids.ts';

import { HaltedGit } from './test-halted-git.ts';
import { TestWorld, type TestHost } from './test-host.ts';

/* The app quits, or is killed, at any moment: what is half made is taken back or said, and what runs is found again. */

let world: TestWorld;
let host: TestHost;
beforeEach(async () => {
  world = await TestWorld.create();
  await world.writeSpec('one', { 'one.txt': 'one\n' });
});
afterEach(async () => {
  await world.remove();
});

const shell = { agentId: 'shell' as AgentId };
const running = (stage: string) => (run: Run) =>
  run.stages.some(({ id, state }) => id === stage && state === 'running');
const isSettled = (run: Run): boolean => run.status.kind !== 'queued' && run.status.kind !== 'preparing';
const failed = (run: Run): boolean => run.status.kind === 'failed';

let git: HaltedGit;
const haltGit = (where: 'before' | 'after', words: string): void => {
  git = new HaltedGit(world.at('bin'), where, words);
};

async function startAgain(): Promise<void> {
  git.leave();
  host = await world.start();
  await host.open();
}

/** What there is of a run that was cut off, once it says so. */
async function leftOf(id: RunId): Promise<unknown> {
  const { presence, worktreePath } = await host.until(id, failed);
  const worktrees = await world.repository.git('worktree', 'list', '--porcelain');
  return [presence, await world.branches(), existsSync(worktreePath), worktrees.match(/^worktree /gm)?.length];
}
const nothing = [{ branch: false, worktree: false }, 'main', false, 1];

async function retried(id: RunId): Promise<Run> {
  const answer = await host.api.runs.retry({ id });
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return host.until(id, isSettled);
}

describe('killed', () => {
  it.each([
    ['before the branch is there', 'before', 'update-ref -m branch: Created'],
    ['between the branch and the record of it', 'after', 'update-ref -m branch: Created'],
    ['before the worktree is there', 'before', 'worktree add'],
    ['between the worktree and the record of it', 'after', 'worktree add'],
    ['while the files are written', 'after', 'reset --hard'],
  ] as const)('%s, a run leaves nothing behind, says so, and can be made again', async (_what, where, words) => {
    haltGit(where, words);
    const first = await world.startProcess();
    await first.open();
    const [id] = await first.spawn(shell);
    await git.reached();
    await first.kill();
    git.kill();
    await startAgain();
    expect(await leftOf(id!)).toEqual(nothing);
    expect(await retried(id!)).toMatchObject({
      status: { kind: 'working' },
      presence: { branch: true, worktree: true },
    });
  });

  it('while its Git lives on and makes the branch later: a retry still works', async () => {
    haltGit('before', 'update-ref -m branch: Created');
    const first = await world.startProcess();
    await first.open();
    const [id] = await first.spawn(shell);
    await git.reached();
    await first.kill();
    await startAgain();
    expect(await leftOf(id!)).toEqual(nothing);
    git.goOn();
    await until(async () => (await world.branches()).includes('feature/ai-one'), 'the branch is made after all');
    expect(await retried(id!)).toMatchObject({
      status: { kind: 'working' },
      presence: { branch: true, worktree: true },
    });
  });

  it('beside a branch of the person, takes nothing of theirs', async () => {
    haltGit('before', 'update-ref -m branch: Created');
    const first = await world.startProcess();
    await first.open();
    const [id] = await first.spawn(shell);
    await git.reached();
    await first.kill();
    git.kill();
    await world.repository.git('update-ref', 'refs/heads/feature/ai-one', 'HEAD');
    await startAgain();
    await host.until(id!, failed);
    expect(await host.api.runs.retry({ id: id! })).toEqual({ ok: true });
    const run = await host.until(id!, (now) => failed(now) && (now.status.detail ?? '').includes('exists already'));
    expect(await host.discard(run.id)).toBe(null);
    expect(await world.branches()).toContain('feature/ai-one');
  });

  describe.each(['squash', 'rebase'] as const)('while a %s moves the base', (method) => {
    /** The host is killed at Git's step that moves the base; Git stands still there. */
    async function killedIn(where: 'before' | 'after'): Promise<RunId> {
      await world.repository.commit('A spec');
      haltGit(where, 'merge --ff-only');
      const first = await world.startProcess();
      await first.open();
      const [id] = await first.spawn({});
      await first.finished(id!);
      await world.repository.write('meanwhile.txt', 'meanwhile\n');
      await world.repository.commit('Meanwhile');
      await first.api.runs.decide({ id: id!, decision: 'keep', reason: '' });
      const preview = await first.api.merges.preview({ id: id!, method });
      if (!preview.ok) throw new Error(JSON.stringify(preview.error));
      const { baseCommit, branchCommit } = preview.value;
      first.api.merges.merge({ id: id!, method, baseCommit, branchCommit, message: '' }).catch(() => undefined);
      await git.reached();
      await first.kill();
      return id!;
    }

    it('after that, the run is known as merged at the next start', async () => {
      const id = await killedIn('after');
      git.kill();
      await startAgain();
      const { merged } = await host.until(id, (run) => run.merged !== null);
      expect(merged).toMatchObject({ into: 'main', method });
      expect(merged?.commit).toBe(await world.repository.git('rev-parse', 'main'));
    });

    it('and its Git lives on and moves it later, the run is known as merged then', async () => {
      const id = await killedIn('before');
      await startAgain();
      expect((await host.until(id, (run) => run.changes !== null)).merged).toBe(null);
      git.goOn();
      const { merged } = await host.until(id, (run) => run.merged !== null);
      expect(merged).toMatchObject({ into: 'main', method });
    });

    it('before that, it is not merged, and can be', async () => {
      const id = await killedIn('before');
      git.kill();
      await startAgain();
      expect((await host.until(id, (run) => run.changes !== null)).merged).toBe(null);
      const preview = await host.api.merges.preview({ id, method });
      if (!preview.ok) throw new Error(JSON.stringify(preview.error));
      const { baseCommit, branchCommit } = preview.value;
      const merged = await host.api.merges.merge({ id, method, baseCommit, branchCommit, message: '' });
      expect(merged).toMatchObject({ ok: true });
      await host.until(id, (run) => run.merged?.method === method);
    });
  });

  it('while agents work: they go on, and are found again with their screens', async () => {
    const first = await world.startProcess();
    await first.open();
    const [id] = await first.spawn(shell);
    const { terminalId } = await first.until(id!, isSettled);
    await first.api.terminals.write({ id: terminalId!, data: 'echo be""fore; read x; echo "after $x"\r' });
    const before = first.watch(terminalId!);
    await until(
      () => before.text().includes('before'),
      () => before.text(),
    );
    await first.kill();
    host = await world.start();
    await host.open();
    await host.until(id!, (run) => run.status.kind !== 'exited' && run.presence.worktree);
    const screen = host.watch(terminalId!);
    await until(
      () => screen.text().includes('before'),
      () => screen.text(),
    );
    await host.api.terminals.write({ id: terminalId!, data: 'the crash\r' });
    await until(
      () => screen.text().includes('after the crash'),
      () => screen.text(),
    );
    expect(host.run(id!).status.kind).not.toBe('exited');
  });
});

describe('quit', () => {
  it.each([
    ['check-ref-format', 'check'],
    ['update-ref -m branch: Created', 'branch'],
    ['worktree add', 'worktree'],
    ['ls-files --others --ignored', 'copy'],
  ])('in the middle of %s, a run is taken back before the app has ended', async (words, stage) => {
    await world.repository.write('.worktreeinclude', '*.env\n');
    haltGit('after', words);
    host = await world.start();
    await host.open();
    const [id] = await host.spawn(shell);
    await git.reached();
    await host.until(id!, running(stage));
    const ended = host.end();
    git.goOn();
    await ended;
    expect(await world.branches()).toBe('main');
    await startAgain();
    expect(await leftOf(id!)).toEqual(nothing);
    expect(host.run(id!).status.detail).toContain('Switchyard was quit');
    expect(await retried(id!)).toMatchObject({
      status: { kind: 'working' },
      presence: { branch: true, worktree: true },
    });
  });
});
