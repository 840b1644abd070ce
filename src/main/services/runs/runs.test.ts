import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { AgentId, SpecSlug, TerminalId } from '#shared/ids.ts';

import { requestOf, TestRuns } from './test-runs.ts';

let test: TestRuns;
beforeEach(async () => {
  test = await TestRuns.create();
});
afterEach(async () => {
  await test.remove();
});

const branches = (): Promise<string> => test.repository.git('branch', '--format=%(refname:short)');
const working = (run: { status: { kind: string } }): boolean => run.status.kind === 'working';
const failed = (run: { status: { kind: string } }): boolean => run.status.kind === 'failed';

describe('spawning', () => {
  it('makes branch, worktree and terminal, and starts the agent with its prompt in its worktree', async () => {
    const [id] = await test.spawn();
    const run = await test.until(id!, working);
    expect(run.stages.map(({ id: stage, state }) => [stage, state])).toEqual([
      ['check', 'done'],
      ['branch', 'done'],
      ['worktree', 'done'],
      ['copy', 'skipped'],
      ['setup', 'skipped'],
      ['start', 'done'],
    ]);
    expect(existsSync(join(run.worktreePath, 'readme.md'))).toBe(true);
    expect(await branches()).toContain('feature/ai-toggles');
    expect(test.terminals.started).toMatchObject([
      { id: run.terminalId, command: 'fake-agent', args: ['Do toggles on feature/ai-toggles'], cwd: run.worktreePath },
    ]);
    expect(await test.runs.prompt({ id: id! })).toMatchObject({ ok: true, value: { version: 'v-toggles' } });
  });

  it('makes five specs with several variants at once, each on a branch of its own', async () => {
    const requests = ['one', 'two', 'three', 'four', 'five'].map((slug) =>
      requestOf({ slug: slug as SpecSlug, variants: 2 }),
    );
    const spawned = await test.runs.spawn({ projectId: test.projectId, requests });
    if (!spawned.ok) throw new Error('refused');
    // All of them have their terminal at once, also those that wait for their turn.
    expect([...test.terminals.terminals.keys()]).toEqual(spawned.value.map((id) => test.run(id).terminalId));
    const runs = await Promise.all(spawned.value.map((id) => test.until(id, working)));
    expect(new Set(runs.map((run) => run.branch)).size).toBe(10);
    expect(runs.map((run) => run.branch)).toContain('feature/ai-three-2');
    expect(await test.repository.git('worktree', 'list')).toContain('feature/ai-five-1');
  });

  it('records nothing when one of the requests cannot be made', async () => {
    const requests = [
      requestOf({}),
      requestOf({ slug: 'missing' as SpecSlug }),
      requestOf({ agentId: 'ghost' as AgentId }),
    ];
    expect(await test.runs.spawn({ projectId: test.projectId, requests })).toMatchObject({
      ok: false,
      error: {
        kind: 'refused',
        obstacles: ['There is no spec “missing”.', 'There is no agent “ghost” in the catalogue.'],
      },
    });
    expect(await branches()).toBe('main');
  });

  it('takes branch and worktree back when the setup command fails, and says where it failed', async () => {
    test.project = { ...test.project, setup: { command: 'npm ci', timeoutMilliseconds: 60_000 } };
    const [id] = await test.spawn();
    await test.until(id!, (run) => run.stages.some((stage) => stage.id === 'setup' && stage.state === 'running'));
    test.terminals.exit(`run-${id!}` as TerminalId, 3);
    const run = await test.until(id!, failed);
    expect(run.stages.find((stage) => stage.state === 'failed')).toMatchObject({ id: 'setup' });
    expect(run.status.detail).toContain('exit code 3');
    expect(existsSync(run.worktreePath)).toBe(false);
    expect(await branches()).toBe('main');
  });

  it('cancels a setup that is under way, and leaves nothing half made', async () => {
    test.project = { ...test.project, setup: { command: 'sleep', timeoutMilliseconds: 60_000 } };
    const [id] = await test.spawn();
    await test.until(id!, (run) => run.stages.some((stage) => stage.id === 'setup' && stage.state === 'running'));
    expect(await test.runs.stop({ id: id! })).toMatchObject({ ok: true });
    const run = await test.until(id!, failed);
    expect(run.status.detail).toContain('Cancelled');
    expect(test.terminals.killed).toEqual([run.terminalId]);
    expect(existsSync(run.worktreePath)).toBe(false);
    expect(await branches()).toBe('main');
  });

  it('cancels one that waits for its turn at once, while the others’ setup goes on', async () => {
    test.project = { ...test.project, setup: { command: 'sleep', timeoutMilliseconds: 60_000 } };
    const requests = ['one', 'two', 'three', 'four', 'five', 'six'].map((slug) =>
      requestOf({ slug: slug as SpecSlug }),
    );
    const spawned = await test.runs.spawn({ projectId: test.projectId, requests });
    if (!spawned.ok) throw new Error('refused');
    const [fifth, sixth] = spawned.value.slice(4);
    const preparing = spawned.value.slice(0, 4);
    await Promise.all(preparing.map((id) => test.until(id, ({ stages }) => stages[4]?.state === 'running')));
    expect(await test.runs.stop({ id: fifth! })).toMatchObject({ ok: true });
    const run = await test.until(fifth!, failed);
    expect(run.status.detail).toContain('Cancelled');
    // One that is deleted does not wait either.
    const plan = await test.runs.planRemoval({ id: sixth! });
    if (!plan.ok) throw new Error('missing');
    await test.runs.remove({ id: sixth!, fingerprint: plan.value.fingerprint });
    expect(test.runs.find(sixth!)).toBeUndefined();
    expect(preparing.map((id) => test.run(id).status.kind)).toEqual(preparing.map(() => 'preparing'));
    expect(await branches()).not.toMatch(/five|six/);
  });

  it('refuses to run a setup command that is not trusted', async () => {
    test.project = {
      ...test.project,
      setup: { command: 'rm -rf /', timeoutMilliseconds: 1 },
      needsTrust: true,
      isTrusted: false,
    };
    const answer = await test.runs.spawn({ projectId: test.projectId, requests: [requestOf({})] });
    expect(answer).toMatchObject({ ok: false, error: { kind: 'not-trusted' } });
    expect(test.terminals.started).toEqual([]);
  });

  it('makes a failed spawn again, from the start', async () => {
    test.terminals.refuseStart = 'there is no such program';
    const [id] = await test.spawn();
    const run = await test.until(id!, failed);
    expect(run.status.detail).toContain('there is no such program');
    expect(existsSync(run.worktreePath)).toBe(false);
    test.terminals.refuseStart = null;
    expect(await test.runs.retry({ id: id! })).toMatchObject({ ok: true });
    await test.until(id!, working);
  });
});

