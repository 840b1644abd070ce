import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import { dialPtyHost } from '#main/ptyhost/dial.ts';
import { hostFiles } from '#main/ptyhost/host-files.ts';
import { TestFollower } from '#main/ptyhost/test-follower.ts';
import type { AgentId, RunId, TerminalId } from '#shared/ids.ts';

import { TestWorld, type TestHost } from './test-host.ts';

/* Whatever is killed, at whatever moment: what an agent has shown is there again, exactly. */

/**
 * An agent that works whenever it is sent a line: prints much, in colours and wide characters, sets its title, and comes to
 * rest (fewer lines in all than a terminal keeps) on the alternate screen with mouse, paste and focus reports on and the cursor hidden, somewhere in the middle.
 */
const agent = `#!/bin/sh
echo "ready $$"
turn=0
while read -r word; do
  turn=$((turn+1))
  printf '\\033[?1049l'
  i=0
  while [ $i -lt 300 ]; do
    i=$((i+1))
    printf '\\033[3%dmturn %d line %d 日本 👍\\033[m\\n' $((i % 8)) $turn $i
    [ $((i % 25)) = 0 ] && sleep 0.02
  done
  printf '\\033]0;turn %d\\007\\033[?1049h\\033[?1003h\\033[?1006h\\033[?2004h\\033[?1004h\\033[?25l\\033[7;11H\\033[1;4mdone %d %s' $turn $turn "$word"
done
`;

/** Numbers from 0 to 1 that look random and are the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

let world: TestWorld;
beforeEach(async () => {
  world = await TestWorld.create();
  writeFileSync(world.at('agent'), agent, { mode: 0o755 });
  await world.writeSpec('one', { 'one.txt': 'one\n' });
  await world.writeSpec('two', { 'two.txt': 'two\n' });
});
afterEach(async () => {
  await world.remove();
});

interface Agent {
  id: RunId;
  terminalId: TerminalId;
  pid: number;
  /** Sees the terminal at the pty host itself, past the app that is killed. */
  witness: TestFollower;
}

async function startAgents(host: TestHost): Promise<readonly Agent[]> {
  await host.open();
  const shell = { agentId: 'shell' as AgentId };
  const ids = await host.spawn({ ...shell, slug: 'one' as never }, { ...shell, slug: 'two' as never });
  const dialled = await dialPtyHost(world.stateFolder(), (_path, message) => expect.fail(message));
  if (!dialled.ok) throw new Error(dialled.error.kind);
  const agents: Agent[] = [];
  for (const id of ids) {
    const { terminalId } = await host.until(id, ({ status }) => status.kind === 'working' || status.kind === 'idle');
    const witness = new TestFollower(dialled.value.api.terminals, terminalId!, `witness-${id}`);
    await host.api.terminals.write({ id: terminalId!, data: `exec ${world.at('agent')}\r` });
    await until(() => /^ready \d+$/m.test(witness.text()), 'the agent is ready');
    const pid = Number(/^ready (\d+)$/m.exec(witness.text())?.[1]);
    agents.push({ id, terminalId: terminalId!, pid, witness });
  }
  return agents;
}

const send = (host: TestHost, { terminalId }: Agent, word: string) =>
  host.api.terminals.write({ id: terminalId, data: `${word}\r` });

describe('the app, killed while its agents work', () => {
  it('loses none of them, and shows each exactly as it is, whenever that was', async () => {
    const next = random(7);
    let host = await world.startProcess();
    const agents = await startAgents(host);
    for (let kill = 1; kill <= 5; kill++) {
      for (const each of agents) expect(await send(host, each, `word-${String(kill)}`)).toEqual({ ok: true });
      await new Promise((resolve) => setTimeout(resolve, next() * 800));
      await host.kill();
      host = await world.startProcess();
      await host.open();
      for (const { id, terminalId, pid, witness } of agents) {
        const page = new TestFollower(host.api.terminals, terminalId, `page-${String(kill)}`);
        await until(() => witness.text().includes(`done ${String(kill)} word-${String(kill)}`), 'the turn is done');
        await until(
          () => page.text(1).includes('done') && JSON.stringify(page.shown()) === JSON.stringify(witness.shown()),
          () => `the page shows ${JSON.stringify(page.shown())} where there is ${JSON.stringify(witness.shown())}`,
        );
        expect(page.shown()).toMatchObject({ title: `turn ${String(kill)}`, exit: null });
        for (const mode of ['1049', '1003', '1006', '2004', '1004']) {
          expect(page.shown()?.screen).toContain(mode === '1049' ? '\x1b[?1047h' : `\x1b[?${mode}h`);
        }
        expect(page.shown()?.screen).toContain(`turn ${String(kill)} line 300 日本 👍`);
        expect(isAlive(pid)).toBe(true);
        await host.until(id, ({ status }) => status.kind !== 'exited' && status.kind !== 'failed');
        page.dispose();
      }
    }
    await host.end();
  });
});

