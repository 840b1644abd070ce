import type { Agents } from '#main/services/agents/agents.ts';
import type { Prompts } from '#main/services/prompts/prompts.ts';
import type { Snapshots } from '#main/services/snapshots/snapshots.ts';
import type { Specs } from '#main/services/specs/specs.ts';
import type { Terminals } from '#main/services/terminals/terminals.ts';
import type { Worktrees } from '#main/services/worktrees/worktrees.ts';
import type { ProjectId } from '#shared/ids.ts';

import type { PortBlocks } from './port-blocks.ts';

/*
 * What the runs service needs of the other services, and no more. They are handed in by services.ts; the tests hand in
 * real ones where that is cheap.
 */

/** A command of the project's config. */
export interface ProjectCommand {
  command: string;
  timeoutMilliseconds: number;
}

export interface RunProject {
  id: ProjectId;
  path: string;
  /** Where the state file lies: the repository's common Git directory. */
  commonDir: string;
  defaultBase: string;
  branches: readonly string[];
  /** Absolute. */
  worktreeFolder: string;
  branchTemplate: string;
  /** Globs of ignored files to copy besides what `.worktreeinclude` names. */
  copy: readonly string[];
  /** Folders of dependencies that are copied while their lockfile is the same. */
  dependencies: readonly { folder: string; lockfile: string | null }[];
  /** The only folders that worktrees have files of, besides those at the top; empty: all. */
  sparse: readonly string[];
  setup: ProjectCommand | null;
  /** Runs before a run's worktree is removed. */
  teardown: ProjectCommand | null;
  /** Whether a spawn does anything that the person has to have trusted the repository's config for. */
  needsTrust: boolean;
  /** Whether what the repository's config names may be done. */
  isTrusted: boolean;
}

export interface ProjectsPort {
  /** The project as it is now; undefined when it is not open. */
  find(id: ProjectId): RunProject | undefined;
}

/** Blocks of ports, one for each run. */
export type PortsPort = Pick<PortBlocks, 'claim' | 'release' | 'keepOnly'>;
export type SpecsPort = Pick<Specs, 'find'>;
export type PromptsPort = Pick<Prompts, 'composeFor'>;
export type WorktreesPort = Pick<
  Worktrees,
  'create' | 'findNotedBranch' | 'presence' | 'changes' | 'mergedInto' | 'planRemoval' | 'remove' | 'workSoFar'
>;
export type SnapshotsPort = Pick<Snapshots, 'list' | 'restore'>;
export type AgentsPort = Pick<
  Agents,
  'find' | 'launch' | 'forget' | 'typedMessage' | 'nextStatus' | 'sessionOf' | 'doingIn'
>;
export type TerminalsPort = Pick<
  Terminals,
  | 'list'
  | 'elsewhere'
  | 'create'
  | 'print'
  | 'start'
  | 'type'
  | 'text'
  | 'reports'
  | 'processorTime'
  | 'leftRunning'
  | 'pause'
  | 'unpause'
  | 'kill'
  | 'remove'
  | 'onDidChange'
  | 'onDidReportProgress'
>;
