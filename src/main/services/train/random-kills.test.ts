import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { RunId } from '#shared/ids.ts';

import { TestTrainHost } from './test-train-host.ts';

/* Killed at any moment, in any order: the base is only ever at files that the gates passed on, and no commit is lost. */

/** More of them find more: `TRAIN_SEEDS=50 npx vitest run random-kills`. */
const seeds = Number(process.env['TRAIN_SEEDS'] ?? 2);
/** So that a failure can be looked at again: `TRAIN_FIRST_SEED=7 TRAIN_SEEDS=1`. */
const firstSeed = Number(process.env['TRAIN_FIRST_SEED'] ?? 1);
const secondsForEach = 240;

const good = ['a', 'b', 'c', 'd', 'e'];
/** The gate passes on no files that have this one's. */
const bad = 'bad';

/** Numbers from 0 to 1 that look random and are the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => ({ item, at: next() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item);
}

/**
 * A gate that writes down itself of which files it said that they pass: the tree of all that was there while it ran, untracked
 * files too. It leaves rubbish when it is cut off, and passes only where the setup came to its end. One that is to be cut off
 * goes on until somebody ends it, and writes all the time.
 */
const gate = (host: TestTrainHost): string => `
  echo begun >> '${host.at('gates')}'
  while [ -e '${host.at('hang-gate')}' ] || [ -n "$hangs" ]; do hangs=yes; echo rubbish > rubbish-$$.txt; sleep 0.1; done
  export GIT_INDEX_FILE='${host.at('index')}'.$$
  git add -A && tree=$(git write-tree) || exit 5
  echo rubbish > rubbish.txt
  sleep 0.15
  rm rubbish.txt
  test -e .made/whole || exit 6
  test ! -e '${bad}.md' || exit 7
  echo "$tree" >> '${host.at('passed')}'
`;

const setup = (host: TestTrainHost): string => `
  echo begun >> '${host.at('setups')}'
  mkdir .made
  while [ -e '${host.at('hang-setup')}' ] || [ -n "$hangs" ]; do hangs=yes; sleep 0.1; done
  touch .made/whole
`;

const linesIn = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];

describe('a train that is killed again and again', () => {
  it.each(Array.from({ length: seeds }, (_, index) => firstSeed + index))(
    'never leaves the base at files that no gate passed on, and loses no commit (seed %i)',
    { timeout: secondsForEach * 1000 },
    async (seed) => {
      const next = random(seed);
      const host = await TestTrainHost.create();
      try {
        host.setup = setup(host);
        host.gates = [{ id: 'tests', run: gate(host) }];
        const ids: RunId[] = [];
        const work = new Map<string, string>();
        for (const name of shuffled([...good, bad], next)) {
          ids.push(await host.keep(name, { [`${name}.md`]: `${name}\n` }));
          work.set(name, await host.repository.git('rev-parse', name));
        }
        const begun = await host.repository.git('rev-parse', 'main');
        const hold = (): Promise<void> => everythingHolds(host, begun, work);

        await host.begin();
        writeFileSync(host.at('hang-setup'), '');
        host.order({ kind: 'start', ids });
        for (const moment of moments(next)) {
          if (host.last?.state === 'done') break;
          await waitFor(moment, host, next);
          await host.kill();
          for (const name of ['hang-setup', 'hang-gate']) rmSync(host.at(name), { force: true });
          await hold();
          await host.begin();
          await hold();
          goOn(host);
        }
        while (host.last?.state !== 'done') {
          const train = await host.settled('done', 'stopped');
          if (train.state === 'stopped') {
            goOn(host);
            await until(() => host.last !== train, 'it goes on');
          }
        }
        await hold();
        const ends = host.last.cars.map(({ title, state }) => `${title} ${state}`);
        expect(ends.toSorted()).toEqual([...good.map((name) => `${name} merged`), `${bad} skipped`].toSorted());
        for (const name of good) await host.repository.git('merge-base', '--is-ancestor', work.get(name)!, 'main');
        // The person's checkout has gone with the base, and has nothing else in it.
        expect(await host.repository.git('status', '--porcelain')).toBe('');
        expect(existsSync(host.scratch)).toBe(false);
      } finally {
        await host.remove();
      }
    },
  );
});

type Moment = 'whenever' | 'setup' | 'gate' | 'move';

/** The setup comes once, first; after that each in some order, and some more. */
const moments = (next: () => number): readonly Moment[] => [
  'setup',
  ...shuffled<Moment>(['gate', 'gate', 'move', 'move', 'whenever', 'whenever'], next),
];

/** Waits until the moment in which it is to be killed: some time, or as soon as something has begun. */
async function waitFor(moment: Moment, host: TestTrainHost, next: () => number): Promise<void> {
  const soon = next();
  switch (moment) {
    case 'whenever':
      await sleep(soon * 1500);
      break;
    case 'setup':
      await begins(host, () => linesIn(host.at('setups')).length);
      await sleep(soon * 250);
      break;
    case 'gate':
      writeFileSync(host.at('hang-gate'), '');
      await begins(host, () => linesIn(host.at('gates')).length);
      await sleep(soon * 250);
      break;
    case 'move':
      // Written in the step before the base moves.
      await begins(host, () => notes(host));
      await sleep(soon * 25);
  }
}

/** There may be none any more. */
async function begins(host: TestTrainHost, count: () => number): Promise<void> {
  const before = count();
  while (count() === before && !['done', 'stopped'].includes(host.last?.state ?? '')) await turn();
}

/** What merges have noted of where they move the base. */
function notes({ repository }: TestTrainHost): number {
  const folder = join(repository.path, '.git', 'refs', 'switchyard', 'merged');
  try {
    return readdirSync(folder, { recursive: true }).length;
  } catch {
    return 0;
  }
}

/** As a person does: what failed by its own fault is left out, anything else is tried again. */
function goOn(host: TestTrainHost): void {
  const failed = host.last?.cars.find(({ state }) => state === 'failed' || state === 'conflicts');
  expect([null, bad], `only what is bad may fail: ${failed?.detail ?? ''}`).toContain(failed?.title ?? null);
  host.order({ kind: 'resume', skip: failed !== undefined });
}

async function everythingHolds(host: TestTrainHost, begun: string, work: ReadonlyMap<string, string>): Promise<void> {
  const { repository } = host;
  await repository.git('fsck', '--no-dangling', '--strict');
  const passed = new Set(linesIn(host.at('passed')));
  for (const commit of (await repository.git('reflog', 'show', '--format=%H', 'main')).split('\n')) {
    // Where it was, it came from on its way here, and can be found again.
    await repository.git('merge-base', '--is-ancestor', commit, 'main');
    if (commit === begun) continue;
    expect(passed, `the gate has passed on the files of ${commit}`).toContain(
      await repository.git('rev-parse', `${commit}^{tree}`),
    );
  }
  for (const [name, commit] of work) expect(await repository.git('rev-parse', name)).toBe(commit);
  const reachable = new Set((await repository.git('rev-list', '--all')).split('\n'));
  for (const commit of [begun, ...work.values()]) expect(reachable).toContain(commit);
}
