import type { Log } from '#main/base/log.ts';
import type { ReceivedComment } from '#main/services/comments/comments.ts';
import type { Gh } from '#main/services/gh/gh.ts';
import type { Git } from '#main/services/git/git.ts';
import type { CheckState } from '#shared/contract/gates.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

import type { PullRequestStore } from './pull-request-store.ts';

/*
 * What pull requests need of the other services, and no more. They are handed in by services.ts.
 */

/** What there is to know about a run to open a pull request for it. */
export interface ProposedRun {
  id: RunId;
  projectId: ProjectId;
  /** The project's main checkout. */
  projectPath: string;
  /** Short branch names. */
  branch: string;
  base: string;
  worktreePath: string;
  spec: { slug: string; title: string };
  agentLabel: string;
}

export interface PullRequestsOptions {
  git: Git;
  gh: Pick<Gh, 'run' | 'path'>;
  runs: { find(id: RunId): ProposedRun | null };
  /** Null: the project is not open. */
  storeOf: (id: ProjectId) => PullRequestStore | null;
  /** A spec's text as it is in the project now; null: there is none. */
  specOf: (id: ProjectId, slug: string) => Promise<{ title: string; body: string } | null>;
  checksOf: (id: RunId) => Promise<readonly CheckState[]>;
  comments: {
    receive(id: RunId, comments: readonly ReceivedComment[]): Promise<{ taken: number; omitted: number }>;
  };
  log: Log;
  now?: () => number;
}
