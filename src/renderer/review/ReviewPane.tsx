import { GitMerge, GitPullRequest, GitPullRequestArrow, SquareTerminal } from 'lucide-react';
import { useCallback, useEffect, useState, type ReactNode } from 'react';

import { registerCommands } from '#renderer/state/commands.ts';
import { useRun } from '#renderer/state/mirror.ts';
import { whyNoPullRequest } from '#renderer/state/pull-requests.ts';
import { copyText, whyNoTerminal } from '#renderer/state/run-actions.ts';
import { dismissSince, sinceWords, useSince } from '#renderer/state/since-looked.ts';
import { useView } from '#renderer/state/view.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import { SinceBar } from '#renderer/ui/SinceBar.tsx';
import type { Review, ReviewState } from '#shared/contract/review.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { RunId } from '#shared/ids.ts';
import { workElsewhereWords } from '#shared/work-elsewhere-words.ts';

import { ChecksBar } from './ChecksBar.tsx';
import { DecisionBar } from './DecisionBar.tsx';
import { MergeDialog } from './MergeDialog.tsx';
import { PullRequestBar } from './PullRequestBar.tsx';
import { ReviewFiles } from './ReviewFiles.tsx';
import styles from './ReviewPane.module.css';
import { useReview } from './use-review.ts';

/** What one run changed since it left its base, the decision about it, and the way into the base. */
export function ReviewPane({ runId }: { runId: RunId }): ReactNode {
  const run = useRun(runId);
  const state = useReview(runId);
  if (!run) {
    return (
      <EmptyState
        icon={<GitPullRequestArrow />}
        title="This run is no longer there"
        actions={<Button onClick={() => useView.getState().closeReview()}>Close</Button>}
      >
        It was deleted or forgotten. If it was deleted here, its snapshot can bring the branch back.
      </EmptyState>
    );
  }
  return <RunReview key={runId} run={run} state={state} />;
}

function RunReview({ run, state }: { run: Run; state: ReviewState | null }): ReactNode {
  const [isMerging, setIsMerging] = useState(false);
  const review = state?.kind === 'review' ? state.review : null;
  const openMerge = useCallback(() => {
    setIsMerging(true);
  }, []);
  const whyNoMerge = mergeObstacle(run, review);
  const since = useSince(run.id);

  useEffect(() => {
    const commands = registerCommands([
      {
        id: 'review.merge',
        reason: () => whyNoMerge,
        run: openMerge,
      },
    ]);
    return () => {
      commands.dispose();
    };
  }, [openMerge, whyNoMerge]);

  return (
    <div className={styles.pane}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h1 className={styles.title} title={run.spec.title} dir="auto">
            {run.spec.title}
          </h1>
          <span className={styles.place}>
            <MiddleTruncate text={run.branch} mono />
            <span className={styles.into}>into</span>
            <code>{run.base}</code>
            <span className={styles.into}>by {run.agent.label}</span>
          </span>
        </div>
        {run.merged ? <Badge tone="success">merged</Badge> : null}
        <div className={styles.actions}>
          <Button
            size="sm"
            variant="ghost"
            icon={<SquareTerminal />}
            reason={whyNoTerminal(run)}
            onClick={() => useView.getState().openTerminal(run.id)}
          >
            Terminal
          </Button>
          <Button
            size="sm"
            variant="ghost"
            icon={<GitPullRequest />}
            reason={whyNoPullRequest(run)}
            onClick={() => useView.getState().openDialog({ kind: 'pull-request', runId: run.id })}
          >
            Pull request…
          </Button>
          <Button size="sm" variant="primary" icon={<GitMerge />} reason={whyNoMerge} onClick={openMerge}>
            Merge…
          </Button>
        </div>
      </header>
      {since ? <SinceBar at={since.at} lines={since.lines.map(sinceWords)} onDismiss={dismissSince} /> : null}
      <ElsewhereNotice run={run} />
      <DecisionBar run={run} />
      <PullRequestBar run={run} />
      {run.merged === null ? <ChecksBar run={run} /> : null}
      <div className={styles.body}>
        <Body run={run} state={state} />
      </div>
      {isMerging ? <MergeDialog run={run} onClose={() => setIsMerging(false)} /> : null}
    </div>
  );
}

/** What its agent did on another branch is not in what is shown below, and would not be merged. */
function ElsewhereNotice({ run }: { run: Run }): ReactNode {
  const words = run.merged === null ? workElsewhereWords(run) : null;
  if (words === null) return null;
  const commands = words.commands.join(' && ');
  return (
    <div className={styles.notice}>
      <Callout
        tone="warning"
        title="Not all of its work is shown here"
        actions={
          <>
            <Button size="sm" reason={whyNoTerminal(run)} onClick={() => useView.getState().openTerminal(run.id)}>
              Open its terminal
            </Button>
            <Button size="sm" onClick={() => copyText('command', commands)}>
              Copy the command
            </Button>
          </>
        }
      >
        {words.fact} A review and a merge take what is on {run.branch}. {words.safe} To take it over, ask the agent for
        this, or type it in its worktree: <code>{commands}</code>
      </Callout>
    </div>
  );
}

function mergeObstacle(run: Run, review: Review | null): string | null {
  if (run.merged) return `It is in ${run.merged.into} already.`;
  if (!run.presence.branch) return 'Its branch is gone.';
  if (review !== null && review.commits.length === 0) {
    return review.files.length > 0
      ? 'Nothing is committed yet: a merge takes commits. Ask the agent to commit its work.'
      : 'There is nothing to merge yet.';
  }
  return null;
}

function Body({ run, state }: { run: Run; state: ReviewState | null }): ReactNode {
  if (state === null) {
    return <Loading label="Looking at what changed" />;
  }
  if (state.kind === 'nothing-there') return <NothingThere run={run} reason={state.reason} />;
  if (state.review.files.length === 0) {
    return (
      <EmptyState icon={<GitPullRequestArrow />} title="No changes yet">
        Files appear here as the agent writes them, committed or not.
      </EmptyState>
    );
  }
  return <ReviewFiles run={run} review={state.review} />;
}

function NothingThere({
  run,
  reason,
}: {
  run: Run;
  reason: Extract<ReviewState, { kind: 'nothing-there' }>['reason'];
}): ReactNode {
  const words: Readonly<Record<typeof reason, { title: string; text: string }>> = {
    'branch-missing': {
      title: 'Its branch is gone',
      text: `${run.branch} was deleted outside of this app. Its commits can still be in Git’s reflog for a while.`,
    },
    'base-missing': {
      title: `There is no branch ${run.base} any more`,
      text: 'There is nothing to compare with. Bring the base back, and the review is here again.',
    },
    'unrelated-histories': {
      title: 'No common history',
      text: `${run.branch} and ${run.base} have no commit in common, so there is no start to compare with.`,
    },
    'not-started': { title: 'Nothing to review yet', text: 'The branch is being made.' },
    'run-missing': { title: 'This run is no longer there', text: 'It was deleted meanwhile.' },
  };
  return (
    <EmptyState icon={<GitPullRequestArrow />} title={words[reason].title}>
      {words[reason].text}
    </EmptyState>
  );
}