describe('a branch that is not ours', () => {
  it('survives a spawn that failed because of it, and the deletion of that run', async () => {
    const answer = await test.runs.spawn({ projectId: test.projectId, requests: [requestOf({ branch: 'precious' })] });
    if (!answer.ok) throw new Error('refused');
    const id = answer.value[0]!;
    // The person makes a branch of that name in the same moment; whoever comes first has it.
    await test.repository.git('branch', '-f', 'precious').catch(() => undefined);
    await test.until(id, (run) => working(run) || failed(run));

    await test.repository.git('branch', 'mine');
    await test.repository.git('worktree', 'add', '-q', `${test.repository.path}-mine`, 'mine');
    await test.repository.write(`${test.repository.path}-mine/work.txt`, 'a day of work\n');
    const second = await test.runs.spawn({ projectId: test.projectId, requests: [requestOf({ branch: 'mine' })] });
    if (!second.ok) throw new Error('refused: the plan knew of the branch, which this test does not want');
    const run = await test.until(second.value[0]!, failed);
    const plan = await test.runs.planRemoval({ id: run.id });
    if (!plan.ok) throw new Error('missing');
    expect(plan.value).toMatchObject({ uncommittedFiles: [], unmergedCommits: [] });
    expect(await test.runs.remove({ id: run.id, fingerprint: plan.value.fingerprint })).toMatchObject({ ok: true });
    expect(await branches()).toContain('mine');
    expect(existsSync(`${test.repository.path}-mine/work.txt`)).toBe(true);
  });
});

describe('a message to a run', () => {
  it('is not counted as sent where its agent does not read what is typed', async () => {
    const [id] = await test.spawn();
    await test.until(id!, working);
    test.terminals.readsInput = false;
    expect(await test.runs.send({ id: id!, text: 'hello' })).toEqual({ ok: false, error: { kind: 'not-read' } });
  });
});

