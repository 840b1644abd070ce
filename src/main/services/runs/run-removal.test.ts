import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { AgentId, RunId, TerminalId } from '#shared/ids.ts';

import { TestRuns } from './test-runs.ts';

let test: TestRuns;
beforeEach(async () => {
  test = await TestRuns.create();
});
afterEach(async () => {
  await test.remove();
});

const working = (run: Run): boolean => run.status.kind === 'working';
const terminalOf = (id: RunId): TerminalId => `run-${id}` as TerminalId;
const teardown = { command: 'docker compose down', timeoutMilliseconds: 60_000 };

async function remove(id: RunId) {
  const plan = await test.runs.planRemoval({ id });
  return test.runs.remove({ id, fingerprint: plan.ok ? plan.value.fingerprint : '' });
}
const startedTeardown = () => test.terminals.started.find(({ args }) => args.includes(teardown.command));

describe('deleting a run', () => {
  it('runs the teardown command of the project first, in the worktree and with the run’s own ports', async () => {
    test.project = { ...test.project, teardown };
    const [id] = await test.spawn();
    const { worktreePath } = await test.until(id!, working);
    const agent = test.terminals.started[0]!;
    const removing = remove(id!);
    await until(() => startedTeardown() !== undefined);
    expect(startedTeardown()).toMatchObject({ cwd: worktreePath });
    expect(existsSync(worktreePath)).toBe(true);
    expect(startedTeardown()?.env['SWITCHYARD_PORT']).toMatch(/^\d+$/);
    expect(startedTeardown()?.env['SWITCHYARD_PORT']).toBe(agent.env['SWITCHYARD_PORT']);
    // It leaves a file behind: that is no work of anybody's.
    await writeFile(join(worktreePath, 'down.log'), 'down');
    test.terminals.exit(terminalOf(id!), 0);
    expect(await removing).toMatchObject({ ok: true, value: { note: null } });
    expect(existsSync(worktreePath)).toBe(false);
    // The next run gets the ports that were given back.
    const [next] = await test.spawn();
    await test.until(next!, working);
    expect(test.terminals.started.at(-1)?.env['SWITCHYARD_PORT']).toBe(agent.env['SWITCHYARD_PORT']);
  });

  it('says when the teardown command fails, and deletes the run all the same', async () => {
    test.project = { ...test.project, teardown };
    const [id] = await test.spawn();
    await test.until(id!, working);
    const removing = remove(id!);
    await until(() => startedTeardown() !== undefined);
    test.terminals.exit(terminalOf(id!), 4);
    expect(await removing).toMatchObject({
      ok: true,
      value: { note: 'The teardown command failed with exit code 4. Its output is in the terminal.' },
    });
    expect(test.runs.find(id!)).toBeUndefined();
  });

  it('runs no teardown command that is not allowed, nor one for a worktree that is gone', async () => {
    const [id] = await test.spawn();
    await test.until(id!, working);
    test.project = { ...test.project, teardown, isTrusted: false };
    expect(await remove(id!)).toMatchObject({ ok: true, value: { note: expect.stringContaining('not allowed') } });
    expect(startedTeardown()).toBeUndefined();
  });

  it('ends a teardown command that takes too long', async () => {
    test.project = { ...test.project, teardown: { ...teardown, timeoutMilliseconds: 50 } };
    const [id] = await test.spawn();
    await test.until(id!, working);
    expect(await remove(id!)).toMatchObject({
      ok: true,
      value: { note: 'The teardown command was stopped: it took longer than 1 minute.' },
    });
    expect(test.terminals.killed.at(-1)).toBe(terminalOf(id!));
  });
});

