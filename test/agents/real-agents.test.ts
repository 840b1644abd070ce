import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import { TestWorld, type TestHost } from '#main/services/test-host.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { AgentId, RunId, SpecSlug } from '#shared/ids.ts';

import { installedCli } from './installed-cli.ts';
import { ModelServer } from './model-server.ts';
import { planLine, type Step } from './plan.ts';
import { realAgents, writeHome, type RealAgent } from './real-agents.ts';

/*
 * The real CLIs, started by our own services in real worktrees, with a model of ours on loopback. It installs hundreds of
 * megabytes, so it is not part of `npm test`. `AGENTS=claude,codex` runs some of them.
 */

const wanted = process.env['AGENTS']?.split(',');
const present = realAgents.filter(({ id }) => wanted?.includes(id) ?? true);

let world: TestWorld;
let host: TestHost;
let model: ModelServer;
/** Every status of the run, with the time at which the page was told. */
let seen: { at: number; kind: string; source: string; detail: string | null }[];

beforeEach(async () => {
  model = await ModelServer.start();
  seen = [];
});

afterEach(async () => {
  await world.remove();
  model.end();
});

async function begin(agent: RealAgent): Promise<void> {
  const bin = await installedCli(agent.id, agent.spec);
  world = await TestWorld.create();
  const home = world.at('home');
  const place = { url: model.url, repository: world.repository.path, worktrees: world.at('project.worktrees') };
  await writeHome(home, agent.files(place));
  // The person's own PATH, as their login shell has it.
  const path = [bin, dirname(process.execPath), process.env['PATH']].join(':');
  await writeFile(join(home, '.profile'), `export PATH='${path}'\n`);
  Object.assign(process.env, agent.env(place));
  host = await world.start();
  await host.open();
  const follow = host.api.runs.onDidChange(host.project.id, (event) => {
    if (event.kind !== 'changed') return;
    const { kind, source, detail } = event.run.status;
    const last = seen.at(-1);
    if (last?.kind !== kind || last.source !== source) seen.push({ at: Date.now(), kind, source, detail });
  });
  expect(follow).toBeDefined();
}

/** 100 KB with all that a shell, an argument list or a terminal could break. */
function hardText(): string {
  const line = `--help "double" 'single' \`tick\` $HOME $(rm -rf x) \\n %PATH% <b>&amp; 漢字 e\u0301 👩‍👩‍👧 \u{1F600} ! # ~ * ?`;
  const lines = Array.from({ length: 640 }, (_, index) => `- ${String(index)} ${line}`);
  return lines.join('\n');
}

async function spawnWith(agent: RealAgent, steps: readonly Step[], text: string): Promise<RunId> {
  await world.repository.write(
    'specs/one.md',
    ['---', 'title: The one', '---', '', text, '', planLine(steps), ''].join('\n'),
  );
  await until(async () => {
    const plan = await host.api.runs.plan({
      projectId: host.project.id,
      requests: [{ slug: 'one' as SpecSlug, agentId: agent.id as AgentId, variants: 1, base: null, branch: null }],
    });
    return plan.ok && plan.value[0]?.obstacles.length === 0;
  }, 'it can be spawned');
  const [id] = await host.spawn({ slug: 'one' as SpecSlug, agentId: agent.id as AgentId });
  const run = await host.until(id!, ({ status }) => status.kind !== 'queued');
  model.folder = run.worktreePath;
  return id!;
}

/** Answers with yes whatever it asks, until the run is as the condition says. Returns what it asked. */
async function answerUntil(agent: RealAgent, id: RunId, condition: (run: Run) => boolean): Promise<string[]> {
  const asked: string[] = [];
  let answeredAt = 0;
  await until(
    async () => {
      const run = host.run(id);
      if (condition(run)) return true;
      if (run.status.kind === 'waiting' && Date.now() - answeredAt > 1500) {
        if (answeredAt < run.status.since) asked.push(run.status.detail ?? '');
        answeredAt = Date.now();
        // A dialog that has just appeared takes no keys for a moment.
        await new Promise((resolve) => setTimeout(resolve, 500));
        await host.api.terminals.write({ id: run.terminalId!, data: agent.yes });
      }
      return false;
    },
    () =>
      `${condition.toString()}\n${JSON.stringify(host.run(id), null, 1)}\n${model.refused.join('\n')}\n${screenOf(id)}`,
    // opencode alone computes for most of a minute before it sends a prompt of 100 KB.
    180_000,
  );
  return asked;
}

let screens = new Map<RunId, { text(): string }>();
const screenOf = (id: RunId): string => screens.get(id)?.text().slice(-3000) ?? '';