describe('deleting a run', () => {
  it('shows what would be lost, refuses when more would be lost than was shown, and can be undone', async () => {
    const [id] = await test.spawn();
    const { worktreePath, branch } = await test.until(id!, working);
    const first = await test.runs.planRemoval({ id: id! });
    if (!first.ok) throw new Error('missing');
    expect(first.value).toMatchObject({ processIsRunning: true, uncommittedFiles: [] });

    await test.repository.write(join(worktreePath, 'new.txt'), 'not committed\n');
    const refused = await test.runs.remove({ id: id!, fingerprint: first.value.fingerprint });
    expect(refused).toMatchObject({
      ok: false,
      error: { kind: 'more-would-be-lost', plan: { uncommittedFiles: ['new.txt'] } },
    });
    expect(test.terminals.killed).toEqual([]);

    const second = await test.runs.planRemoval({ id: id! });
    if (!second.ok) throw new Error('missing');
    const removed = await test.runs.remove({ id: id!, fingerprint: second.value.fingerprint });
    if (!removed.ok) throw new Error(JSON.stringify(removed.error));
    expect(test.runs.find(id!)).toBeUndefined();
    expect(existsSync(worktreePath)).toBe(false);
    expect(await branches()).toBe('main');

    const restored = await test.runs.restoreSnapshot({ projectId: test.projectId, ref: removed.value.snapshot! });
    expect(restored).toMatchObject({ ok: true, value: { branch } });
    expect(existsSync(join(worktreePath, 'new.txt'))).toBe(true);
  });

  it('brings the run itself back with its branch, decision and prompt, also after the host was closed meanwhile', async () => {
    const [id] = await test.spawn();
    const { branch, promptVersion } = await test.until(id!, working);
    await test.runs.decide({ id: id!, decision: 'modify', reason: 'Too long' });
    const plan = await test.runs.planRemoval({ id: id! });
    if (!plan.ok) throw new Error('missing');
    const removed = await test.runs.remove({ id: id!, fingerprint: plan.value.fingerprint });
    if (!removed.ok) throw new Error(JSON.stringify(removed.error));
    await test.reopen();
    expect(test.runs.find(id!)).toBeUndefined();

    await test.runs.restoreSnapshot({ projectId: test.projectId, ref: removed.value.snapshot! });
    const run = await test.until(id!, ({ presence }) => presence.branch && presence.worktree);
    expect(run).toMatchObject({
      branch,
      promptVersion,
      status: { kind: 'exited', source: 'restored' },
      decision: { kind: 'modify', reason: 'Too long' },
    });
    await test.reopen();
    expect(test.run(id!).branch).toBe(branch);
    expect(await test.runs.restart({ id: id!, how: 'afresh' })).toMatchObject({ ok: true });
    expect(test.run(id!).status.kind).toBe('working');
  });
});

describe('after the host was closed', () => {
  it('has every run as it was, and hears of what ended meanwhile', async () => {
    const [first] = await test.spawn();
    const [second] = await test.spawn({ slug: 'history' as SpecSlug });
    await test.until(first!, working);
    await test.until(second!, working);
    await test.runs.decide({ id: second!, decision: 'keep', reason: ' good ' });
    const terminalId = test.run(first!).terminalId!;
    test.runs.dispose();
    test.terminals.exit(terminalId, 0);
    await test.reopen();
    expect(test.run(first!).status).toMatchObject({ kind: 'exited', detail: 'exit 0' });
    expect(test.run(second!)).toMatchObject({
      status: { kind: 'working' },
      decision: { kind: 'keep', reason: 'good' },
    });
  });

  it('says of a run that was being made that it was cut off, and makes it again on demand', async () => {
    test.project = { ...test.project, setup: { command: 'sleep', timeoutMilliseconds: 60_000 } };
    const [id] = await test.spawn();
    await test.until(id!, (run) => run.stages.some((stage) => stage.id === 'setup' && stage.state === 'running'));
    await test.reopen();
    expect(test.run(id!).status).toMatchObject({ kind: 'failed' });
    expect(await branches()).toBe('main');
    test.project = { ...test.project, setup: null };
    expect(await test.runs.retry({ id: id! })).toMatchObject({ ok: true });
    await test.until(id!, working);
  });

  it('says of a terminal that is gone that it is gone, and starts the agent again in the same worktree', async () => {
    const [id] = await test.spawn({ agentId: 'resumer' as AgentId });
    const { worktreePath } = await test.until(id!, working);
    test.terminals.terminals.clear();
    await test.reopen();
    expect(test.run(id!).status).toMatchObject({ kind: 'exited', source: 'restored' });
    expect(await test.runs.restart({ id: id!, how: 'resume' })).toMatchObject({ ok: true });
    expect(test.terminals.started.at(-1)).toMatchObject({ args: ['--resume', 'session-1'], cwd: worktreePath });
  });
});

describe('what Git says', () => {
  it('tells a merge that was made by hand, and takes it back when it is undone by hand', async () => {
    const [id] = await test.spawn();
    const { worktreePath, branch } = await test.until(id!, working);
    await test.repository.write(join(worktreePath, 'work.ts'), 'export {};\n');
    await test.repository.commit('Work', worktreePath);
    test.runs.refresh(test.projectId, null);
    await test.until(id!, (run) => run.changes?.commits === 1);
    await test.repository.git('merge', '-q', '--no-ff', '-m', 'by hand', branch);
    test.runs.refresh(test.projectId, null);
    const run = await test.until(id!, ({ merged }) => merged !== null);
    expect(run.merged).toMatchObject({ into: 'main', method: 'outside' });
    await test.repository.git('reset', '-q', '--hard', 'HEAD~1');
    test.runs.refresh(test.projectId, null);
    await test.until(id!, ({ merged }) => merged === null);
  });

  it('shows a worktree that somebody deleted, and keeps the run', async () => {
    const [id] = await test.spawn();
    const { worktreePath } = await test.until(id!, working);
    await test.repository.git('worktree', 'remove', '--force', '--force', worktreePath);
    test.runs.refresh(test.projectId, null);
    const run = await test.until(id!, ({ presence }) => !presence.worktree);
    expect(run.presence).toEqual({ branch: true, worktree: false });
    expect(await test.runs.forget({ id: id! })).toMatchObject({ ok: false, error: { kind: 'still-there' } });
  });
});
