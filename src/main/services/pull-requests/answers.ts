import { z } from 'zod';

import type { PullRequest, PullRequestState } from '#shared/contract/pull-requests.ts';

/*
 * What GitHub answers, as far as it is read. All of it is somebody else's words: it is bounded, and shown as text.
 */

const login = z.object({ login: z.string().max(100) });
const hash = z.string().regex(/^[0-9a-f]{40,64}$/u);

export const errorBody = z.object({
  message: z.string().optional(),
  status: z.string().optional(),
  errors: z
    .array(z.object({ message: z.string().optional(), field: z.string().optional(), code: z.string().optional() }))
    .optional(),
});

export const repositoryAnswer = z.object({
  repository: z
    .object({
      name: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/u),
      owner: z.object({ login: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/u) }),
      viewerPermission: z.string().nullable(),
      isArchived: z.boolean(),
      parent: z
        .object({
          name: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/u),
          owner: z.object({ login: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/u) }),
        })
        .nullable(),
    })
    .nullable(),
});

const context = z.union([
  z.object({
    __typename: z.literal('CheckRun'),
    name: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
  }),
  z.object({ __typename: z.literal('StatusContext'), context: z.string(), state: z.string() }),
]);

const rollup = z
  .object({ state: z.string(), contexts: z.object({ totalCount: z.number(), nodes: z.array(context) }) })
  .nullable();

const seenPullRequest = z.object({
  number: z.number().int().positive(),
  title: z.string(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean(),
  baseRefName: z.string(),
  headRefOid: hash.nullable(),
  headRepositoryOwner: login.nullable(),
  reviewDecision: z.string().nullable(),
  commits: z.object({ nodes: z.array(z.object({ commit: z.object({ statusCheckRollup: rollup }) })) }),
});
export type SeenPullRequest = z.output<typeof seenPullRequest>;

export const branchAnswer = z.object({
  repository: z.object({ pullRequests: z.object({ nodes: z.array(seenPullRequest) }) }).nullable(),
});

const seenThread = z.object({
  id: z.string().min(1).max(200),
  isResolved: z.boolean(),
  path: z.string().min(1).max(4096),
  /** In the present commit; null: it is about the file, or the line is gone. */
  line: z.number().int().positive().nullable(),
  originalLine: z.number().int().positive().nullable(),
  diffSide: z.enum(['LEFT', 'RIGHT']).nullable(),
  comments: z.object({
    nodes: z.array(
      z.object({
        id: z.string().min(1).max(200),
        databaseId: z.number().int().nullable(),
        body: z.string(),
        createdAt: z.string(),
        author: login.nullable(),
        originalCommit: z.object({ oid: hash }).nullable(),
        pullRequestReview: z.object({ state: z.string() }).nullable(),
      }),
    ),
  }),
});
export type SeenThread = z.output<typeof seenThread>;

export const threadsAnswer = z.object({
  repository: z
    .object({
      pullRequest: z
        .object({
          reviewThreads: z.object({
            pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
            nodes: z.array(seenThread),
          }),
        })
        .nullable(),
    })
    .nullable(),
});

export const stateOf = ({ state, isDraft }: SeenPullRequest): PullRequestState =>
  state === 'MERGED' ? 'merged' : state === 'CLOSED' ? 'closed' : isDraft ? 'draft' : 'open';

const passed = new Set(['SUCCESS', 'NEUTRAL', 'SKIPPED']);
const mostNames = 10;

/** What the checks of a pull request's commit come to, and how many there are of each kind. */
export function checksOf({ commits }: SeenPullRequest): Pick<PullRequest, 'checks' | 'checkCounts'> {
  const found = commits.nodes.at(-1)?.commit.statusCheckRollup ?? null;
  const counts = { passed: 0, failed: 0, pending: 0, failedNames: [] as string[] };
  if (found === null || found.contexts.totalCount === 0) return { checks: 'none', checkCounts: counts };
  for (const each of found.contexts.nodes) {
    const isCheck = each.__typename === 'CheckRun';
    const isPending = isCheck ? each.status !== 'COMPLETED' : ['PENDING', 'EXPECTED'].includes(each.state);
    const outcome = isCheck ? (each.conclusion ?? '') : each.state;
    if (isPending) counts.pending++;
    else if (passed.has(outcome)) counts.passed++;
    else {
      counts.failed++;
      if (counts.failedNames.length < mostNames) {
        counts.failedNames.push((isCheck ? each.name : each.context).slice(0, 100));
      }
    }
  }
  // Of more than are read one by one, GitHub's own sum stands.
  const isMore = found.contexts.totalCount > found.contexts.nodes.length;
  const sumFails = isMore && ['FAILURE', 'ERROR'].includes(found.state);
  const sumWaits = isMore && ['PENDING', 'EXPECTED'].includes(found.state);
  const checks = counts.failed > 0 || sumFails ? 'failing' : counts.pending > 0 || sumWaits ? 'pending' : 'passing';
  return { checks, checkCounts: counts };
}

export function reviewOf({ reviewDecision }: SeenPullRequest): PullRequest['review'] {
  switch (reviewDecision) {
    case 'APPROVED':
      return 'approved';
    case 'CHANGES_REQUESTED':
      return 'changes-requested';
    case 'REVIEW_REQUIRED':
      return 'required';
    case null:
    default:
      return null;
  }
}
