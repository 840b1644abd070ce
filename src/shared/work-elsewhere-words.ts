import type { Run } from '#shared/contract/runs.ts';

import { counted } from './counted.ts';

/** What is said of a run whose worktree has something else checked out than its branch. */
export interface WorkElsewhereWords {
  /** What is so. */
  fact: string;
  /** What is safe. */
  safe: string;
  /** What to type in its worktree, one command a line. */
  commands: readonly string[];
}

/** Null: its worktree has its branch. */
export function workElsewhereWords({ branch, presence }: Pick<Run, 'branch' | 'presence'>): WorkElsewhereWords | null {
  const { elsewhere } = presence;
  if (elsewhere === undefined) return null;
  const { commits } = elsewhere;
  const place = elsewhere.branch === null ? 'on no branch (a detached HEAD)' : `on the branch ${elsewhere.branch}`;
  const what =
    commits === 0 ? '' : ` ${counted(commits, 'commit')} there ${commits === 1 ? 'is' : 'are'} not on ${branch}.`;
  const back = `git switch ${isPlain(branch) ? branch : `'${branch.replaceAll("'", String.raw`'\''`)}'`}`;
  const source = elsewhere.branch !== null && isPlain(elsewhere.branch) ? elsewhere.branch : elsewhere.commit;
  return {
    fact: `Its worktree is ${place}, not on ${branch}.${what}`,
    safe:
      elsewhere.branch === null
        ? 'The commits stay for as long as the worktree does, and a snapshot keeps them when it is deleted here.'
        : `What is committed is safe on ${elsewhere.branch}, which is not deleted with the run.`,
    commands: commits === 0 ? [back] : [back, `git merge ${source}`],
  };
}

/** A name of Git's can hold what a shell acts on, and an agent has chosen this one. */
const isPlain = (name: string): boolean => /^[\w./-]+$/u.test(name);
