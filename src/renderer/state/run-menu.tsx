import {
  CircleStop,
  Columns3,
  Copy,
  Diff,
  Eraser,
  FileText,
  FolderOpen,
  GitCompareArrows,
  GitPullRequest,
  Gauge,
  Handshake,
  History,
  Pause,
  Play,
  Radio,
  RotateCcw,
  Split,
  SquareArrowOutUpRight,
  SquareTerminal,
  Trash2,
} from 'lucide-react';

import { keysOf } from '#renderer/ui/command-chords.ts';
import type { MenuItem } from '#renderer/ui/menu-item.ts';
import type { Run } from '#shared/contract/runs.ts';

import { useMirror } from './mirror.ts';
import {
  canStop,
  copyText,
  failedToSpawn,
  forgetRun,
  isGone,
  isLive,
  pauseRun,
  restartRun,
  retryRun,
  startNow,
  stopLabel,
  stopRun,
  waitsForOthers,
  whyNoHandOver,
  whyNoPause,
  whyNoReview,
  whyNoTerminal,
} from './run-actions.ts';
import { whyNoPullRequest } from './pull-requests.ts';
import { useSeveral, whyNotReceiving } from './several.ts';
import { toggleUsage, useUsage } from './usage.ts';
import { whyNoVariants } from './variants-of.ts';
import { useView } from './view.ts';

