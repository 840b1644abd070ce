import { z } from 'zod';

import { projectId, runId, type RunId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

/** A place at which a branch breaks a rule of an invariant. */
export interface InvariantFinding {
  /** The invariant's id, and its title. */
  invariant: string;
  title: string;
  rule: 'forbid' | 'require' | 'dependencies' | 'limit' | 'lines';
  /** The file; null where it is about the whole change. */
  path: string | null;
  /** The line of the branch's file, from 1; null where it is about the whole file, or the file is gone. */
  line: number | null;
  /** What is wrong, in a sentence. */
  words: string;
}

/** An invariant that a run was not given as it is now. */
export interface ChangedInvariant {
  id: string;
  title: string;
  change: 'added' | 'changed' | 'removed';
  /** Versions, as prompts name them: what the run was given, and what holds now. */
  given: string | null;
  now: string | null;
}

/** What is known of one run and the rules of its project. */
export interface RunInvariants {
  runId: RunId;
  /** The tree that was looked at, uncommitted work included; null: it has not been yet. */
  tree: string | null;
  /** How many invariants have rules that were checked. */
  checked: number;
  /** At most 200. */
  findings: readonly InvariantFinding[];
  /** How many there are besides. */
  omitted: number;
  /** What could not be checked, and why, in sentences. Rules that cannot be read stand among the run’s checks. */
  unchecked: readonly string[];
  /** Files that it changes outside of its spec's footprint; at most 100 are named. */
  strays: { count: number; paths: readonly string[] };
  /** The invariants that have changed since it was given them. */
  behind: readonly ChangedInvariant[];
}

export type InvariantFeed =
  | { kind: 'all'; runs: readonly RunInvariants[] }
  | { kind: 'changed'; run: RunInvariants }
  | { kind: 'removed'; runId: RunId };

type RunMissing = { kind: 'run-missing' };

export const invariants = {
  /** Each branch that may still be merged, held against the rules again whenever it, or a rule, changes. */
  onDidChange: feed(projectId, returns<InvariantFeed>()),
  /** Looks at a run's worktree anew; returns when what is known of it has been told. */
  check: call(z.object({ id: runId }), returns<void>(), fails<RunMissing>()),
  /**
   * Tells a run's agent, the way it takes a message: which invariants have changed, with their text now, so that it is not
   * behind any more; or what its branch breaks.
   */
  tell: call(
    z.object({ id: runId, what: z.enum(['changes', 'findings']) }),
    returns<void>(),
    fails<
      RunMissing | { kind: 'not-running' } | { kind: 'asks' } | { kind: 'not-read' } | { kind: 'nothing-to-tell' }
    >(),
  ),
};
