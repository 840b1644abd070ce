import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import { TestWorld, type TestHost } from '#main/services/test-host.ts';
import type { CheckState } from '#shared/contract/gates.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

let world: TestWorld;
let host: TestHost;
const states = new Map<RunId, CheckState | undefined>();
beforeEach(async () => {
  world = await TestWorld.create();
  states.clear();
});
afterEach(() => world.remove());

/** Runs with one gate, which runs only when it is asked for. */
async function runsWithGate(count: number, command: string): Promise<readonly RunId[]> {
  await world.writeConfig(
    `gates:\n  - id: tests\n    when: by-hand\n    run: |\n      ${command.replaceAll('\n', '\n      ')}\n`,
  );
  const slugs = Array.from({ length: count }, (_, index) => `spec-${String(index)}` as SpecSlug);
  for (const slug of slugs) await world.writeSpec(slug, { [`${slug}.txt`]: `${slug}\n` });
  await world.repository.commit('Set up');
  host = await world.start();
  const project = await host.open();
  if (project.trust.kind !== 'asks') throw new Error('nothing is to be allowed');
  await host.api.projects.trust({ projectId: project.id, fingerprint: project.trust.fingerprint });
  await host.open();
  const ids = await host.spawn(...slugs.map((slug) => ({ slug })));
  for (const id of ids) await host.finished(id);
  host.api.gates.onDidChange(host.project.id, (push) => {
    if (push.kind !== 'changed') return;
    const { runId, checks } = push.run;
    states.set(
      runId,
      checks.find(({ kind }) => kind === 'gate'),
    );
  });
  return ids;
}

const start = (id: RunId) => host.api.gates.start({ id, checks: ['gate:tests'], again: false });
const stateOf = (id: RunId): string => states.get(id)?.state ?? 'not there';
const linesOf = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];

describe('the checks of several runs', () => {
  it('run two at a time, the others wait for their turn, and all come to their end', async () => {
    mkdirSync(world.at('running'));
    const ids = await runsWithGate(
      4,
      `mine=$(mktemp '${world.at('running')}/XXXXXX')
ls '${world.at('running')}' | wc -l >> '${world.at('counts')}'
until [ -e '${world.at('go')}' ]; do sleep 0.05; done
ls '${world.at('running')}' | wc -l >> '${world.at('counts')}'
rm "$mine"`,
    );
    for (const id of ids) expect(await start(id)).toEqual({ ok: true, value: { queued: 1 } });
    await until(() => readdirSync(world.at('running')).length === 2, 'two run');
    await until(
      () => JSON.stringify(ids.map(stateOf).toSorted()) === JSON.stringify(['queued', 'queued', 'running', 'running']),
      () => JSON.stringify(ids.map(stateOf)),
    );
    // What waits is not begun: it has no terminal and has written nothing.
    expect(linesOf(world.at('counts'))).toHaveLength(2);
    expect(ids.flatMap((id) => states.get(id)?.terminalId ?? [])).toHaveLength(2);

    writeFileSync(world.at('go'), '');
    await until(
      () => ids.every((id) => stateOf(id) === 'passed'),
      () => JSON.stringify(ids.map(stateOf)),
    );
    expect(linesOf(world.at('counts'))).toHaveLength(8);
    expect(Math.max(...linesOf(world.at('counts')).map(Number))).toBe(2);
    expect(host.faults).toEqual([]);
  });

  it('give their place to the next when they are cancelled or fail, or when their terminal host is lost', async () => {
    const [first, second, third] = await runsWithGate(
      3,
      `echo $$ >> '${world.at('begun')}'
[ -e '${world.at('go')}' ] || sleep 600`,
    );
    for (const id of [first!, second!, third!]) await start(id);
    await until(() => linesOf(world.at('begun')).length === 2, 'two have begun');
    expect(await host.api.gates.cancel({ id: first! })).toMatchObject({ ok: true });
    await until(() => linesOf(world.at('begun')).length === 3, 'the third has begun');
    expect(stateOf(first!)).toBe('not-run');

    process.kill(world.ptyHostPid()!, 'SIGKILL');
    for (const id of [second!, third!]) {
      await until(
        () => stateOf(id) === 'failed',
        () => JSON.stringify(states.get(id)),
      );
      expect(states.get(id)?.evidence).toMatchObject({ outcome: 'ended', exitCode: null });
      expect(states.get(id)?.evidence?.reason).toContain('The terminal host ended while it ran');
    }
    // What was lost says nothing about the files: it is run again when it is asked for.
    writeFileSync(world.at('go'), '');
    for (const id of [first!, second!, third!]) await start(id);
    await until(
      () => [first!, second!, third!].every((id) => stateOf(id) === 'passed'),
      () => JSON.stringify([...states.values()]),
    );
  });
});
