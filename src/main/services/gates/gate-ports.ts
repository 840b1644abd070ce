import type { Disposable } from '#main/base/lifecycle.ts';
import type { Terminals } from '#main/services/terminals/terminals.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

import type { Gate } from './gate-config.ts';
import type { TestRunner } from './named-test.ts';
import type { UnreadableCheck } from './unreadable-check.ts';

/*
 * What checking needs of the other services, and no more. They are handed in by services.ts.
 */

export type TerminalsPort = Pick<
  Terminals,
  'create' | 'start' | 'kill' | 'remove' | 'list' | 'elsewhereIds' | 'text' | 'onDidChange'
>;

/** A criterion of a spec, as the person's own checkout has it: an agent cannot lower the bar that it has to clear. */
export interface Criterion {
  id: string;
  text: string;
  check: string | null;
}

/** What there is to know about a run to check it. */
export interface CheckedRun {
  id: RunId;
  projectId: ProjectId;
  spec: string;
  /** Other specs whose criteria count for it as well, because it brings their work together with its own. */
  alsoHolds: readonly string[];
  /** Its agent's turn is over and there is work to be looked at. */
  isInReview: boolean;
}

export interface RunsPort {
  find(id: RunId): CheckedRun | null;
  active(id: ProjectId): readonly CheckedRun[];
  onDidChange(listener: (id: ProjectId) => void): Disposable;
}

/** The command that an invariant of the project carries. */
export interface InvariantCommand {
  id: string;
  title: string;
  run: string;
  timeoutMinutes: number;
  when: 'change' | 'review';
}

export interface CheckedProject {
  id: ProjectId;
  commonDir: string;
  gates: readonly Gate[];
  invariantCommands: readonly InvariantCommand[];
  /** What else its files mean to check and cannot be read. */
  unreadable: readonly UnreadableCheck[];
  /** How a test is run by its name; null: the config does not say. */
  tests: TestRunner | null;
  /** Whether the person lets the commands of its config run. */
  isTrusted: boolean;
}

export interface ProjectsPort {
  find(id: ProjectId): CheckedProject | null;
  /** What there is to check in the project may be something else: its config, its invariants, its specs. */
  onDidChange(id: ProjectId, listener: () => void): Disposable;
}

export interface SpecsPort {
  /** None for a spec that is gone; its title is its slug then. */
  promises(id: ProjectId, spec: string): Promise<Promises>;
}

/** What a spec promises. */
export interface Promises {
  title: string;
  criteria: readonly Criterion[];
  /** Criteria that are meant and cannot be read. */
  unreadable: readonly UnreadableCheck[];
}

/** The tree of a run's worktree, with what is not committed. */
export interface PresentTree {
  tree: string;
  worktreePath: string;
}

export interface TreesPort {
  /** As it is now; null: it has no worktree. */
  look(id: RunId): Promise<PresentTree | null>;
  /** It was looked at for another reason. */
  onDidLook(listener: (seen: { runId: RunId; tree: string }) => void): Disposable;
}
