import { GitError } from '#main/services/git/git.ts';
import type { Conflict } from '#shared/contract/merges.ts';

import { readCommits, temporaryCommit, writeCommit, type ReplayableCommit } from './commits.ts';
import type { ConflictSides } from './conflicts.ts';
import type { GitPort } from './merge-ports.ts';
import { mergeTrees } from './merge-tree.ts';

/** A commit of the branch with the tree that it has on top of the base. */
export interface ReplayedCommit {
  original: ReplayableCommit;
  tree: string;
}

export type Replay =
  | { kind: 'clean'; tree: string; commits: readonly ReplayedCommit[] }
  | { kind: 'conflicts'; conflicts: readonly Conflict[] }
  /** A merge says how two sides fit together; replayed as a list of commits, that is lost. */
  | { kind: 'has-merges'; merges: readonly string[] };

/**
 * What `git rebase` would make of a branch's commits on top of the base, without a checkout. A commit whose change the
 * base already has is dropped; one that was empty from the start stays. Makes no ref.
 *
 * Git before 2.40 cannot be told which merge base to use. So each commit is merged with a temporary commit that has the
 * tree reached so far and the commit's own parent as its parent: their merge base is that parent, exactly.
 */
export async function replay(request: {
  git: Pick<GitPort, 'read' | 'direct'>;
  cwd: string;
  base: string;
  branch: string;
  sides: ConflictSides;
}): Promise<Replay> {
  const { git, cwd, base, branch, sides } = request;
  const commits = await readCommits(git, cwd, { from: base, to: branch });
  const merges = commits.filter(({ parents }) => parents.length > 1);
  if (merges.length > 0) return { kind: 'has-merges', merges: merges.map(({ hash }) => hash) };

  const trees = await treesOf(git, cwd, [base, ...commits.flatMap(({ parents }) => parents)]);
  let tree = trees.get(base) ?? '';
  const replayed: ReplayedCommit[] = [];
  for (const original of commits) {
    const parent = original.parents[0];
    // Without merges, a branch that shares a commit with its base reaches it by single parents.
    if (parent === undefined)
      throw new Error(`${original.hash} has no parent, but ${branch} shares commits with ${base}`);
    const parentTree = trees.get(parent);
    let next = original.tree;
    if (parentTree !== tree) {
      const ours = await temporaryCommit(git, cwd, { tree, parent });
      const merged = await mergeTrees({ git, cwd, ours, theirs: original.hash, sides });
      if (merged.kind === 'conflicts') return { kind: 'conflicts', conflicts: at(original, merged.conflicts) };
      next = merged.tree;
    }
    if (next !== tree || original.tree === parentTree) replayed.push({ original, tree: next });
    tree = next;
  }
  return { kind: 'clean', tree, commits: replayed };
}

/** Writes the replayed commits one on top of the other, and returns the last. Commits that need no change are kept. */
export async function writeReplay(request: {
  git: Pick<GitPort, 'direct'>;
  cwd: string;
  base: string;
  commits: readonly ReplayedCommit[];
  /** As in a commit object: name, address, seconds and zone. */
  committer: string;
}): Promise<string> {
  let parent = request.base;
  for (const { original, tree } of request.commits) {
    const isInPlace = original.parents[0] === parent && original.tree === tree;
    parent = isInPlace
      ? original.hash
      : await writeCommit(request.git, request.cwd, { original, tree, parent, committer: request.committer });
  }
  return parent;
}

const at = (commit: ReplayableCommit, conflicts: readonly Conflict[]): readonly Conflict[] =>
  conflicts.map(({ path, reason }) => ({
    path,
    reason: `${reason} (in commit ${commit.hash.slice(0, 9)} “${commit.subject}”)`,
  }));

async function treesOf(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { text } = await git.read({
    name: 'look up trees',
    cwd,
    args: ['cat-file', '--batch-check=%(objectname)'],
    input: commits.map((commit) => `${commit}^{tree}\n`).join(''),
  });
  const trees = text.split('\n');
  return new Map(
    commits.map((commit, index) => {
      const tree = trees[index] ?? '';
      if (!/^[0-9a-f]+$/u.test(tree)) {
        throw new GitError({
          call: 'look up trees',
          args: [],
          exitCode: 0,
          stderr: `error: commit ${commit} is not here`,
        });
      }
      return [commit, tree];
    }),
  );
}