describe('the app, killed while it checks', () => {
  it('ends what was left of the checks as soon as it is there again, says of none that it passed, and lets agents go on', async () => {
    const left = world.at('left');
    await world.writeConfig(
      `gates:\n  - id: slow\n    run: echo $$ > '${left}.new' && mv '${left}.new' '${left}' && sleep 600\n`,
    );
    let host = await world.startProcess();
    const [agent] = await startAgents(host);
    const { trust } = host.project;
    if (trust.kind === 'asks') {
      await host.api.projects.trust({ projectId: host.project.id, fingerprint: trust.fingerprint });
    }
    expect(await host.api.gates.start({ id: agent!.id, checks: ['gate:slow'], again: false })).toMatchObject({
      ok: true,
    });
    await until(() => existsSync(left), 'the gate runs');
    const pid = Number(readFileSync(left, 'utf8'));
    await host.kill();
    expect(isAlive(pid)).toBe(true);

    host = await world.startProcess();
    await until(() => !isAlive(pid), 'what was left of the check ends');
    expect(isAlive(agent!.pid)).toBe(true);
    await host.open();
    let state = '';
    host.api.gates.onDidChange(host.project.id, (feed) => {
      if (feed.kind === 'changed' && feed.run.runId === agent!.id) state = JSON.stringify(feed.run.checks);
    });
    await until(() => state.includes('gate:slow'), 'the checks are told');
    expect(JSON.parse(state)).toMatchObject([{ id: 'gate:slow', state: 'not-run', evidence: null }]);
    await host.end();
  });
});

describe('the pty host, killed while agents work', () => {
  it('takes them with it, and nothing else: what was kept is shown, said, and can be started again', async () => {
    const host = await world.start();
    const agents = await startAgents(host);
    const [first] = agents;
    const file = (terminalId: TerminalId): string =>
      join(hostFiles(world.stateFolder()).screens, `${terminalId}.screen`);
    for (const each of agents) await send(host, each, 'word');
    for (const { terminalId, witness } of agents) {
      await until(() => witness.text().includes('done 1 word'));
      await until(() => existsSync(file(terminalId)) && readFileSync(file(terminalId), 'utf8').includes('done 1 word'));
    }
    const { worktreePath, branch, promptVersion } = host.run(first!.id);
    writeFileSync(join(worktreePath, 'written.txt'), 'by the agent\n');
    await host.api.runs.decide({ id: first!.id, decision: 'modify', reason: 'not yet' });
    const seen = first!.witness.shown();

    const pid = world.ptyHostPid()!;
    process.kill(pid, 'SIGKILL');
    for (const { id, pid: agentPid } of agents) {
      const run = await host.until(id, ({ status }) => status.kind === 'exited');
      expect(run.status).toMatchObject({
        source: 'restored',
        detail: expect.stringMatching(/terminal host ended while it ran.*last screen was kept/) as string,
      });
      await until(() => !isAlive(agentPid), 'the system has hung up on it');
    }
    expect(host.run(first!.id)).toMatchObject({
      worktreePath,
      branch,
      promptVersion,
      decision: { kind: 'modify', reason: 'not yet' },
      presence: { branch: true, worktree: true },
    });
    expect(readFileSync(join(worktreePath, 'written.txt'), 'utf8')).toBe('by the agent\n');
    expect(host.faults).toEqual([]);
    const page = new TestFollower(host.api.terminals, first!.terminalId, 'page');
    await until(() => page.shown() !== null);
    expect(page.shown()).toMatchObject({ title: 'turn 1', exit: { lost: { cause: 'host' } } });
    expect(page.shown()?.screen).toBe(seen?.screen);

    expect(await host.api.runs.restart({ id: first!.id, how: 'afresh' })).toEqual({ ok: true });
    await host.until(first!.id, ({ status }) => status.kind === 'working' || status.kind === 'idle');
    await host.api.terminals.write({ id: first!.terminalId, data: 'echo a""gain\r' });
    await until(() => page.text().includes('again'));
    expect(page.text()).toContain('turn 1 line 300');
  });
});