describe.each(present)('$id', (agent) => {
  it('does a spec, asks, rests, takes a message, and goes on with its session after its end', async () => {
    screens = new Map();
    await begin(agent);
    const hard = hardText();
    const first: Step[] = [
      { do: 'write', path: 'hello.txt', text: 'Hello "world"\n' },
      { do: 'run', command: 'git add -A && git commit -qm "Say hello"' },
      { do: 'say', text: 'I have said hello.' },
    ];
    const id = await spawnWith(agent, first, hard);
    const { terminalId } = host.run(id);
    screens.set(id, host.watch(terminalId!));

    const asked = await answerUntil(agent, id, (run) => (run.changes?.commits ?? 0) > 0 && run.status.kind === 'idle');
    const run = host.run(id);
    expect(readFileSync(join(run.worktreePath, 'hello.txt'), 'utf8')).toBe('Hello "world"\n');
    expect(model.hasHeard(hard)).toBe(true);
    expect(asked.length).toBeGreaterThan(0);
    const kinds = seen.map(({ kind }) => kind);
    expect(kinds).toContain('working');
    expect(kinds).toContain('waiting');
    // The model says what it has used, and all of these agents pass it on.
    const used = async (): Promise<number> => {
      const figures = await host.api.figures.read({ projectId: host.project.id });
      const usage = figures.ok ? figures.value.runs.find(({ runId }) => runId === id)?.usage : null;
      return usage ? usage.input + usage.output : 0;
    };
    await until(async () => (await used()) >= 60, 'three answers of twenty tokens are counted');
    process.stdout.write(
      `  ${agent.id} tokens: ${String(await used())} for ${String(model.answered.length)} answers\n`,
    );

    // A message, as a person writes one.
    await host.api.runs.send({
      id,
      text: `And now:\n${planLine([{ do: 'say', text: 'It was said again.' }])}`,
    });
    await until(() => model.answered.some(({ step }) => step.do === 'say' && step.text === 'It was said again.'));
    await host.until(id, ({ status }) => status.kind === 'idle');
    report(agent, asked);

    await host.api.runs.stop({ id });
    await host.until(id, ({ status }) => status.kind === 'exited');
    expect(await host.api.runs.restart({ id, how: 'resume' })).toMatchObject({ ok: true });
    await host.until(id, ({ status }) => status.kind === 'idle');
    await host.api.runs.send({ id, text: planLine([{ do: 'say', text: 'After its end.' }]) });
    await until(
      () => model.answered.some(({ step }) => step.do === 'say' && step.text === 'After its end.'),
      () => screenOf(id),
    );
    const last = model.answered.findLast(({ step }) => step.do === 'say' && step.text === 'After its end.');
    // The same session: the model is told again what was said before.
    expect(last?.turns.some(({ text }) => text.includes('I have said hello.'))).toBe(true);
    await host.until(id, ({ status }) => status.kind === 'idle');

    checkHome(agent);
  });
});

/** How long after the model's word the page knew. Printed, because a loaded machine must not make it fail. */
function report(agent: RealAgent, asked: readonly string[]): void {
  const lines = model.answered.map(({ at, step }) => {
    const wantedKind = step.do === 'say' ? 'idle' : 'waiting';
    const shown = seen.find((each) => each.at >= at && each.kind === wantedKind);
    const after = shown ? `${((shown.at - at) / 1000).toFixed(2)} s (${shown.source})` : 'never';
    return `  ${agent.id}: ${step.do} → ${wantedKind} after ${after}`;
  });
  process.stdout.write(`${lines.join('\n')}\n  ${agent.id} asked: ${asked.join(' | ')}\n`);
  process.stdout.write(`  ${agent.id} states: ${seen.map(({ kind, source }) => `${kind}/${source}`).join(' ')}\n`);
}

/** The person's own files are as they were, and nothing else of theirs names us. */
function checkHome(agent: RealAgent): void {
  const home = world.at('home');
  const place = { url: model.url, repository: world.repository.path, worktrees: world.at('project.worktrees') };
  const theirs = Object.entries(agent.files(place)).filter(([path]) => agent.ownsFiles?.includes(path) !== true);
  for (const [path, text] of theirs) expect(readFileSync(join(home, path), 'utf8'), path).toBe(text);
  const naming = filesBelow(home).filter((path) => {
    const text = readFileSync(join(home, path), 'latin1');
    return text.includes('run-status') || text.includes('reporter/main.ts') || text.includes('SWITCHYARD_REPORT');
  });
  process.stdout.write(`  ${agent.id} home: ${filesBelow(home).length} files; naming us: ${naming.join(' ')}\n`);
  expect(naming.filter((path) => /settings|config|\.toml$|plugins?\//.test(path))).toEqual([]);
}

function filesBelow(folder: string, prefix = ''): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(prefix, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(join(folder, entry.name), path);
    return entry.isFile() && statSync(join(folder, entry.name)).size < 20_000_000 ? [path] : [];
  });
}
