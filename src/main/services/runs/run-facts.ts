import { isAncestor } from '#main/services/git/ancestry.ts';
import type { Git } from '#main/services/git/git.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { RunId } from '#shared/ids.ts';

import type { RunFacts, RunPlace } from './project-runs.ts';
import type { WorktreesPort } from './run-ports.ts';

/** Asks Git what is true of a run. */
export function runFacts(options: {
  git: Pick<Git, 'read'>;
  worktrees: Pick<WorktreesPort, 'presence' | 'changes' | 'mergedInto'>;
  /** The merges of a run that were written down, also those that were not made; the latest first. */
  mergesOf?: (id: RunId) => readonly NonNullable<Run['merged']>[];
  /** Resolves when what a person waits for first has been shown. */
  whenShown?: () => Promise<void>;
}): RunFacts {
  const { git, worktrees, mergesOf = () => [], whenShown = () => Promise.resolve() } = options;

  const baseContains = (place: RunPlace, commit: string): Promise<boolean> =>
    isAncestor(git, place.projectPath, { ancestor: commit, of: `refs/heads/${place.base}` });

  /** Whether what we merged is still all that there is. A branch that is gone has got nothing new. */
  const holds = async (place: RunPlace, recorded: NonNullable<Run['merged']>, tip: string | null): Promise<boolean> => {
    if (!(await baseContains(place, recorded.commit))) return false;
    return tip === null || tip === recorded.branchCommit || (await baseContains(place, tip));
  };

  return {
    presence: async (place) => {
      await whenShown();
      return worktrees.presence(place);
    },
    changes: async (place) => {
      await whenShown();
      return worktrees.changes(place);
    },
    merged: async (id, place, recorded): Promise<Run['merged']> => {
      await whenShown();
      const [tip = null] = await resolveCommits(git, place.projectPath, [`refs/heads/${place.branch}`]);
      if (recorded && (await holds(place, recorded, tip))) return recorded;
      // Of a merge whose host was killed before the run was recorded as merged, and of one whose base was elsewhere for a time.
      for (const made of mergesOf(id)) {
        if (made.into === place.base && (await holds(place, made, tip))) return made;
      }
      const { baseCommit } = place;
      if (tip === null || baseCommit === null || !(await worktrees.mergedInto({ ...place, baseCommit }))) return null;
      return { commit: tip, into: place.base, method: 'outside', at: null, branchCommit: tip };
    },
  };
}
