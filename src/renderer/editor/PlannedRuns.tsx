import { CircleAlert, GitBranch, Terminal } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { useMirror } from '#renderer/state/mirror.ts';
import { classNames } from '#renderer/ui/class-names.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import type { PlannedRun } from '#shared/contract/runs.ts';
import type { SpecSummary } from '#shared/contract/specs.ts';

import styles from './PlannedRuns.module.css';
import { PromptPreview } from './PromptPreview.tsx';

/** Every run as it would be made, and for the chosen one the prompt that it would be sent. */
export function PlannedRuns({
  planned,
  specs,
}: {
  planned: readonly PlannedRun[] | null;
  specs: readonly SpecSummary[];
}): ReactNode {
  const [chosen, setChosen] = useState(0);
  const agents = useMirror((mirror) => mirror.agents) ?? [];
  // While a new plan is made the last one stays, so that nothing jumps as the person types.
  const [last, setLast] = useState(planned);
  if (planned !== null && planned !== last) setLast(planned);
  const shown = planned ?? last;

  if (shown === null) return <EmptyState compact title="Looking at what this would make…" />;
  const run = shown[Math.min(chosen, shown.length - 1)];
  if (!run) {
    return (
      <EmptyState compact icon={<Terminal />} title="No run yet">
        Pick an agent on the left, and see here the branch, the worktree and the exact prompt.
      </EmptyState>
    );
  }
  return (
    <div className={styles.planned}>
      <ul className={styles.list} aria-label="Runs to be made">
        {shown.map((each, index) => (
          <li key={each.branch}>
            <button
              type="button"
              className={classNames(styles.run, each === run && styles.chosen)}
              aria-pressed={each === run}
              onClick={() => setChosen(index)}
            >
              <span className={styles.line}>
                <GitBranch className={styles.icon} aria-hidden />
                <MiddleTruncate text={each.branch} />
                <span className={styles.from}>from {each.base}</span>
              </span>
              <span className={styles.detail}>
                {agents.find((agent) => agent.id === each.agentId)?.label ?? each.agentId}
                {each.variant === null ? '' : `, variant ${String(each.variant)}`}
                {specs.length > 1 ? ` · ${specs.find((spec) => spec.slug === each.slug)?.title ?? each.slug}` : ''}
              </span>
              {each.waits === null ? null : <span className={styles.detail}>{each.waits}</span>}
              {each.obstacles.map((obstacle) => (
                <span key={obstacle} className={styles.obstacle}>
                  <CircleAlert aria-hidden /> {obstacle}
                </span>
              ))}
            </button>
          </li>
        ))}
      </ul>
      <dl className={styles.facts}>
        <dt>Worktree</dt>
        <dd>
          <MiddleTruncate text={run.worktreePath} />
        </dd>
        {run.setupCommand === null ? null : (
          <>
            <dt>Setup</dt>
            <dd>
              <code>{run.setupCommand}</code>
            </dd>
          </>
        )}
      </dl>
      <div className={styles.prompt}>
        {run.prompt ? (
          <PromptPreview prompt={run.prompt} />
        ) : (
          <EmptyState compact icon={<Terminal />} title="No prompt is sent">
            A shell: you type, in the run’s own worktree.
          </EmptyState>
        )}
      </div>
    </div>
  );
}