describe('the record of a run', () => {
  it('goes after its terminal: whoever is killed in between finds the run again, and with it what its agent said', async () => {
    const [id] = await test.spawn();
    await test.until(id!, working);
    const recorded: boolean[] = [];
    const removeTerminal = test.terminals.remove.bind(test.terminals);
    test.terminals.remove = (terminal) => {
      recorded.push(test.runs.find(id!) !== undefined);
      return removeTerminal(terminal);
    };
    expect(await remove(id!)).toMatchObject({ ok: true });
    expect(recorded).toEqual([true]);
    expect(test.runs.find(id!)).toBeUndefined();
  });
});

describe('what will not end', () => {
  it('keeps the worktree from being deleted, until it has ended', async () => {
    const [id] = await test.spawn();
    const { worktreePath } = await test.until(id!, working);
    test.terminals.survivors = [4711];
    const kept = await remove(id!);
    expect(kept).toMatchObject({ ok: false, error: { kind: 'failed', step: 'check' } });
    expect(JSON.stringify(kept)).toContain('4711');
    expect(JSON.stringify(kept)).toContain('Nothing was deleted');
    expect(existsSync(worktreePath)).toBe(true);
    // Its first process has ended, and the run counts as ended; the other one is there all the same.
    await test.until(id!, (run) => run.status.kind === 'exited');
    expect(await remove(id!)).toMatchObject({ ok: false, error: { kind: 'failed' } });
    expect(existsSync(worktreePath)).toBe(true);
    test.terminals.survivors = [];
    expect(await remove(id!)).toMatchObject({ ok: true });
  });

  it('keeps the worktree also when the teardown command has left it', async () => {
    test.project = { ...test.project, teardown };
    const [id] = await test.spawn();
    const { worktreePath } = await test.until(id!, working);
    const removing = remove(id!);
    await until(() => startedTeardown() !== undefined);
    test.terminals.survivors = [4711, 4712];
    test.terminals.exit(terminalOf(id!), 0);
    expect(await removing).toMatchObject({ ok: false, error: { kind: 'failed', step: 'check' } });
    expect(existsSync(worktreePath)).toBe(true);
  });

  it('keeps a spawn that failed from being taken back, and says so', async () => {
    test.project = { ...test.project, setup: { command: 'npm ci', timeoutMilliseconds: 60_000 } };
    const [id] = await test.spawn();
    await test.until(id!, (run) => run.stages.some((stage) => stage.id === 'setup' && stage.state === 'running'));
    test.terminals.survivors = [4711];
    test.terminals.exit(terminalOf(id!), 3);
    const run = await test.until(id!, ({ status }) => status.kind === 'failed');
    expect(run.status.detail).toContain('4711');
    expect(existsSync(run.worktreePath)).toBe(true);
  });

  it('is told to whoever stops the run', async () => {
    const [id] = await test.spawn();
    await test.until(id!, working);
    test.terminals.survivors = [4711];
    const stopped = await test.runs.stop({ id: id! });
    expect(stopped).toMatchObject({ ok: false, error: { kind: 'still-there' } });
    expect(JSON.stringify(stopped)).toContain('4711');
  });

  it('keeps another agent from being started beside it', async () => {
    const [id] = await test.spawn();
    await test.until(id!, working);
    test.terminals.exit(terminalOf(id!), 0);
    await test.until(id!, (run) => run.status.kind === 'exited');
    test.terminals.survivors = [4711];
    expect(await test.runs.restart({ id: id!, how: 'afresh' })).toMatchObject({ error: { kind: 'refused' } });
    const agentId = 'resumer' as AgentId;
    expect(await test.runs.continueWith({ id: id!, agentId, note: '' })).toMatchObject({ error: { kind: 'refused' } });
    expect(test.terminals.started).toHaveLength(1);
    expect(test.run(id!).agent.id).toBe('fake');
    // What can be ended is, before the agent is started again.
    test.terminals.survivors = [];
    test.terminals.killed.splice(0);
    expect(await test.runs.restart({ id: id!, how: 'afresh' })).toMatchObject({ ok: true });
    expect(test.terminals.killed).toEqual([terminalOf(id!)]);
  });
});