/** Everything that can be done to a run, as lines of a menu. What cannot be done now says why. */
export function runMenu(run: Run): readonly MenuItem[] {
  const view = useView.getState();
  const specIsThere = useMirror.getState().specs?.specs.some((spec) => spec.slug === run.spec.slug) ?? false;
  const live = isLive(run);
  const stillRunning = live ? 'Its agent is running: stop it first.' : null;
  const worktreeGone = run.presence.worktree ? null : 'Its worktree is gone.';
  return [
    {
      kind: 'item',
      id: 'terminal',
      label: 'Open terminal',
      icon: <SquareTerminal />,
      keys: keysOf('board.terminal'),
      reason: whyNoTerminal(run),
      onSelect: () => {
        view.openTerminal(run.id);
      },
    },
    {
      kind: 'item',
      id: 'review',
      label: 'Review changes',
      icon: <GitCompareArrows />,
      keys: keysOf('board.review'),
      reason: whyNoReview(run),
      onSelect: () => {
        view.showReview(run.id);
      },
    },
    {
      kind: 'item',
      id: 'variants',
      label: 'Compare variants',
      icon: <Columns3 />,
      keys: keysOf('board.variants'),
      reason: whyNoVariants(run),
      onSelect: () => {
        view.showVariants(run.spec.slug);
      },
    },
    {
      kind: 'item',
      id: 'spec',
      label: 'Open spec',
      icon: <FileText />,
      keys: keysOf('board.spec'),
      reason: specIsThere ? null : 'The spec was renamed or deleted since.',
      onSelect: () => {
        view.showSpec(run.spec.slug);
      },
    },
    {
      kind: 'item',
      id: 'compare-prompts',
      label: 'What it was told…',
      icon: <Diff />,
      reason: run.promptVersion === null ? 'It was sent no prompt.' : null,
      onSelect: () => {
        view.openDialog({ kind: 'compare-prompts', runId: run.id, otherId: null });
      },
    },
    ...(run.task === 'split'
      ? [
          {
            kind: 'item' as const,
            id: 'split-drafts',
            label: 'See its drafts…',
            icon: <Split />,
            reason: run.presence.worktree ? null : 'Its worktree is gone.',
            onSelect: () => {
              view.openDialog({ kind: 'split-drafts', runId: run.id });
            },
          },
        ]
      : []),
    {
      kind: 'item',
      id: 'pick',
      label: 'Choose for several at once',
      icon: <Radio />,
      keys: keysOf('board.pick'),
      reason: whyNotReceiving(run),
      onSelect: () => {
        useSeveral.getState().toggle(run.id);
      },
    },
    { kind: 'separator', id: 'after-open' },
    ...(waitsForOthers(run)
      ? [
          {
            kind: 'item' as const,
            id: 'start-now',
            label: 'Start now, without waiting',
            icon: <Play />,
            onSelect: () => {
              startNow(run);
            },
          },
        ]
      : []),
    ...(failedToSpawn(run)
      ? [
          {
            kind: 'item' as const,
            id: 'retry',
            label: 'Retry spawn',
            icon: <RotateCcw />,
            onSelect: () => {
              retryRun(run);
            },
          },
        ]
      : [
          {
            kind: 'item' as const,
            id: 'resume',
            label: 'Resume session',
            icon: <History />,
            reason: stillRunning ?? worktreeGone,
            onSelect: () => {
              restartRun(run, 'resume');
            },
          },
          {
            kind: 'item' as const,
            id: 'restart',
            label: 'Restart afresh',
            icon: <RotateCcw />,
            reason: stillRunning ?? worktreeGone,
            onSelect: () => {
              restartRun(run, 'afresh');
            },
          },
        ]),
    ...(failedToSpawn(run)
      ? []
      : [
          {
            kind: 'item' as const,
            id: 'continue-with',
            label: 'Continue with…',
            icon: <Handshake />,
            hint: 'another agent',
            reason: whyNoHandOver(run),
            onSelect: () => {
              view.openDialog({ kind: 'continue-with', runId: run.id });
            },
          },
        ]),
    {
      kind: 'item',
      id: 'pause',
      label: run.pausedSince === null ? 'Pause' : 'Go on',
      icon: run.pausedSince === null ? <Pause /> : <Play />,
      reason: whyNoPause(run),
      onSelect: () => {
        pauseRun(run);
      },
    },
    {
      kind: 'item',
      id: 'stop',
      label: stopLabel(run),
      icon: <CircleStop />,
      reason: canStop(run) ? null : 'It is not running.',
      onSelect: () => {
        stopRun(run);
      },
    },
    { kind: 'separator', id: 'after-run' },
    {
      kind: 'item',
      id: 'usage',
      label: 'Show memory and processor use',
      icon: <Gauge />,
      hint: 'of all runs',
      checked: useUsage.getState().isShown,
      onSelect: toggleUsage,
    },
    {
      kind: 'item',
      id: 'open-in',
      label: 'Open in…',
      icon: <SquareArrowOutUpRight />,
      keys: keysOf('board.open-in'),
      reason: worktreeGone,
      onSelect: () => {
        view.openDialog({ kind: 'open-in', runId: run.id });
      },
    },
    {
      kind: 'item',
      id: 'pull-request',
      label: 'Pull request…',
      icon: <GitPullRequest />,
      hint: 'on GitHub',
      reason: whyNoPullRequest(run),
      onSelect: () => {
        view.openDialog({ kind: 'pull-request', runId: run.id });
      },
    },
    {
      kind: 'item',
      id: 'copy-branch',
      label: 'Copy branch name',
      icon: <Copy />,
      onSelect: () => {
        copyText('branch name', run.branch);
      },
    },
    {
      kind: 'item',
      id: 'copy-path',
      label: 'Copy worktree path',
      icon: <FolderOpen />,
      onSelect: () => {
        copyText('worktree path', run.worktreePath);
      },
    },
    { kind: 'separator', id: 'after-copy' },
    isGone(run)
      ? {
          kind: 'item',
          id: 'forget',
          label: 'Forget run',
          icon: <Eraser />,
          onSelect: () => {
            forgetRun(run);
          },
        }
      : {
          kind: 'item',
          id: 'remove',
          label: 'Delete run…',
          icon: <Trash2 />,
          danger: true,
          onSelect: () => {
            view.openDialog({ kind: 'remove-run', runId: run.id });
          },
        },
  ];
}
