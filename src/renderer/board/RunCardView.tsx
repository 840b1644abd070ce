import { Check, Ellipsis, GitBranch, GitCompareArrows, SquareTerminal } from 'lucide-react';
import { memo, useState, type ReactNode } from 'react';

import { collisionsOfRun } from '#renderer/state/collisions.ts';
import { summarise } from '#renderer/state/check-summary.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { expectRun, expectRunNoLonger, openRun, whyNoReview, whyNoTerminal } from '#renderer/state/run-actions.ts';
import { longWords, shortWords, toneOf } from '#renderer/state/pull-requests.ts';
import { runMenu } from '#renderer/state/run-menu.tsx';
import { agentName, dotKind, shownStatus, statusOrigin } from '#renderer/state/run-words.ts';
import { useSeveral } from '#renderer/state/several.ts';
import { usageInWords, useUsage } from '#renderer/state/usage.ts';
import { useView } from '#renderer/state/view.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { keysOf } from '#renderer/ui/command-chords.ts';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Menu } from '#renderer/ui/Menu.tsx';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import { StatusDot, statusWords } from '#renderer/ui/StatusDot.tsx';
import type { Need } from '#shared/board/derive-board.ts';
import type { PullRequest } from '#shared/contract/pull-requests.ts';
import type { Run, RunChanges } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';

import { CardButton, type CardRowProps } from './CardButton.tsx';
import { checkMarks, collisionMarks, invariantMarks, runMarks, runNote } from './run-note.ts';
import { StageBar } from './StageBar.tsx';
import { useResting } from './use-resting.ts';

import styles from './Card.module.css';

export interface RunCardViewProps extends CardRowProps {
  run: Run;
  need: Need | null;
  isSelected: boolean;
  /** Whether its terminal is in the grid. */
  isInGrid: boolean;
}

/** A run: what it is, what it does, what it needs. Its buttons are a shortcut; its menu has everything. */
export const RunCardView = memo(function RunCardView({
  run,
  need,
  isSelected,
  isInGrid,
  ...row
}: RunCardViewProps): ReactNode {
  // What is only seen under the pointer or the focus is made when one of them comes.
  const [isNear, setIsNear] = useState(false);
  const resting = useResting({
    onRest: () => {
      expectRun(run, false);
    },
    onLeave: () => {
      expectRunNoLonger(run);
    },
  });
  const note = runNote(run, need);
  const radar = useMirror((mirror) => mirror.radar);
  const checks = useMirror((mirror) => mirror.checks?.get(run.id));
  const invariants = useMirror((mirror) => mirror.invariants?.get(run.id));
  const marks = [
    ...runMarks(run),
    ...checkMarks(summarise(checks)),
    ...invariantMarks(invariants),
    ...collisionMarks(collisionsOfRun(radar, run.id), run.base),
  ];
  const kind = dotKind(run);
  const pullRequest = useMirror((mirror) => mirror.pullRequests?.get(run.id) ?? null);
  const usage = useUsage(({ isShown, runs }) => (isShown ? (runs?.get(run.id) ?? null) : null));
  const isChoosing = useSeveral((several) => several.isChoosing);
  const isChosen = useSeveral((several) => several.isChoosing && several.chosen.has(run.id));
  return (
    <article
      className={classNames(styles.card, isSelected && styles.selected, isChosen && styles.chosen)}
      data-kind={kind}
      data-run={run.id}
      {...resting}
      onPointerEnter={() => {
        setIsNear(true);
        resting.onPointerEnter();
      }}
    >
      <CardButton
        {...row}
        isSelected={isSelected}
        onPressBegin={() => {
          expectRun(run, true);
        }}
        onPress={(event) => {
          // As in any list: with Control or Command a press chooses, one more and one more.
          if (event.ctrlKey || event.metaKey) useSeveral.getState().toggle(run.id);
          else openRun(run);
        }}
      >
        <span className={styles.head}>
          <span className={styles.dot}>
            <StatusDot kind={kind} />
          </span>
          <span className={styles.title} title={run.spec.title}>
            {run.spec.title}
          </span>
          {isChoosing ? (
            <span className={styles.tick} data-chosen={isChosen || undefined}>
              {isChosen ? <Check aria-label="chosen" /> : null}
            </span>
          ) : null}
          {isInGrid ? <span className={styles.inGrid} title="Its terminal is in the grid" /> : null}
        </span>
        <span className={styles.meta}>
          <span className={styles.status} data-kind={kind} title={statusOrigin(run.status)}>
            {statusWords[kind]} <RelativeTime at={shownStatus(run).since} className={styles.age} untitled />
          </span>
          <span className={styles.agent}>{agentName(run)}</span>
          {run.changes && hasDiff(run.changes) ? <DiffSize changes={run.changes} /> : null}
        </span>
        {note ? (
          <span className={styles.note} data-tone={note.tone}>
            {note.text}
          </span>
        ) : null}
        {run.status.kind === 'preparing' ? (
          <span className={styles.stages}>
            <StageBar stages={run.stages} />
          </span>
        ) : null}
        {usage ? (
          <span className={styles.usage} title="Of everything that it has started">
            {usageInWords(usage)}
          </span>
        ) : null}
        <span className={styles.foot}>
          <span className={styles.branch}>
            <GitBranch aria-hidden />
            <MiddleTruncate text={run.branch} mono tail={12} />
          </span>
          {marks.length > 0 || pullRequest ? (
            <span className={styles.marks}>
              {marks.map((mark) => (
                <Badge key={mark.id} tone={mark.tone} title={mark.hint}>
                  {mark.label}
                </Badge>
              ))}
              {pullRequest ? <PullRequestMark pullRequest={pullRequest} /> : null}
            </span>
          ) : null}
        </span>
      </CardButton>
      {isNear || row.isCurrent ? <CardActions run={run} isInTabOrder={row.isCurrent} /> : null}
    </article>
  );
});

