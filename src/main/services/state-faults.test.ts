import { existsSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { AgentId, RunId } from '#shared/ids.ts';

import { requestOf, TestWorld, type TestHost } from './test-host.ts';

/* What is kept about runs is lost, broken, locked or taken: work goes on, nothing of it is touched, and it is said. */

let world: TestWorld;
let host: TestHost;
beforeEach(async () => {
  world = await TestWorld.create();
  await world.writeSpec('one', { 'one.txt': 'one\n' });
});
afterEach(async () => {
  await world.remove();
});

const database = (): string => `${world.repository.path}/.git/switchyard/state.db`;
const shell = { agentId: 'shell' as AgentId };

async function workingRun(): Promise<RunId> {
  host = await world.start();
  await host.open();
  const [id] = await host.spawn(shell);
  await host.until(id!, (run) => run.status.kind !== 'queued' && run.status.kind !== 'preparing');
  return id!;
}

describe('before a project is opened', () => {
  it('refuses a record of a newer version with a kind of its own, and leaves it alone', async () => {
    mkdirSync(`${world.repository.path}/.git/switchyard`);
    const newer = new DatabaseSync(database());
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    host = await world.start();
    const refused = { ok: false, error: { kind: 'newer-state', path: database() } };
    expect(await host.api.projects.open({ path: world.repository.path })).toEqual(refused);
    // Refused as well when it is asked again: no half of it has stayed open.
    expect(await host.api.projects.open({ path: world.repository.path })).toEqual(refused);
    rmSync(database());
    await host.open();
    expect(host.faults).toEqual([]);
  });

  it('puts a record aside that is broken, says so, and touches no worktree', async () => {
    const id = await workingRun();
    const { worktreePath, branch } = host.run(id);
    await host.end();
    truncateSync(database(), 9000);
    host = await world.start();
    await host.open();
    await until(() => host.faults.length > 0, 'it is said');
    expect(host.faults[0]?.message).toContain('state.db.broken-');
    expect(host.runs.size).toBe(0);
    expect(existsSync(worktreePath)).toBe(true);
    expect(await world.branches()).toContain(branch);
  });

  it('does not take a record that cannot be opened just now for a broken one', async () => {
    const id = await workingRun();
    await host.end();
    // As on a full disk: SQLite cannot make the file that it needs beside the record.
    mkdirSync(`${database()}-wal`);
    writeFileSync(`${database()}-wal/in the way`, '');
    host = await world.start();
    expect(await host.api.projects.open({ path: world.repository.path })).toMatchObject({
      ok: false,
      error: { kind: 'state-unusable', path: database() },
    });
    rmSync(`${database()}-wal`, { recursive: true });
    await host.open();
    expect(host.run(id).presence).toEqual({ branch: true, worktree: true });
    expect(host.faults).toEqual([]);
  });

  it('is refused while another installation has the project open', async () => {
    const id = await workingRun();
    const other = await world.start('other-state');
    expect(await other.api.projects.open({ path: world.repository.path })).toEqual({
      ok: false,
      error: { kind: 'open-elsewhere', path: world.repository.path },
    });
    expect(host.run(id).status.kind).not.toBe('exited');
    await host.end();
    await other.open();
    const run = await other.until(id, ({ status }) => status.source === 'restored');
    expect(run).toMatchObject({ status: { kind: 'exited' }, presence: { branch: true, worktree: true } });
  });
});

describe('while a project is open', () => {
  it('goes on when the record was deleted, and has it again at the next start', async () => {
    const id = await workingRun();
    for (const suffix of ['', '-wal', '-shm']) rmSync(database() + suffix, { force: true });
    expect(await host.api.runs.decide({ id, decision: 'keep', reason: 'good' })).toMatchObject({ ok: true });
    await host.end();
    host = await world.start();
    await host.open();
    expect(host.run(id)).toMatchObject({ decision: { kind: 'keep' }, presence: { branch: true, worktree: true } });
  });

  it('goes on when the record cannot be written, says so once, refuses to spawn, and catches up later', async () => {
    const id = await workingRun();
    const blocker = new DatabaseSync(database());
    blocker.exec('BEGIN IMMEDIATE');
    expect(await host.api.runs.decide({ id, decision: 'keep', reason: 'good' })).toMatchObject({ ok: true });
    await host.until(id, (run) => run.decision.kind === 'keep');
    expect(await host.api.terminals.write({ id: host.run(id).terminalId!, data: 'exit\r' })).toMatchObject({
      ok: true,
    });
    await host.until(id, (run) => run.status.kind === 'exited');
    const refused = await host.api.runs.spawn({ projectId: host.project.id, requests: [requestOf(shell)] });
    expect(refused).toMatchObject({ ok: false, error: { kind: 'refused' } });
    expect(host.faults.length).toBe(1);
    blocker.exec('ROLLBACK');
    blocker.close();
    await host.spawn(shell);
    await host.end();
    host = await world.start();
    await host.open();
    expect(host.run(id)).toMatchObject({ decision: { kind: 'keep' }, status: { kind: 'exited' } });
  });

  it('goes on when the record is cut off under it', async () => {
    const id = await workingRun();
    truncateSync(database(), 0);
    expect(await host.api.runs.decide({ id, decision: 'keep', reason: 'good' })).toMatchObject({ ok: true });
    await host.api.terminals.write({ id: host.run(id).terminalId!, data: 'exit\r' });
    await host.until(id, (run) => run.status.kind === 'exited' && run.decision.kind === 'keep');
    const { worktreePath } = host.run(id);
    await host.end();
    host = await world.start();
    await host.open();
    expect(existsSync(worktreePath)).toBe(true);
  });
});
