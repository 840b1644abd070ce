import { writeFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { CheckState, RunChecks } from '#shared/contract/gates.ts';
import type { Project } from '#shared/contract/projects.ts';
import type { Train } from '#shared/contract/train.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

import { TestWorld, type TestHost } from './test-host.ts';

/* What the project's files mean to check and cannot be read: it is said wherever checks are shown, and no train goes without it. */

let world: TestWorld;
let host: TestHost;
let id: RunId;
let train: Train | null;
const projects: Project[] = [];
const checks = new Map<RunId, RunChecks>();

beforeEach(async () => {
  world = await TestWorld.create();
  checks.clear();
  projects.length = 0;
  train = null;
});
afterEach(async () => {
  await world.remove();
});

/** A kept run that adds a file which the project's gate is there to keep out. */
async function begin(config: string, rules: Readonly<Record<string, string>> = {}): Promise<void> {
  await world.writeSpec('one', { 'broken.txt': 'broken\n' });
  await world.repository.commit('Plan it');
  // Not committed, so that it can be changed without standing in a merge's way.
  await world.writeConfig(config);
  for (const [path, text] of Object.entries(rules)) await world.repository.write(path, text);
  host = await world.start();
  await host.open();
  host.api.projects.onDidChange(host.project.id, (project) => projects.push(project));
  await trust();
  host.api.gates.onDidChange(host.project.id, (push) => {
    if (push.kind === 'changed') checks.set(push.run.runId, push.run);
  });
  host.api.train.onDidChange(host.project.id, (next) => {
    train = next;
  });
  const [made] = await host.spawn({ slug: 'one' as SpecSlug });
  id = made!;
  await host.finished(id);
  await host.api.runs.decide({ id, decision: 'keep', reason: '' });
}

async function trust(): Promise<void> {
  const { trust: asked, id: projectId } = await host.open();
  if (asked.kind !== 'asks') return;
  await host.api.projects.trust({ projectId, fingerprint: asked.fingerprint });
  await host.open();
}

const start = () => host.api.train.start({ projectId: host.project.id, ids: [id], method: 'merge' });

const files = (): Promise<string> => world.repository.git('ls-tree', '--name-only', 'main');

/** What is listed for the run, when there is as much as is waited for. */
async function listed(fits: (found: readonly CheckState[]) => boolean): Promise<readonly CheckState[]> {
  const found = (): readonly CheckState[] => checks.get(id)?.checks ?? [];
  await until(
    () => fits(found()),
    () => JSON.stringify(found(), null, 1),
  );
  return found();
}

const words = ({ kind, title, state, obstacle }: CheckState): string => `${kind} ${title}, ${state}: ${obstacle ?? ''}`;

describe('a gate that cannot be read', () => {
  const written: readonly (readonly [how: string, config: string, line: number, says: RegExp])[] = [
    [
      'with a time that is out of bounds',
      'gates:\n  - id: tests\n    run: test ! -e broken.txt\n    timeout: 300\n',
      4,
      /Gate tests: `timeout` is longer than 240 minutes/u,
    ],
    ['with a key of another name', 'gates:\n  - { id: tests, command: test ! -e broken.txt }\n', 2, /`command`/u],
    ['with a misspelt key', 'gates:\n  tests:\n    run: test ! -e broken.txt\n    tiemout: 3\n', 4, /`tiemout`/u],
    ['under a misspelt name', 'base: main\ngate:\n  - { id: tests, run: test ! -e broken.txt }\n', 2, /`gates`/u],
    ['in a file that is no YAML', 'gates:\n  - { id: tests, run: [ }\n', 2, /not YAML/u],
    ['where the file is swallowed by a quote', 'branch: "x\ngates:\n  - { id: tests, run: "false" }\n', 1, /not YAML/u],
    ['that is declared twice', 'gates:\n  - { id: a, run: "true" }\n  - { id: a, run: "false" }\n', 3, /twice/u],
  ];

  it.each(written)('keeps the train from starting, and is listed: %s', async (_how, config, line, says) => {
    await begin(config);
    const problem = projects.at(-1)?.config.problems.find(({ stopsTrain }) => stopsTrain);
    expect(problem).toMatchObject({ path: '.switchyard/config.yaml', line });
    expect(problem?.message).toMatch(says);
    const found = await listed((all) => all.some(({ state }) => state === 'unreadable'));
    expect(
      found
        .filter(({ state }) => state === 'unreadable')
        .map(words)
        .join('\n'),
    ).toMatch(
      new RegExp(`^gate .*, unreadable: \\.switchyard/config\\.yaml, line ${String(line)}: .*${says.source}`, 'u'),
    );
    expect(await start()).toEqual({
      ok: false,
      error: {
        kind: 'unreadable-checks',
        problems: [expect.stringMatching(new RegExp(`^\\.switchyard/config\\.yaml, line ${String(line)}: `, 'u'))],
      },
    });
    expect(train).toBeNull();
    expect(await files()).not.toContain('broken.txt');
  });

  it('stops a train that is on its way before the next car is merged, and lets it go on when it can be read', async () => {
    const go = world.at('go');
    const gate = `{ id: waits, run: "until [ -e ${go} ]; do sleep 0.05; done" }`;
    await begin(`gates:\n  - ${gate}\n`);
    await world.writeSpec('two', { 'two.txt': 'two\n' });
    const [two] = await host.spawn({ slug: 'two' as SpecSlug });
    await host.finished(two!);
    await host.api.runs.decide({ id: two!, decision: 'keep', reason: '' });
    expect(await host.api.train.start({ projectId: host.project.id, ids: [id, two!], method: 'merge' })).toMatchObject({
      ok: true,
    });
    await until(() => train?.cars[0]?.detail?.includes('Running') === true, 'the first gate runs');
    await world.writeConfig(`gates:\n  - ${gate}\n  - { id: more, run: "true", timeout: 300 }\n`);
    await until(() => projects.at(-1)?.config.problems.length === 1, 'the config was read again');
    await trust();
    writeFileSync(go, '');
    await until(
      () => train?.state === 'stopped',
      () => JSON.stringify(train, null, 1),
    );
    expect(train?.cars[1]).toMatchObject({ state: 'failed', commit: null });
    expect(train?.cars[1]?.detail).toMatch(
      /^A check cannot be read, so nothing is merged without it\. \.switchyard\/config\.yaml, line 3: Gate more: /u,
    );
    expect(await files()).not.toContain('two.txt');

    await world.writeConfig(`gates:\n  - ${gate}\n`);
    await until(() => projects.at(-1)?.config.problems.length === 0, 'the config was read again');
    await trust();
    await host.api.train.resume({ projectId: host.project.id, skip: false });
    await until(
      () => train?.state === 'done',
      () => JSON.stringify(train, null, 1),
    );
    expect(await files()).toContain('two.txt');
  });
});

describe('a rule that cannot be read', () => {
  const written: readonly (readonly [how: string, front: string, says: RegExp])[] = [
    ['a command with a time out of bounds', 'rules:\n  command: { run: "false", timeout: 300 }', /`timeout` must be/u],
    ['a misspelt rule', 'rules:\n  forbidd: [broken.txt]', /`forbidd`/u],
    ['rules under a misspelt name', 'rule:\n  forbid: [broken.txt]', /`rules`/u],
    ['a pattern that is none', 'rules:\n  lines: [{ match: "(" }]', /The pattern/u],
    ['a condition that names nothing', 'rules:\n  lines: [{ match: broken, in: }]', /`in`/u],
  ];

  it.each(written)('does not count as kept, and keeps the train from starting: %s', async (_how, front, says) => {
    await begin('base: main\n', { '.switchyard/invariants/whole.md': `---\n${front}\n---\n\n# Nothing is broken\n` });
    const found = await listed((all) => all.some(({ state }) => state === 'unreadable'));
    expect(found.map(words).join('\n')).toMatch(
      /^invariant Nothing is broken, unreadable: \.switchyard\/invariants\//u,
    );
    expect(found[0]?.obstacle).toMatch(says);
    expect(await start()).toMatchObject({ ok: false, error: { kind: 'unreadable-checks' } });
    expect(await files()).not.toContain('broken.txt');
  });
});

it('lists a criterion that cannot be read, and does not say that nothing is checked', async () => {
  await begin('base: main\n');
  await world.writeSpec('one', { 'broken.txt': '' }, { acceptance: '[{ id: "-x", text: It works, check: "true" }]' });
  const found = await listed((all) => all.length > 0);
  expect(found.map(words)).toEqual([
    expect.stringMatching(/^acceptance .*, unreadable: specs\/one\.md, line 3: “-x” is no id/u),
  ]);
});
