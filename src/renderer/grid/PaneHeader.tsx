import {
  CircleStop,
  CornerDownRight,
  EyeOff,
  GitCompareArrows,
  GripVertical,
  History,
  LockKeyhole,
  Maximize2,
  MessageSquare,
  Minimize2,
  MoreHorizontal,
  Play,
  Search,
} from 'lucide-react';
import type { HTMLAttributes, KeyboardEvent, MouseEvent, ReactNode } from 'react';

import { runCommand } from '#renderer/state/commands.ts';
import { isLive, pauseRun, restartRun, stopRun, whyNoReview } from '#renderer/state/run-actions.ts';
import { runMenu } from '#renderer/state/run-menu.tsx';
import { shownStatus } from '#renderer/state/run-words.ts';
import { usageInWords, useUsage } from '#renderer/state/usage.ts';
import { useView } from '#renderer/state/view.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { useChord } from '#renderer/ui/command-chords.ts';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Kbd } from '#renderer/ui/Kbd.tsx';
import { chordText } from '#renderer/ui/keys.ts';
import type { MenuItem } from '#renderer/ui/menu-item.ts';
import { Menu } from '#renderer/ui/Menu.tsx';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import { StatusDot, statusWords } from '#renderer/ui/StatusDot.tsx';
import { Tooltip } from '#renderer/ui/Tooltip.tsx';
import type { Run } from '#shared/contract/runs.ts';

import { gridKeys, keyOfPane } from './grid-keys.ts';
import type { Direction } from './pane-layout.ts';
import { PaneMarks } from './PaneMarks.tsx';
import { changePaneState, readPaneState, usePaneState } from './pane-state.ts';
import styles from './PaneHeader.module.css';
import { usePainted } from './use-painted.ts';

export interface PaneHeaderProps {
  run: Run;
  /** Its place in the grid, from 0. */
  index: number;
  /** What the program calls its window, while the run itself has no word on it. */
  title: string;
  isMaximised: boolean;
  hasTerminal: boolean;
  /** Makes the header the handle that the pane is dragged by. */
  drag: HTMLAttributes<HTMLElement>;
  onMove: (direction: Direction) => void;
  /** The person has taken hold of the pane by its header: its terminal gets the keyboard. */
  onTake: () => void;
}

