import { z } from 'zod';

import { runId } from '#shared/ids.ts';

import { call, fails, returns } from './define.ts';

const path = z.string().min(1).max(4096);

/** A file of a run's worktree, as it is now. */
export type RunFile =
  | { kind: 'text'; text: string; language: string; bytes: number }
  | { kind: 'binary'; bytes: number }
  /** Over `fileLimitBytes`: not loaded. */
  | { kind: 'huge'; bytes: number };

/** A file larger than this is not shown: an editor of text files takes seconds to lay it out. */
export const fileLimitBytes = 5_000_000;

/** How many names can be asked about at once. */
export const mostNames = 64;

export const files = {
  /**
   * For each name as a program has printed it (relative to the worktree, or absolute): the path from the worktree's top of
   * the file that it means, or null when there is none in the worktree. Links that lead out of it mean nothing.
   */
  find: call(
    z.object({ id: runId, names: z.array(path).max(mostNames) }),
    returns<readonly (string | null)[]>(),
    fails<{ kind: 'run-missing' }>(),
  ),
  /** Whether a file that `find` has named is among what the run changed. */
  isChanged: call(z.object({ id: runId, path }), returns<boolean>(), fails<{ kind: 'run-missing' }>()),
  read: call(
    z.object({ id: runId, path }),
    returns<RunFile>(),
    fails<{ kind: 'run-missing' } | { kind: 'not-there' }>(),
  ),
};
