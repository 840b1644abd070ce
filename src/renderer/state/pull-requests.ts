import { host } from '#renderer/app/host.ts';
import { notify, perform, reportFaultUnlessAway } from '#renderer/ui/notify.ts';
import type { PullRequest } from '#shared/contract/pull-requests.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { ProjectId } from '#shared/ids.ts';

import { useMirror } from './mirror.ts';
import { pullRequestFailure } from './pull-request-failures.ts';

export type Tone = 'neutral' | 'success' | 'warning' | 'danger' | 'accent';

const stateWords = { draft: 'draft', open: 'open', merged: 'merged', closed: 'closed' } as const;
const checkWords = { none: '', pending: 'checks running', passing: 'checks pass', failing: 'checks fail' } as const;
const reviewWords = {
  approved: 'approved',
  'changes-requested': 'changes asked for',
  required: 'to be reviewed',
} as const;

/** Such as `PR #12 checks fail`, or `PR #12 draft, checks pass`. */
export function shortWords({ number, state, checks }: PullRequest): string {
  const isOpen = state === 'open' || state === 'draft';
  // One with checks that is neither of the others is open.
  const hasChecks = isOpen && checks !== 'none';
  const words = [state === 'open' && hasChecks ? '' : stateWords[state], hasChecks ? checkWords[checks] : ''].filter(
    (each) => each !== '',
  );
  return `PR #${String(number)} ${words.join(', ')}`;
}

/** Everything that is known of it, part by part. */
export function longWords({ state, checks, checkCounts, review }: PullRequest): readonly string[] {
  const { passed, failed, pending, failedNames } = checkCounts;
  const names = failedNames.length === 0 ? '' : ` (${failedNames.slice(0, 3).join(', ')})`;
  const counts = [
    ...(failed > 0 ? [`${String(failed)} failed${names}`] : []),
    ...(pending > 0 ? [`${String(pending)} running`] : []),
    ...(passed > 0 ? [`${String(passed)} passed`] : []),
  ];
  return [
    stateWords[state],
    checks === 'none' ? 'no checks' : `checks: ${counts.length === 0 ? checkWords[checks] : counts.join(', ')}`,
    ...(review === null ? [] : [reviewWords[review]]),
  ];
}

export function toneOf({ state, checks, review }: PullRequest): Tone {
  if (state === 'merged') return 'success';
  if (state === 'closed') return 'neutral';
  if (checks === 'failing') return 'danger';
  if (review === 'changes-requested') return 'warning';
  return state === 'open' && checks === 'passing' ? 'success' : 'accent';
}

/** Why there can be no pull request of it, or null. */
export const whyNoPullRequest = (run: Run): string | null => {
  if (!run.presence.branch) return 'There is no branch to push.';
  return run.changes?.commits === 0 && run.merged === null ? 'Nothing is committed yet: a push takes commits.' : null;
};

/** Shows it on GitHub, in the person's own browser. */
export const openOnGithub = ({ url }: Pick<PullRequest, 'url'>): void => {
  window.open(url, '_blank', 'noopener,noreferrer');
};

export function refreshPullRequest(run: Run): void {
  perform('Look at the pull request', async () => {
    const looked = await host.pullRequests.refresh({ id: run.id });
    if (looked.ok) {
      if (looked.value === null) {
        notify.info({ title: 'There is no pull request of this branch', description: 'Nothing was changed.' });
      }
      return;
    }
    const { title, text } = pullRequestFailure(looked.error);
    notify.warn({ title, description: text });
  });
}

/** How old what is shown may become while somebody looks at it. */
const gentleSeconds = 120;

/** Looks at open pull requests again now and then, as long as there are any and the page is looked at. */
export function watchPullRequests(projectId: ProjectId): Disposable {
  const look = (): void => {
    const known = useMirror.getState().pullRequests;
    const isOpen =
      known !== null && Array.from(known.values()).some(({ state }) => state === 'open' || state === 'draft');
    if (!isOpen || document.visibilityState !== 'visible') return;
    host.pullRequests.refreshOpen({ projectId, olderThanSeconds: gentleSeconds }).catch((error: unknown) => {
      // The host is away: it is asked again later.
      reportFaultUnlessAway('Look at the pull requests', error);
    });
  };
  const timer = setInterval(look, (gentleSeconds * 1000) / 4);
  document.addEventListener('visibilitychange', look);
  return {
    dispose: () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    },
  };
}
