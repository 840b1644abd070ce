import { z } from 'zod';

import { runId } from '#shared/ids.ts';

import { call, fails, returns } from './define.ts';

/** A program that a run's worktree can be opened in. */
export interface OpenTarget {
  id: string;
  label: string;
  kind: 'editor' | 'terminal' | 'files';
  /** What is to be known of it, in a few words; null: nothing. */
  note: string | null;
  /** How to get it, where it is not on this machine; null: it is there. */
  missing: string | null;
}

export const openIn = {
  /** What there is on this machine, and what else could be. Looked for anew each time. */
  list: call(z.object({}), returns<readonly OpenTarget[]>(), fails<never>()),
  /** Opens a run's worktree in one of them. The program is started for itself: it stays when this app is closed. */
  open: call(
    z.object({ id: runId, target: z.string().min(1).max(40) }),
    returns<void>(),
    fails<
      | { kind: 'run-missing' }
      | { kind: 'worktree-missing' }
      | { kind: 'not-there'; missing: string }
      | { kind: 'could-not-start'; message: string }
    >(),
  ),
};
