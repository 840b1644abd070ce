import { describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';

import { mergeBatch, type MergeAnswer } from './merge-batch.ts';
import { makeRandomBranches, randomFrom, realMerger } from './test-random-branches.ts';

const seed = 20_261;
const pairs = 40;

describe('many merges in one process', () => {
  it('go on behind one of submodules, to which Git adds advice in a place of its own', async () => {
    const branches = await makeRandomBranches({ seed, branches: 1, files: 8, changes: 1 });
    try {
      const git = new Git({ log: silentLog, env: branches.env });
      const commit = async (submodule: string, file: string): Promise<string> => {
        const index = { ...branches.env, GIT_INDEX_FILE: `${branches.path}/index-${file}` };
        const call = { cwd: branches.path, env: index as Record<string, string> };
        await git.direct({ ...call, name: 'read', args: ['read-tree', branches.base] });
        await git.direct({ ...call, name: 'set', args: ['update-index', '--cacheinfo', `160000,${submodule},sub`] });
        const tree = (await git.direct({ ...call, name: 'write', args: ['write-tree'] })).text.trim();
        const made = await git.direct({
          ...call,
          name: 'commit',
          args: ['commit-tree', tree, '-p', branches.base, '-m', file],
        });
        return made.text.trim();
      };
      const [one, two] = [await commit('2'.repeat(40), 'one'), await commit('3'.repeat(40), 'two')];
      const sides = { ours: 'ours', theirs: 'theirs' };
      const answers = await mergeBatch(git, branches.path, [
        { ours: one, theirs: two, sides },
        { ours: one, theirs: branches.base, sides },
        { ours: two, theirs: one, sides },
      ]);
      expect(answers.map(({ kind }) => kind)).toEqual(['conflicts', 'clean', 'conflicts']);
      expect(answers[2]).toMatchObject({ conflicts: [{ path: 'sub' }] });
    } finally {
      await branches.remove();
    }
  });
});

describe('very many merges', () => {
  it('are answered in the order in which they were asked, each as if it had been asked alone', async () => {
    const branches = await makeRandomBranches({ seed, branches: 20, files: 70, changes: 5 });
    try {
      const git = new Git({ log: silentLog, env: branches.env });
      const tree = await branches.git('rev-parse', `${branches.base}^{tree}`);
      const unrelated = await branches.git('commit-tree', tree, '-m', 'from nowhere');
      const sides = { ours: 'ours', theirs: 'theirs' };
      const questions = branches.commits.flatMap((ours, index) => [
        ...branches.commits.slice(index + 1).map((theirs) => ({ ours, theirs, sides })),
        ...(index % 6 === 5 ? [{ ours, theirs: unrelated, sides }] : []),
      ]);
      const processes: number[] = [];
      const counted: Parameters<typeof mergeBatch>[0] = {
        version: () => git.version(),
        read: (call) => {
          processes.push(1);
          return git.read(call);
        },
      };
      const together = await mergeBatch(counted, branches.path, questions);
      // Two, and one more behind each that Git does not merge at all.
      expect(processes).toHaveLength(2 + 3);
      const alone: MergeAnswer[] = [];
      for (let at = 0; at < questions.length; at += 10)
        alone.push(...(await mergeBatch(git, branches.path, questions.slice(at, at + 10))));
      expect(together).toEqual(alone);
      expect(together.filter(({ kind }) => kind === 'unrelated')).toHaveLength(3);
      expect(together.filter(({ kind }) => kind === 'conflicts').length).toBeGreaterThan(20);
    } finally {
      await branches.remove();
    }
  });
});

describe('what the radar says of two branches', () => {
  it('is what a real merge of them comes to, with renames, deletions, modes, links and submodules', async () => {
    const branches = await makeRandomBranches({ seed, branches: 24, files: 70, changes: 5 });
    const real = await realMerger(branches);
    try {
      const random = randomFrom(seed + 1);
      const questions = Array.from({ length: pairs }, () => {
        const ours = branches.commits[random(branches.commits.length)] ?? '';
        const theirs = branches.commits[random(branches.commits.length)] ?? '';
        return { ours, theirs, sides: { ours: 'ours', theirs: 'theirs' } };
      });
      const git = new Git({ log: silentLog, env: branches.env });
      const answers = await mergeBatch(git, branches.path, questions);
      const outcomes = { clean: 0, conflicts: 0 };
      for (const [index, { ours, theirs }] of questions.entries()) {
        const merged = await real.merge(ours, theirs);
        const answer = answers[index] as MergeAnswer;
        const said =
          answer.kind === 'clean'
            ? { tree: answer.tree, paths: [] }
            : {
                tree: null,
                paths: answer.kind === 'conflicts' ? answer.conflicts.map(({ path }) => path).toSorted() : [],
              };
        expect({ ours, theirs, ...said }).toEqual({ ours, theirs, ...merged });
        outcomes[merged.tree === null ? 'conflicts' : 'clean']++;
      }
      // The pairs are worth something only when there are many of both kinds.
      expect(Math.min(outcomes.clean, outcomes.conflicts)).toBeGreaterThan(pairs / 8);
    } finally {
      await real.remove();
      await branches.remove();
    }
  }, 180_000);
});
