import { z } from 'zod';

import { projectId, type ProjectId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

/** A repository open in one window, as Git and its config file say it is now. */
export interface Project {
  id: ProjectId;
  /** Canonical path of the main checkout. */
  path: string;
  /** The folder's name. */
  name: string;
  /** The branch of the person's own checkout; null when HEAD is detached. */
  headBranch: string | null;
  /** Whether the person's own checkout has changes that are not committed. */
  checkoutIsDirty: boolean;
  /** The branch that new runs start from when a spec names none. */
  defaultBase: string;
  /** Local branches, most recently committed first. */
  branches: readonly string[];
  /** Whether `.switchyard/config.yaml` and `specs/` are there. */
  isSetUp: boolean;
  config: ProjectConfigState;
  trust: TrustState;
}

export interface ProjectConfigState {
  /** What holds now: the file's values, or the defaults where it says nothing or is broken. */
  worktreeFolder: string;
  branchTemplate: string;
  copy: readonly string[];
  setupCommand: string | null;
  mergeMethod: 'merge' | 'squash' | 'rebase';
  /** What runs on the merged files before the train merges, by title: gates, and the commands of invariants. */
  gatesOfMerge: readonly string[];
  problems: readonly ConfigProblem[];
}

/** Something wrong in one of the files that say how the project is worked on. */
export interface ConfigProblem {
  /** The file, from the top of the project. */
  path: string;
  /** From 1; null: the whole file. */
  line: number | null;
  /** A sentence. */
  message: string;
  /** A check may be missing because of it, so the train merges nothing until it is gone. */
  stopsTrain: boolean;
}

/**
 * Whether commands that the repository's config names may run. They run only after the person said so, and are asked
 * about again when they change, because an agent can write that file.
 */
export type TrustState =
  | { kind: 'nothing-to-trust' }
  | { kind: 'trusted' }
  | { kind: 'asks'; commands: readonly { where: string; command: string }[]; fingerprint: string };

export interface RecentProject {
  path: string;
  name: string;
  openedAt: number;
  exists: boolean;
}

/** Why a folder cannot be opened as a project. Each has its own answer, and where there is one, a next step. */
export type OpenFailure =
  | { kind: 'not-found'; path: string }
  | { kind: 'not-a-folder'; path: string }
  | { kind: 'no-permission'; path: string }
  | { kind: 'not-a-repository'; path: string }
  | { kind: 'bare-repository'; path: string }
  | { kind: 'no-commits'; path: string }
  | { kind: 'linked-worktree'; path: string; mainPath: string }
  | { kind: 'inside-repository'; path: string; rootPath: string }
  | { kind: 'unsafe-ownership'; path: string; owner: string }
  /** Another installation of Switchyard has it open: another state folder, or another person's. */
  | { kind: 'open-elsewhere'; path: string }
  /** Another window of this host has it open, and has been brought to the front. */
  | { kind: 'in-another-window'; path: string }
  /** The record of its runs, the file at `path`, was written by a newer version. */
  | { kind: 'newer-state'; path: string }
  /** That record cannot be opened just now: no space, no permission, locked. */
  | { kind: 'state-unusable'; path: string; message: string }
  | { kind: 'git-missing' }
  | { kind: 'git-too-old'; found: string; needed: string }
  | { kind: 'git-failed'; message: string };

export interface SetupFile {
  /** Relative to the project's top folder. */
  path: string;
  text: string;
  /** A file that is there already is never touched. */
  exists: boolean;
}

export interface PathCompletion {
  path: string;
  name: string;
  isRepository: boolean;
}

export const projects = {
  open: call(z.object({ path: z.string().min(1).max(4096) }), returns<Project>(), fails<OpenFailure>()),
  onDidChange: feed(projectId, returns<Project>()),
  listRecent: call(z.object({}), returns<readonly RecentProject[]>(), fails<never>()),
  forgetRecent: call(z.object({ path: z.string() }), returns<void>(), fails<never>()),
  /** Folders that complete a typed path; at most 50, repositories first. */
  completePath: call(z.object({ text: z.string().max(4096) }), returns<readonly PathCompletion[]>(), fails<never>()),
  /** Makes a repository of a folder that is none: `git init`, nothing else. The person asked for it. */
  initialise: call(z.object({ path: z.string().min(1) }), returns<void>(), fails<OpenFailure>()),
  /** Makes the first commit of a repository that has none: of nothing, so that no file is taken in unasked. */
  createFirstCommit: call(z.object({ path: z.string().min(1) }), returns<void>(), fails<OpenFailure>()),
  /** Makes the sample repository with three specs in a new folder and returns its path. */
  createDemo: call(
    z.object({}),
    returns<{ path: string }>(),
    fails<{ kind: 'could-not-write'; path: string; message: string }>(),
  ),
  planSetup: call(z.object({ projectId }), returns<readonly SetupFile[]>(), fails<never>()),
  /** Writes the files of the plan that are not there yet. Nothing is overwritten, nothing is committed. */
  setUp: call(
    z.object({ projectId }),
    returns<{ written: readonly string[] }>(),
    fails<{ kind: 'could-not-write'; path: string; message: string }>(),
  ),
  /** The person lets the commands with this fingerprint run. Refused when they changed meanwhile. */
  trust: call(z.object({ projectId, fingerprint: z.string() }), returns<void>(), fails<{ kind: 'commands-changed' }>()),
};
