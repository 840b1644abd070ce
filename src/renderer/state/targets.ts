import { create } from 'zustand';

import type { TerminalMatch } from '#shared/contract/terminals.ts';
import type { RunId } from '#shared/ids.ts';

/** A hit that a run's terminal is to show. */
export interface TerminalTarget {
  runId: RunId;
  match: TerminalMatch;
}

/** A place in a file that is to be shown; from 1. */
export interface FileTarget {
  runId: RunId;
  path: string;
  line: number | null;
  column: number | null;
  /** In the review, a line of the file as it was before. */
  side?: 'before';
}

/**
 * Where inside a feature the person asked to go, from another one. The feature goes there when it sees it; a new object asks
 * again.
 */
interface Targets {
  terminal: TerminalTarget | null;
  review: FileTarget | null;
  file: FileTarget | null;
  /** The checks of a run, opened in its review. */
  checks: { runId: RunId } | null;
}

export const useTargets = create<Targets>()(() => ({ terminal: null, review: null, file: null, checks: null }));

export const aimAt = (targets: Partial<Targets>): void => {
  useTargets.setState(targets);
};
