import { readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { AgentId, RunId, SpecSlug } from '#shared/ids.ts';

import { TestWorld, type TestHost } from './test-host.ts';

/*
 * Agents that play what the real CLIs show and report, through all of the services: prompt, status, question, session.
 * `npm run test:agents` does the same with the real ones.
 */

const program = fileURLToPath(import.meta.resolve('./test-scripted-agent.ts'));
const text = `--help "double" 'single' \`tick\` $HOME $(exit 1) \\n %PATH% 漢字 👩‍👩‍👧 ~ * ?`;

let world: TestWorld;
let host: TestHost;

beforeEach(async () => {
  world = await TestWorld.create();
  const bin = world.at('bin');
  await mkdir(bin);
  for (const name of ['claude', 'codex', 'kilo', 'opencode', 'gemini']) {
    await writeFile(join(bin, name), `#!/bin/sh\nexec '${process.execPath}' '${program}' ${name} "$@"\n`);
    await chmod(join(bin, name), 0o755);
  }
  const path = [bin, dirname(process.execPath), process.env['PATH']].join(':');
  await writeFile(world.at('home', '.profile'), `export PATH='${path}'\n`);
  host = await world.start();
});
afterEach(async () => {
  await world.remove();
});

async function spawnOn(agent: string, body: string): Promise<RunId> {
  await world.repository.write('specs/one.md', `---\ntitle: The one\n---\n\n${body}\n`);
  await host.open();
  const [id] = await host.spawn({ slug: 'one' as SpecSlug, agentId: agent as AgentId });
  return id!;
}

describe.each([
  ['claude', 'report', 'Asks to use Bash: git commit'],
  ['codex', 'title', 'Action Required | project'],
  ['kilo', 'report', 'Asks to use Bash: git commit'],
  ['opencode', 'report', 'Asks to use Bash: git commit'],
  ['gemini', 'title', 'Action Required (project)'],
])('%s', (agent, source, question) => {
  const reports = source === 'report' || agent === 'codex';

  it('works, asks, rests, takes a message, and goes on with its session', async () => {
    const id = await spawnOn(agent, Array.from({ length: 900 }, () => text).join('\n'));
    const seen: string[] = [];
    host.api.runs.onDidChange(host.project.id, (event) => {
      if (event.kind === 'changed') seen.push(event.run.status.kind);
    });
    // A notification may come a moment before the report that says more.
    const waiting = await host.until(id, ({ status }) => status.kind === 'waiting' && status.source === source);
    expect(waiting.status).toMatchObject({ source, detail: question, asks: 'permission' });
    expect(seen).toContain('working');
    const screen = host.watch(waiting.terminalId!);

    // The Enter key of a message would give the permission.
    expect(await host.api.runs.send({ id, text: 'No, stop.' })).toEqual({ ok: false, error: { kind: 'asks' } });
    expect(host.run(id).status.kind).toBe('waiting');
    await host.api.terminals.write({ id: waiting.terminalId!, data: '\r' });
    const done = await host.finished(id);
    expect(done.status.source).toBe(source);
    // The prompt came whole, whatever is in it.
    const sent = await host.api.runs.prompt({ id });
    expect(readFileSync(join(done.worktreePath, 'done.txt'), 'utf8').trim()).toBe(
      sent.ok ? sent.value.text.trim() : '',
    );
    const hasSaid = (words: string) => (run: Run) =>
      run.status.kind === 'idle' && (!reports || run.lastMessage === words);
    await host.until(id, hasSaid('I have done it.'));

    await host.api.runs.send({ id, text: 'and again' });
    await until(
      () => screen.text().includes('heard and again'),
      () => screen.text(),
    );
    await host.until(id, hasSaid('Heard: and again'));
    const session = /heard and again in (\S+)/.exec(screen.text())?.[1];

    // Two answers were reported, by those that report any.
    const usage = { input: 200, output: 40, cacheRead: 2000, cacheWrite: 0, cost: 1 };
    const figures = await host.api.figures.read({ projectId: host.project.id });
    expect(figures.ok && figures.value.runs.map((run) => run.usage)).toEqual([
      agent === 'kilo' || agent === 'opencode' ? usage : null,
    ]);

    await host.api.runs.stop({ id });
    await host.until(id, ({ status }) => status.kind === 'exited');
    expect(await host.api.runs.restart({ id, how: 'resume' })).toMatchObject({ ok: true });
    await until(
      () => screen.text().includes(', resumed'),
      () => screen.text(),
    );
    await host.api.runs.send({ id, text: 'once more' });
    await until(
      () => screen.text().includes(`heard once more in ${session!}`),
      () => screen.text(),
    );
    expect(host.faults).toEqual([]);
  });
});

describe('an agent that works while the app is closed', () => {
  it('is as it reported meanwhile when the app is back', async () => {
    const id = await spawnOn('claude', 'Short.');
    const { terminalId, worktreePath } = await host.until(id, ({ status }) => status.kind === 'waiting');
    await host.end();
    // Another app has the terminals for a moment, and no project: somebody has to answer.
    const other = await world.start();
    await other.api.terminals.write({ id: terminalId!, data: '\r' });
    await until(async () => (await world.repository.gitIn(worktreePath, 'log', '-1', '--format=%s')) === 'Do it');
    await other.end();

    host = await world.start();
    await host.open();
    await host.until(id, (run) => run.status.kind === 'idle' && run.lastMessage !== null);
    expect(host.run(id)).toMatchObject({ status: { source: 'report' }, lastMessage: 'I have done it.' });
  });
});
