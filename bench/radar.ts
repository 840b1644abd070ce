import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { mergeBatch, type MergeAnswer, type MergeQuestion } from '#main/services/radar/merge-batch.ts';
import { planOrder, type Car } from '#main/services/radar/merge-order.ts';
import {
  makeRandomBranches,
  randomFrom,
  realMerger,
  type RandomBranches,
} from '#main/services/radar/test-random-branches.ts';
import { runId } from '#shared/ids.ts';

import { take, timed } from './measure.ts';
import type { Bench, Section } from './section.ts';
import { median } from './statistics.ts';

const run = promisify(execFile);

const branchCount = 32;
const fileCount = 10_000;
const sides = { ours: 'ours', theirs: 'theirs' };

export const radarSection: Section = {
  name: 'radar',
  about: 'every pair of 32 branches on 10,000 files, one that moves, and the order of 12',
  measure: async (bench) => {
    const branches = await makeRandomBranches({ seed: 7, branches: branchCount, files: fileCount, changes: 40 });
    try {
      const git = new Git({ log: silentLog, env: branches.env });
      await everyPair(bench, git, branches);
      await oneMoved(bench, git, branches);
      await order(bench, git, branches);
    } finally {
      await branches.remove();
    }
  },
};

const question = (ours: string, theirs: string): MergeQuestion => ({ ours, theirs, sides });

const allPairs = (commits: readonly string[]): readonly MergeQuestion[] =>
  commits.flatMap((ours, index) => commits.slice(index + 1).map((theirs) => question(ours, theirs)));

/** A process for each pair, one after the other, as whoever has no batch does it. */
async function oneByOne({ path, env }: RandomBranches, questions: readonly MergeQuestion[]): Promise<void> {
  for (const { ours, theirs } of questions) {
    await run('git', ['merge-tree', '--write-tree', '--name-only', ours, theirs], { cwd: path, env }).catch(
      (error: { code?: number }) => {
        // 1: it conflicts.
        if (error.code !== 1) throw error;
      },
    );
  }
}

async function everyPair(bench: Bench, git: Git, branches: RandomBranches): Promise<void> {
  const questions = allPairs(branches.commits);
  bench.report(
    await take(
      {
        name: `radar: ${String(questions.length)} pairs of ${String(branchCount)} branches, ${String(fileCount)} files`,
        baselineName: 'a process for each pair',
        goal: { atMost: 0.1 },
        baseline: () => timed(() => oneByOne(branches, questions)),
        run: () => timed(() => mergeBatch(git, branches.path, questions)),
      },
      bench.rounds(3),
    ),
  );
}

/** What is added to Git's own time: starting it, asking, reading its answers. */
async function oneMoved(bench: Bench, git: Git, branches: RandomBranches): Promise<void> {
  const [moved = '', ...others] = branches.commits;
  const questions = [branches.base, ...others].map((other) => question(other, moved));
  const input = questions.map(({ ours, theirs }) => `${ours} ${theirs}\n`).join('');
  const alone = (): Promise<number> =>
    timed(async () => {
      const asked = run('git', ['merge-tree', '--write-tree', '--stdin'], {
        cwd: branches.path,
        env: branches.env,
        maxBuffer: 256 * 1024 * 1024,
      });
      asked.child.stdin?.end(input);
      await asked;
    });
  const more: number[] = [];
  for (let round = 0; round < bench.rounds(9); round++) {
    const own = await alone();
    more.push((await timed(() => mergeBatch(git, branches.path, questions))) - own);
  }
  bench.report({
    name: 'radar: one of 32 branches moved, beyond what Git itself takes for its pairs',
    value: median(more),
    unit: 'ms',
    baseline: null,
    goal: { atMost: 50 },
  });
}

async function order(bench: Bench, git: Git, branches: RandomBranches): Promise<void> {
  const cars: readonly Car[] = branches.commits.slice(0, 12).map((commit, index) => ({
    id: runId.parse(`run-${String(index)}`),
    title: `branch ${String(index)}`,
    commit,
    after: [],
    size: index,
  }));
  const times: number[] = [];
  for (let round = 0; round < bench.rounds(3); round++) {
    times.push(
      await timed(async () => {
        const indices = cars.flatMap((_, one) =>
          cars.slice(one + 1).map((__, other) => [one, one + 1 + other] as const),
        );
        const answers = await mergeBatch(
          git,
          branches.path,
          indices.map(([one, other]) => question(cars[one]?.commit ?? '', cars[other]?.commit ?? '')),
        );
        const pairs = indices.map(([one, other], index) => {
          const answer = answers[index] as MergeAnswer;
          return {
            a: runId.parse(cars[one]?.id),
            b: runId.parse(cars[other]?.id),
            areVariants: false,
            signals: [],
            outcome: answer.kind === 'clean' ? { kind: 'clean' as const } : answer,
          };
        });
        await planOrder(
          {
            merge: (questions) => mergeBatch(git, branches.path, questions),
            commit: (tree, parents) =>
              branches.git('commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', 'tried'),
          },
          { name: 'main', commit: branches.base },
          cars,
          pairs,
        );
      }),
    );
  }
  bench.report({
    name: `merge order: ${String(cars.length)} branches on ${String(fileCount)} files, pairs included`,
    value: median(times),
    unit: 'ms',
    baseline: null,
    goal: { atMost: 3000 },
  });
}

const comparedPairs = 1000;

/** Slow: each pair is really merged in a checkout. */
export const mergesSection: Section = {
  name: 'merges',
  about: 'the radar’s answers held against 1,000 real merges',
  runs: 'slow',
  measure: async (bench) => {
    let differences = 0;
    let conflicts = 0;
    for (let seed = 1; seed <= 5; seed++) {
      const branches = await makeRandomBranches({ seed, branches: 40, files: 70, changes: 5 });
      const real = await realMerger(branches);
      try {
        const random = randomFrom(seed * 1000);
        const questions = Array.from({ length: comparedPairs / 5 }, () =>
          question(branches.commits[random(40)] ?? '', branches.commits[random(40)] ?? ''),
        );
        const git = new Git({ log: silentLog, env: branches.env });
        const answers = await mergeBatch(git, branches.path, questions);
        for (const [index, { ours, theirs }] of questions.entries()) {
          const merged = await real.merge(ours, theirs);
          const answer = answers[index] as MergeAnswer;
          const paths = answer.kind === 'conflicts' ? answer.conflicts.map(({ path }) => path).toSorted() : [];
          const isSame =
            merged.tree === (answer.kind === 'clean' ? answer.tree : null) &&
            merged.paths.join('\0') === paths.join('\0');
          if (merged.tree === null) conflicts++;
          if (!isSame) {
            differences++;
            bench.say(`seed ${String(seed)}, ${ours} and ${theirs}: ${JSON.stringify({ merged, answer })}`);
          }
        }
      } finally {
        await real.remove();
        await branches.remove();
      }
    }
    bench.say(`${String(conflicts)} of ${String(comparedPairs)} real merges conflict`);
    bench.report({
      name: `radar: answers that differ from ${String(comparedPairs)} real merges`,
      value: differences,
      unit: '',
      baseline: null,
      goal: { atMost: 0 },
    });
  },
};
