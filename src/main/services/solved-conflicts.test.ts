import { chmodSync, writeFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { Solver } from '#shared/contract/conflicts.ts';
import type { RunChecks } from '#shared/contract/gates.ts';
import type { AgentId, RunId, SpecSlug } from '#shared/ids.ts';

import { TestWorld, type TestHost } from './test-host.ts';

/* Two specs whose runs collide, and agents that are asked to bring them together: real agents, worktrees, checks and merges. */

/** Merges what it is told to, and then writes into the file in conflict what it is called with. */
const solver = `#!/usr/bin/env node
const { execFileSync } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const git = (...args) => execFileSync('git', args, { stdio: 'ignore' });
const obey = (text) => {
  for (const [, branch] of text.matchAll(/run: git merge (\\S+)/gi)) {
    try { git('merge', '--no-edit', branch); } catch {
      writeFileSync('colours.txt', process.argv[2] + '\\n');
      git('commit', '-qam', 'Merge ' + branch);
    }
  }
  console.log('done');
};
obey(process.argv.slice(3).join('\\n'));
process.stdin.setRawMode(true);
process.stdout.write('\\x1b[?2004h');
let typed = '';
process.stdin.on('data', (data) => {
  typed += data;
  const paste = /\\x1b\\[200~([^]*?)\\x1b\\[201~\\r/.exec(typed);
  if (!paste) return;
  typed = '';
  obey(paste[1]);
});
`;

let world: TestWorld;
let host: TestHost;
const checks = new Map<RunId, RunChecks>();

beforeEach(async () => {
  world = await TestWorld.create();
  checks.clear();
  const program = world.at('solver');
  writeFileSync(program, solver);
  chmodSync(program, 0o755);
  const agent = (id: string, word: string): string =>
    `  - { id: ${id}, label: ${id}, command: ${program}, args: [${word}] }\n`;
  await world.writeConfig(`agents:\n${agent('both', 'red and blue')}${agent('one-sided', 'red')}`);
  for (const colour of ['red', 'blue']) {
    const acceptance = `[{ id: seen, text: It is ${colour}., check: grep -q ${colour} colours.txt }]`;
    await world.writeSpec(colour, { 'colours.txt': `${colour}\n` }, { acceptance });
  }
  await world.repository.commit('Plan the colours');
  host = await world.start();
  const project = await host.open();
  if (project.trust.kind === 'asks') {
    await host.api.projects.trust({ projectId: project.id, fingerprint: project.trust.fingerprint });
    await host.open();
  }
  host.api.gates.onDidChange(host.project.id, (push) => {
    if (push.kind === 'changed') checks.set(push.run.runId, push.run);
  });
});
afterEach(async () => {
  await world.remove();
});

const merge = async (id: RunId) => {
  await host.api.runs.decide({ id, decision: 'keep', reason: '' });
  const preview = await host.api.merges.preview({ id, method: 'merge' });
  if (!preview.ok) throw new Error(JSON.stringify(preview.error));
  const { baseCommit, branchCommit, message } = preview.value;
  return host.api.merges.merge({ id, method: 'merge', baseCommit, branchCommit, message });
};

/** Blue is merged; red does not merge then. */
async function collide(): Promise<{ blue: RunId; red: RunId }> {
  const [blue, red] = await host.spawn({ slug: 'blue' as SpecSlug }, { slug: 'red' as SpecSlug });
  await host.finished(blue!);
  await host.finished(red!);
  expect(await merge(blue!)).toMatchObject({ ok: true });
  expect(await merge(red!)).toMatchObject({ error: { kind: 'conflicts' } });
  return { blue: blue!, red: red! };
}

async function ask(id: RunId, to: Solver): Promise<RunId> {
  const brief = await host.api.conflicts.brief({ id, to: to.kind });
  if (!brief.ok) throw new Error(JSON.stringify(brief.error));
  const asked = await host.api.conflicts.ask({ id, text: brief.value.text, to });
  if (!asked.ok) throw new Error(JSON.stringify(asked.error));
  return asked.value.run;
}

/** The branch holds both sides' commits, and nothing of them is uncommitted. */
const hasBoth = (id: RunId, red: RunId): Promise<void> =>
  until(async () => {
    const { branch, stages } = host.run(id);
    if (stages.find(({ id: stage }) => stage === 'start')?.state !== 'done') return false;
    const missing = await world.repository.git('rev-list', '--count', 'main', host.run(red).branch, `^${branch}`);
    return missing.trim() === '0' && host.run(id).changes?.uncommitted === 0;
  }, 'both sides are on the branch');

/** Runs what it has to hold until each check has come to an end on the present state. */
async function checked(id: RunId): Promise<readonly string[]> {
  await host.api.gates.start({ id, checks: null, again: false });
  const states = (): readonly string[] =>
    (checks.get(id)?.checks ?? []).map(({ title, otherSpec, state, isStale }) =>
      [title, otherSpec ?? 'its own', isStale ? 'stale' : state].join(' '),
    );
  await until(
    () => states().length === 2 && states().every((state) => /passed$|failed$/u.test(state)),
    () => states().join('\n'),
  );
  return states();
}

const agent = (id: string): AgentId => id as AgentId;

describe('a conflict that an agent is asked to solve', () => {
  it('is solved by a run of its own, which holds what both sides promise and brings the branch in', async () => {
    const { red } = await collide();
    const tip = await world.repository.git('rev-parse', host.run(red).branch);
    const id = await ask(red, { kind: 'new', agentId: agent('both') });
    expect(id).not.toBe(red);
    await hasBoth(id, red);
    expect(host.run(id)).toMatchObject({ spec: { slug: 'red' }, base: 'main', alsoHolds: ['blue'] });
    const prompt = await host.api.runs.prompt({ id });
    if (!prompt.ok) throw new Error(JSON.stringify(prompt.error));
    expect(prompt.value.parts.map((part) => part.id).slice(-2)).toEqual(['conflict', 'solve']);
    expect(await checked(id)).toEqual(['It is red. its own passed', 'It is blue. The blue passed']);
    expect(await merge(id)).toMatchObject({ ok: true });
    expect(await world.repository.git('show', 'main:colours.txt')).toBe('red and blue');
    // The branch that did not merge was left alone, and is in the base by now.
    expect(await world.repository.git('rev-parse', host.run(red).branch)).toBe(tip);
    await host.until(red, ({ merged }) => merged !== null);
    await world.repository.git('fsck', '--full', '--strict', '--no-dangling');
  });

  it('is not accepted from an agent that breaks what the other side promises, also after a restart', async () => {
    const { red } = await collide();
    const main = await world.repository.git('rev-parse', 'main');
    expect(await ask(red, { kind: 'hand-over', agentId: agent('one-sided') })).toBe(red);
    await hasBoth(red, red);
    expect(host.run(red).agent.id).toBe('one-sided');
    const refused = { ok: false, error: { kind: 'sides-unproved', criteria: ['It is blue.'] } };
    expect(await checked(red)).toEqual(['It is red. its own passed', 'It is blue. The blue failed']);
    expect(await merge(red)).toEqual(refused);
    await host.end();
    host = await world.start();
    await host.open();
    await host.until(red, ({ changes }) => changes !== null);
    expect(await merge(red)).toEqual(refused);
    expect(await world.repository.git('rev-parse', 'main')).toBe(main);
  });

  it('is solved by the run that wrote the other side, on its own branch', async () => {
    const { blue, red } = await collide();
    // Its agent is another one by now, since the one that wrote it takes no conflicts.
    expect(await host.api.runs.continueWith({ id: blue, agentId: agent('both'), note: '' })).toMatchObject({
      ok: true,
    });
    await host.until(blue, ({ status }) => status.kind === 'working' || status.kind === 'idle');
    expect(await ask(red, { kind: 'run', id: blue })).toBe(blue);
    await hasBoth(blue, red);
    expect(host.run(blue).alsoHolds).toEqual(['red']);
    expect(await checked(blue)).toEqual(['It is blue. its own passed', 'It is red. The red passed']);
    await host.until(blue, ({ merged }) => merged === null);
    expect(await merge(blue)).toMatchObject({ ok: true });
    await host.until(red, ({ merged }) => merged !== null);
  });

  it('reaches an agent that was only just started and waits before an empty line', async () => {
    const { blue, red } = await collide();
    const screen = host.watch(host.run(blue).terminalId!);
    expect(await ask(red, { kind: 'run', id: blue })).toBe(blue);
    await until(
      () => screen.text().includes('I have your message'),
      () => screen.text(),
    );
    // One that never shows that it takes input is waited for until 90 s after its start.
  }, 60_000);
});
