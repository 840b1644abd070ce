import { ExternalLink, GitPullRequest, RotateCw } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { longWords, openOnGithub, refreshPullRequest, toneOf } from '#renderer/state/pull-requests.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import type { PullRequest, PullRequestProgress } from '#shared/contract/pull-requests.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { RunId } from '#shared/ids.ts';

import styles from './PullRequestBar.module.css';

/** What is under way with a run's pull request. */
export function usePullRequestProgress(runId: RunId): PullRequestProgress {
  const [progress, setProgress] = useState<PullRequestProgress>({ kind: 'idle' });
  useEffect(() => {
    const feed = host.pullRequests.onDidProgress({ id: runId }, setProgress);
    return () => {
      feed.dispose();
    };
  }, [runId]);
  return progress;
}

/** How the run's pull request stands on GitHub, where there is one. */
export function PullRequestBar({ run }: { run: Run }): ReactNode {
  const pullRequest = useMirror((mirror) => mirror.pullRequests?.get(run.id) ?? null);
  return pullRequest === null ? null : <Bar run={run} pullRequest={pullRequest} />;
}

function Bar({ run, pullRequest }: { run: Run; pullRequest: PullRequest }): ReactNode {
  const { repository, number, state, seenAt, problem, comments } = pullRequest;
  const isBusy = usePullRequestProgress(run.id).kind === 'working';
  const [first, ...rest] = longWords(pullRequest);
  return (
    <section className={styles.bar} aria-label="Pull request">
      <GitPullRequest aria-hidden className={styles.icon} />
      <span className={styles.name} title={pullRequest.title} dir="auto">
        {repository}#{number}
      </span>
      <Badge tone={toneOf(pullRequest)}>{first}</Badge>
      <span className={styles.words} title={rest.join(' · ')}>
        {rest.join(' · ')}
        {comments.omitted > 0 ? ` · ${String(comments.omitted)} comments are more than are kept` : ''}
        {state === 'merged' && run.merged === null
          ? ` · The run is as it was: fetch ${pullRequest.base} to have it here, and decide`
          : ''}
        {problem === null ? '' : ` · ${problem}`}
      </span>
      <span className={styles.age}>
        seen <RelativeTime at={seenAt} ago />
      </span>
      <IconButton
        size="sm"
        label="Look again"
        icon={<RotateCw />}
        reason={isBusy ? 'It is being looked at.' : null}
        onClick={() => refreshPullRequest(run)}
      />
      <Button size="sm" variant="ghost" icon={<ExternalLink />} onClick={() => openOnGithub(pullRequest)}>
        On GitHub
      </Button>
    </section>
  );
}