/** Its state as it was seen last, and how long ago that was. */
function PullRequestMark({ pullRequest }: { pullRequest: PullRequest }): ReactNode {
  const { repository, seenAt, problem } = pullRequest;
  const about = `${repository}: ${longWords(pullRequest).join(', ')}.`;
  return (
    <Badge tone={toneOf(pullRequest)} title={problem === null ? about : `${about} ${problem}`}>
      {shortWords(pullRequest)} · <RelativeTime at={seenAt} untitled />
    </Badge>
  );
}

const hasDiff = (changes: RunChanges): boolean => changes.insertions > 0 || changes.deletions > 0 || changes.files > 0;

function DiffSize({ changes }: { changes: RunChanges }): ReactNode {
  const hint = `${counted(changes.files, 'file')}, ${counted(changes.commits, 'commit')}`;
  return (
    <span className={styles.diff} title={hint}>
      {changes.insertions > 0 ? <span className={styles.added}>+{changes.insertions.toLocaleString('en')}</span> : null}{' '}
      {changes.deletions > 0 ? <span className={styles.removed}>−{changes.deletions.toLocaleString('en')}</span> : null}
      {changes.insertions + changes.deletions === 0 ? counted(changes.files, 'file') : null}
    </span>
  );
}

/** What is done most often, at hand on the card itself. */
function CardActions({ run, isInTabOrder }: { run: Run; isInTabOrder: boolean }): ReactNode {
  const tabIndex = isInTabOrder ? 0 : -1;
  return (
    <div className={styles.actions}>
      <IconButton
        size="sm"
        label="Open terminal"
        keys={keysOf('board.terminal')}
        icon={<SquareTerminal />}
        reason={whyNoTerminal(run)}
        tabIndex={tabIndex}
        onClick={() => {
          useView.getState().openTerminal(run.id);
        }}
      />
      <IconButton
        size="sm"
        label="Review changes"
        keys={keysOf('board.review')}
        icon={<GitCompareArrows />}
        reason={whyNoReview(run)}
        tabIndex={tabIndex}
        onClick={() => {
          useView.getState().showReview(run.id);
        }}
      />
      <Menu
        align="end"
        items={() => runMenu(run)}
        trigger={<IconButton size="sm" label="More actions" icon={<Ellipsis />} tabIndex={tabIndex} />}
      />
    </div>
  );
}
