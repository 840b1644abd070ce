import { z } from 'zod';

import { projectId, runId, type RunId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

export type PullRequestState = 'draft' | 'open' | 'merged' | 'closed';

/** What GitHub's checks of a commit come to. `none`: it has no checks. */
export type PullRequestChecks = 'none' | 'pending' | 'passing' | 'failing';

/** A run's pull request on GitHub, as it was when it was looked at last. */
export interface PullRequest {
  runId: RunId;
  /** Such as `github.com`. */
  host: string;
  /** `owner/name`: where it is merged. */
  repository: string;
  /** Whose branch it is: the owner of the repository that was pushed to. */
  headOwner: string;
  number: number;
  /** Made by us from the three above, never taken from an answer. */
  url: string;
  title: string;
  state: PullRequestState;
  /** The branch that it is to be merged into. */
  base: string;
  /** The commit that it has; null where that was not said. */
  headCommit: string | null;
  checks: PullRequestChecks;
  /** How many of each, and the names of those that failed, at most 10. */
  checkCounts: { passed: number; failed: number; pending: number; failedNames: readonly string[] };
  /** What its reviewers have decided; null: nothing is asked for. */
  review: 'approved' | 'changes-requested' | 'required' | null;
  /** Review comments on lines and files that were taken over; `omitted`: beyond what is kept. */
  comments: { taken: number; omitted: number };
  /** When it was looked at last. */
  seenAt: number;
  /** Why the last look failed, in a sentence; what is said above is then as it was at `seenAt`. */
  problem: string | null;
}

/** A remote of the repository, and what it is to pull requests. */
export interface PullRequestRemote {
  name: string;
  /** As it stands in the repository's configuration. */
  address: string;
  /** `host/owner/name` where it is on GitHub; null: it is not. */
  repository: string | null;
  /** Why nothing can be pushed there from here, in a sentence; null when it can. */
  obstacle: string | null;
}

/** What would be pushed where, and what the pull request would say. Nothing has been done yet. */
export interface PullRequestPlan {
  remotes: readonly PullRequestRemote[];
  /** The one of them that is pushed to. */
  remote: string;
  /** Where it really goes, when the person's own Git configuration rewrites the address; else null. */
  rewrittenTo: string | null;
  /** `host/owner/name` that is pushed to, as GitHub names it now. */
  repository: string;
  /** Where a pull request can be opened: there, or in what it was forked from. */
  targets: readonly string[];
  target: string;
  branch: string;
  branchCommit: string;
  /** Where that branch is on the remote; null: it is not there. */
  remoteCommit: string | null;
  /** Whether a push only adds to it. False: the remote has commits that would be lost, so it is refused. */
  isForward: boolean;
  base: string;
  /** Whether the target has that branch. */
  hasBase: boolean;
  /** The commits that the remote has not got, the newest first, at most 100. `total`: how many there are. */
  commits: { total: number; listed: readonly { hash: string; subject: string }[] };
  /** Of those: how many are of the local base, which the target has not got either. */
  baseCommits: number;
  /** Files of the run's worktree with changes that are not committed. They are not pushed. At most 100 are listed. */
  uncommitted: { total: number; listed: readonly string[] };
  title: string;
  body: string;
  /** The branch's pull request, where there is one that is open. */
  existing: PullRequest | null;
}

export type PullRequestProgress =
  { kind: 'idle' } | { kind: 'working'; step: 'looking' | 'pushing' | 'opening' | 'reading' };

/** What can be in the way of everything that has to do with GitHub. */
export type GithubFailure =
  | { kind: 'gh-missing' }
  | { kind: 'not-signed-in'; host: string }
  | { kind: 'network'; message: string }
  | { kind: 'timed-out'; seconds: number }
  | { kind: 'no-access'; repository: string; message: string }
  | { kind: 'gh-failed'; message: string };

type Unready =
  | { kind: 'run-missing' }
  | { kind: 'branch-missing'; branch: string }
  | { kind: 'no-remote' }
  | { kind: 'no-github-remote'; remotes: readonly PullRequestRemote[] }
  | { kind: 'git-failed'; message: string }
  | { kind: 'cancelled' };

export type OpenFailure =
  | GithubFailure
  | Unready
  | { kind: 'under-way' }
  /** The branch or a remote is not what was looked at. */
  | { kind: 'moved' }
  | {
      kind: 'push-refused';
      /** `behind`: the remote has commits that this branch has not. `hook`: a rule or a program there said no. */
      why: 'behind' | 'hook' | 'access' | 'other';
      message: string;
    }
  /** Pushed, but there is one for this branch already. */
  | { kind: 'exists'; pullRequest: PullRequest }
  /** Pushed, but GitHub did not make a pull request of it. */
  | { kind: 'refused'; message: string };

const commit = z.string().regex(/^[0-9a-f]{40,64}$/);
const remoteName = z.string().min(1).max(200);
/** `host/owner/name`. */
const repository = z.string().regex(/^[A-Za-z0-9.-]{1,253}\/[A-Za-z0-9._-]{1,100}\/[A-Za-z0-9._-]{1,100}$/);

export const pullRequests = {
  /** The pull requests of the project's runs as they were seen last, and again whenever one changes. */
  onDidChange: feed(projectId, returns<readonly PullRequest[]>()),
  onDidProgress: feed(z.object({ id: runId }), returns<PullRequestProgress>()),
  /**
   * Looks at what opening one would do. Asks the remote and GitHub, writes nothing. `remote` and `target` null: `origin`, or the
   * first that is on GitHub; and what it was forked from, else itself.
   */
  plan: call(
    z.object({ id: runId, remote: remoteName.nullable(), target: repository.nullable() }),
    returns<PullRequestPlan>(),
    fails<GithubFailure | Unready>(),
  ),
  /**
   * Pushes the branch, never by force, and opens a pull request. `request` null: only pushes, for one that is open. The push
   * goes to the address that was looked at, and takes nothing of the repository's own configuration or hooks. A failure of the
   * push leaves everything as it was; one behind it leaves the branch on the remote.
   */
  open: call(
    z.object({
      id: runId,
      remote: remoteName,
      /** As they were looked at. */
      address: z.string().min(1).max(2000),
      branchCommit: commit,
      target: repository,
      request: z
        .object({
          title: z.string().trim().min(1).max(256),
          body: z.string().max(65_000),
          base: z.string().trim().min(1).max(200),
          isDraft: z.boolean(),
        })
        .nullable(),
    }),
    returns<{ pullRequest: PullRequest | null; pushed: boolean }>(),
    fails<OpenFailure>(),
  ),
  /** Ends what is under way. What was pushed by then stays pushed. */
  cancel: call(z.object({ id: runId }), returns<void>(), fails<never>()),
  /** Looks at a run's pull request, its checks and its review comments again. Finds one that was opened elsewhere, too. */
  refresh: call(
    z.object({ id: runId }),
    returns<PullRequest | null>(),
    fails<GithubFailure | Unready | { kind: 'under-way' }>(),
  ),
  /** Looks again at those that are open and were not looked at for so long. For a page that somebody looks at. */
  refreshOpen: call(
    z.object({ projectId, olderThanSeconds: z.number().int().min(60).max(86_400) }),
    returns<{ looked: number }>(),
    fails<never>(),
  ),
  /** Forgets the pull request of a run here. It stays on GitHub as it is. */
  forget: call(z.object({ id: runId }), returns<void>(), fails<{ kind: 'run-missing' }>()),
};
