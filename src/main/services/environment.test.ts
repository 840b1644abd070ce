import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { AgentId, RunId } from '#shared/ids.ts';

import { TestWorld, type TestHost } from './test-host.ts';

/* What a run's programs are given, together: real worktrees, real terminals, the files that are left on disk. */

const secret = 'sk-live-9f86d081884c7d65';
const shell = { agentId: 'shell' as AgentId };

let world: TestWorld;
let host: TestHost;
beforeEach(async () => {
  world = await TestWorld.create();
  Object.assign(process.env, { SERVICE_API_KEY: secret, PLAIN_SETTING: 'visible' });
  await world.writeSpec('one', { 'one.txt': 'one\n' });
  await world.writeSpec('two', { 'two.txt': 'two\n' });
});
afterEach(async () => {
  await world.remove();
});

async function begin(config: string): Promise<void> {
  await world.writeConfig(config);
  host = await world.start();
  const { trust } = await host.open();
  if (trust.kind === 'asks') {
    await host.api.projects.trust({ projectId: host.project.id, fingerprint: trust.fingerprint });
    await host.open();
  }
}

const isThere = (run: { status: { kind: string } }): boolean =>
  ['working', 'idle', 'waiting'].includes(run.status.kind);
const fileOf = (id: RunId, name: string): string => join(host.run(id).worktreePath, name);

/** Everything under a folder, as text. */
function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('the environment of runs', () => {
  it('has ports that no other run has, the same for setup, agent and teardown, and given back at the end', async () => {
    await begin(
      `setup: echo "$SWITCHYARD_PORT $SWITCHYARD_PORT_9 $SWITCHYARD_BRANCH" > setup.env\nteardown: echo "$SWITCHYARD_PORT" > "$SWITCHYARD_PROJECT/../down-$SWITCHYARD_PORT"\n`,
    );
    const ids = await host.spawn({ ...shell, slug: 'one' as never }, { ...shell, slug: 'two' as never });
    for (const id of ids) await host.until(id, isThere);
    const told = ids.map((id) => readFileSync(fileOf(id, 'setup.env'), 'utf8').trim().split(' '));
    expect(told[0]?.[2]).toBe(host.run(ids[0]!).branch);
    const firsts = told.map(([first]) => Number(first));
    expect(firsts[0]).not.toBe(firsts[1]);
    expect(told.map(([first, last]) => Number(last) - Number(first))).toEqual([9, 9]);

    const { terminalId } = host.run(ids[0]!);
    const seen = host.watch(terminalId!);
    await host.api.terminals.write({ id: terminalId!, data: 'echo "port=$SWITCHYARD_PORT."\r' });
    await until(() => seen.text().includes(`port=${String(firsts[0])}.`));
    await host.discard(ids[0]!);
    expect(existsSync(world.at(`down-${String(firsts[0])}`))).toBe(true);
    const [next] = await host.spawn({ ...shell, slug: 'one' as never });
    await host.until(next!, isThere);
    expect(readFileSync(fileOf(next!, 'setup.env'), 'utf8')).toContain(String(firsts[0]));
  });

  it('keeps secrets out of the log, the prompts and the database', async () => {
    await begin('setup: test -n "$SERVICE_API_KEY"\n');
    const [id] = await host.spawn({ slug: 'one' as never });
    await host.finished(id!);
    const state = everythingIn(world.stateFolder());
    const database = everythingIn(join(world.repository.path, '.git', 'switchyard'));
    expect(state.length).toBeGreaterThan(0);
    expect(database.length).toBeGreaterThan(0);
    expect(state).not.toContain(secret);
    expect(database).not.toContain(secret);
  });

  it('reaches agents only as far as the person allows', async () => {
    await begin('setup: env > all.env\n');
    await host.api.host.updateSettings({ environmentNames: ['PLAIN_*'] });
    const [id] = await host.spawn(shell);
    await host.until(id!, isThere);
    const given = readFileSync(fileOf(id!, 'all.env'), 'utf8');
    expect(given).toContain('PLAIN_SETTING=visible');
    expect(given).toMatch(/^PATH=/m);
    expect(given).toMatch(/^SWITCHYARD_PORT=\d+$/m);
    expect(given).not.toContain(secret);
  });

  it('can be stopped as a whole and go on, also by a host that was started meanwhile', async () => {
    await begin('');
    const [id] = await host.spawn(shell);
    const { terminalId } = await host.until(id!, isThere);
    const count = 'n=0; while :; do n=$((n+1)); echo $n > count; sleep 0.05; done\r';
    await host.api.terminals.write({ id: terminalId!, data: count });
    const counted = (): string => (existsSync(fileOf(id!, 'count')) ? readFileSync(fileOf(id!, 'count'), 'utf8') : '');
    await until(() => counted() !== '');
    expect(await host.api.runs.pause({ id: id! })).toEqual({ ok: true, value: undefined });
    await host.until(id!, (run) => run.pausedSince !== null);

    await host.end();
    host = await world.start();
    await host.open();
    await host.until(id!, (run) => run.pausedSince !== null);
    const stopped = counted();
    const [spare] = await host.spawn({ ...shell, slug: 'two' as never });
    await host.until(spare!, isThere);
    expect(counted()).toBe(stopped);
    expect(await host.api.runs.unpause({ id: id! })).toEqual({ ok: true, value: undefined });
    await until(() => counted() !== stopped);
    await host.until(id!, (run) => run.pausedSince === null);
  });
});