/** Whose terminal this is, how it is doing and since when, and what can be done about it. */
export function PaneHeader({
  run,
  index,
  title,
  isMaximised,
  hasTerminal,
  drag,
  onMove,
  onTake,
}: PaneHeaderProps): ReactNode {
  const isPainted = usePainted();
  const view = useView.getState();
  const activity = run.activity ?? title;
  const keys = keyOfPane(index);
  const shown = shownStatus(run);
  const usage = useUsage(({ isShown, runs }) => (isShown ? (runs?.get(run.id) ?? null) : null));
  return (
    // What a pointer does here has a chord and a command as well.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <header
      className={styles.header}
      {...drag}
      onClick={(event) => {
        if (!isOnButton(event)) onTake();
      }}
      onDoubleClick={(event) => {
        if (!isOnButton(event)) view.toggleMaximised(run.id);
      }}
    >
      <Grip onMove={onMove} isMaximised={isMaximised} />
      <PaneMarks run={run} />
      {keys ? <PaneNumber number={index + 1} keys={keys} /> : null}
      <Tooltip content={pausedNote(run) ?? run.status.detail ?? statusWords[run.status.kind]}>
        <span className={styles.status}>
          <StatusDot kind={shown.kind} />
        </span>
      </Tooltip>
      <h2 className={styles.title} title={run.spec.title}>
        {run.spec.title}
        {run.variant === null ? null : <span className={styles.variant}> #{run.variant}</span>}
      </h2>
      <Badge className={styles.agent} title={run.agent.label}>
        {run.agent.label}
      </Badge>
      <span className={styles.branch}>
        <MiddleTruncate text={run.branch} mono />
      </span>
      <span className={styles.activity} title={activity}>
        {activity}
      </span>
      {usage ? <span className={styles.usage}>{usageInWords(usage)}</span> : null}
      <span className={styles.age} data-kind={shown.kind}>
        <span className={styles.statusWord}>{statusWords[shown.kind]} </span>
        <RelativeTime at={shown.since} />
      </span>
      {isPainted ? <PaneActions run={run} isMaximised={isMaximised} hasTerminal={hasTerminal} /> : null}
    </header>
  );
}

/** The buttons of a pane. With their tooltips and the menu they take longer to make than all the rest of it. */
function PaneActions({
  run,
  isMaximised,
  hasTerminal,
}: Pick<PaneHeaderProps, 'run' | 'isMaximised' | 'hasTerminal'>): ReactNode {
  const { isFinding, isComposing } = usePaneState(run.id);
  const view = useView.getState();
  const live = isLive(run);
  const noTerminal = hasTerminal ? null : 'There is no terminal.';
  return (
    <span className={styles.actions} role="toolbar" aria-label={`Actions on ${run.spec.title}`}>
      <IconButton
        className={styles.wide}
        size="sm"
        label="Find in this terminal"
        keys={gridKeys.find}
        icon={<Search />}
        pressed={isFinding}
        reason={noTerminal}
        onClick={() => {
          changePaneState(run.id, { isFinding: !isFinding });
        }}
      />
      <IconButton
        className={styles.wide}
        size="sm"
        label="Write a message"
        keys={gridKeys.compose}
        icon={<MessageSquare />}
        pressed={isComposing}
        reason={noTerminal}
        onClick={() => {
          changePaneState(run.id, { isComposing: !isComposing });
        }}
      />
      <IconButton
        className={styles.medium}
        size="sm"
        label="Review changes"
        icon={<GitCompareArrows />}
        reason={whyNoReview(run)}
        onClick={() => {
          view.showReview(run.id);
        }}
      />
      {run.pausedSince === null ? null : (
        <IconButton
          size="sm"
          label="Let it go on"
          icon={<Play />}
          onClick={() => {
            pauseRun(run);
          }}
        />
      )}
      {live ? (
        <IconButton
          className={styles.medium}
          size="sm"
          label={
            run.status.kind === 'preparing' || run.status.kind === 'queued' ? 'Cancel the spawn' : 'Stop the agent'
          }
          icon={<CircleStop />}
          onClick={() => {
            stopRun(run);
          }}
        />
      ) : (
        <IconButton
          className={styles.medium}
          size="sm"
          label="Resume the session"
          icon={<History />}
          reason={run.presence.worktree ? null : 'Its worktree is gone.'}
          onClick={() => {
            restartRun(run, 'resume');
          }}
        />
      )}
      <IconButton
        size="sm"
        label={isMaximised ? 'Back to the grid' : 'Maximise'}
        keys={gridKeys.maximise}
        icon={isMaximised ? <Minimize2 /> : <Maximize2 />}
        onClick={() => {
          view.toggleMaximised(run.id);
        }}
      />
      <Menu
        align="end"
        trigger={<IconButton size="sm" label="More actions" icon={<MoreHorizontal />} />}
        items={() => paneMenu(run, noTerminal)}
      />
    </span>
  );
}

const pausedNote = (run: Run): string | null =>
  run.pausedSince === null ? null : 'Its processes are stopped. What is typed reaches them when they go on.';

function PaneNumber({ number, keys }: { number: number; keys: string }): ReactNode {
  const chord = useChord(keys);
  return (
    <span className={styles.number} title={chord === null ? undefined : `${chordText(chord)} goes here`} aria-hidden>
      {number}
    </span>
  );
}

const isOnButton = (event: MouseEvent): boolean =>
  event.target instanceof Element && event.target.closest('button') !== null;

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The handle by which a pane is moved: dragged, or with the arrow keys while it has the focus. */
function Grip({ onMove, isMaximised }: { onMove: (direction: Direction) => void; isMaximised: boolean }): ReactNode {
  if (isMaximised) return null;
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = directions[event.key];
    if (!direction || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(direction);
  };
  return (
    <Tooltip
      content={
        <>
          Drag to move this pane, or press <Kbd keys="ArrowLeft" /> <Kbd keys="ArrowRight" />
        </>
      }
    >
      <button
        type="button"
        className={styles.grip}
        aria-label="Move this pane with the arrow keys"
        onKeyDown={onKeyDown}
      >
        <GripVertical aria-hidden />
      </button>
    </Tooltip>
  );
}

function paneMenu(run: Run, noTerminal: string | null): readonly MenuItem[] {
  return [
    {
      kind: 'item',
      id: 'find',
      label: 'Find…',
      icon: <Search />,
      keys: gridKeys.find,
      reason: noTerminal,
      onSelect: () => {
        changePaneState(run.id, { isFinding: true });
      },
    },
    {
      kind: 'item',
      id: 'message',
      label: 'Write a message…',
      icon: <MessageSquare />,
      keys: gridKeys.compose,
      reason: noTerminal,
      onSelect: () => {
        changePaneState(run.id, { isComposing: true });
      },
    },
    {
      kind: 'item',
      id: 'pass-key',
      label: 'Send the next key to it',
      icon: <CornerDownRight />,
      keys: gridKeys.passKey,
      reason: noTerminal,
      onSelect: () => {
        useView.getState().focusTerminal(run.id);
        runCommand('grid.pass-key');
      },
    },
    {
      kind: 'item',
      id: 'lock-keys',
      label: readPaneState(run.id).isLocked ? 'Give the app its keys back' : 'Keep all keys for it',
      icon: <LockKeyhole />,
      keys: gridKeys.lockKeys,
      reason: noTerminal,
      onSelect: () => {
        useView.getState().focusTerminal(run.id);
        runCommand('grid.lock-keys');
      },
    },
    {
      kind: 'item',
      id: 'hide',
      label: 'Take out of the grid',
      icon: <EyeOff />,
      hint: 'goes on running',
      onSelect: () => {
        useView.getState().closeTerminal(run.id);
      },
    },
    { kind: 'separator', id: 'before-run' },
    ...runMenu(run).filter((item) => item.id !== 'terminal'),
  ];
}
