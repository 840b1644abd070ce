import { useEffect } from 'react';

import { attentionItem, goToNext, snoozeRun, type SnoozeChoice } from '#renderer/state/attention.ts';
import { currentBoard } from '#renderer/state/board.ts';
import type { CommandId } from '#renderer/state/command-catalogue.ts';
import { registerCommands, type CommandAct } from '#renderer/state/commands.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import {
  canStop,
  copyText,
  forgetRun,
  isGone,
  isLive,
  pauseRun,
  restartRun,
  retryRun,
  failedToSpawn,
  stopRun,
  whyNoHandOver,
  whyNoPause,
  whyNoReview,
  whyNoTerminal,
} from '#renderer/state/run-actions.ts';
import { closeProject } from '#renderer/state/session.ts';
import { useSeveral } from '#renderer/state/several.ts';
import { toggleUsage } from '#renderer/state/usage.ts';
import { whyNoVariants, whyNoVariantsOf } from '#renderer/state/variants-of.ts';
import { useView } from '#renderer/state/view.ts';
import { dismissSince, useSinceLooked } from '#renderer/state/since-looked.ts';
import { watchCollisions } from '#renderer/state/watch-collisions.ts';
import { refreshPullRequest, watchPullRequests, whyNoPullRequest } from '#renderer/state/pull-requests.ts';
import { watchLooking } from '#renderer/state/watch-looking.ts';
import type { Run } from '#shared/contract/runs.ts';

import { focusOtherSide } from './focus-sides.ts';

const view = () => useView.getState();
const selectedRun = (): Run | null => {
  const id = view().selectedRunId;
  return id === null ? null : (useMirror.getState().runs?.get(id) ?? null);
};

/** Whether the person is in the selected run, and not merely near it: it is selected already when it was just spawned. */
const isAtWork = (): boolean =>
  view().centre.kind === 'review' || document.activeElement?.closest('[data-keys]') instanceof Element;

/** The run in which the person is; null: none. */
const currentRun = () => (isAtWork() ? view().selectedRunId : null);

function projectCommands(): readonly CommandAct[] {
  const readySpecs = () =>
    currentBoard().drafts.flatMap((card) =>
      card.kind === 'draft' && card.spec.problemCount === 0 ? [card.spec.slug] : [],
    );
  return [
    {
      id: 'app.next',
      run: () => {
        goToNext(currentRun());
      },
    },
    {
      id: 'go.terminals',
      run: () => {
        view().showGrid();
      },
    },
    {
      id: 'go.inbox',
      run: () => {
        view().showInbox();
      },
    },
    ...snoozeCommands(),
    {
      id: 'attention.dismiss-since',
      when: () => useSinceLooked.getState().since !== null,
      run: dismissSince,
    },
    {
      id: 'go.radar',
      run: () => {
        view().showRadar();
      },
    },
    {
      id: 'go.figures',
      run: () => {
        view().showFigures();
      },
    },
    {
      id: 'go.search',
      run: () => {
        view().showSearch();
      },
    },
    {
      id: 'go.prompts',
      run: () => {
        view().showPrompts();
      },
    },
    {
      id: 'spec.import',
      run: () => {
        view().openDialog({ kind: 'import' });
      },
    },
    {
      id: 'spec.split',
      when: () => view().openSpec !== null,
      run: () => {
        const slug = view().openSpec;
        if (slug) view().openDialog({ kind: 'split', slug });
      },
    },
    {
      id: 'spec.variants',
      when: () => view().openSpec !== null,
      reason: () => whyNoVariantsOf(view().openSpec),
      run: () => {
        const slug = view().openSpec;
        if (slug) view().showVariants(slug);
      },
    },
    {
      id: 'spec.new',
      run: () => {
        view().openDialog({ kind: 'new-spec' });
      },
    },
    {
      id: 'spec.spawn-drafts',
      reason: () => (readySpecs().length === 0 ? 'No draft is ready.' : null),
      run: () => {
        view().openDialog({ kind: 'spawn', slugs: readySpecs() });
      },
    },
    {
      id: 'spec.rename',
      when: () => view().openSpec !== null,
      run: () => {
        const slug = view().openSpec;
        if (slug) view().openDialog({ kind: 'rename-spec', slug });
      },
    },
    {
      id: 'spec.delete',
      when: () => view().openSpec !== null,
      run: () => {
        const slug = view().openSpec;
        if (slug) view().openDialog({ kind: 'delete-spec', slug });
      },
    },
    {
      id: 'project.set-up',
      run: () => {
        view().openDialog({ kind: 'set-up' });
      },
    },
    {
      id: 'project.trust',
      run: () => {
        view().openDialog({ kind: 'trust' });
      },
    },
    {
      id: 'project.snapshots',
      run: () => {
        view().openDialog({ kind: 'snapshots' });
      },
    },
    {
      id: 'project.leave',
      reason: () => (view().unsavedSpecs.size > 0 ? 'There are edits that are not saved.' : null),
      run: closeProject,
    },
    { id: 'go.other-side', run: focusOtherSide },
    {
      id: 'several.type',
      run: () => {
        const several = useSeveral.getState();
        if (several.receiving.size > 0) several.endTyping(null);
        else if (several.isChoosing) several.cancel();
        else several.choose();
      },
    },
    {
      id: 'several.message',
      run: () => {
        view().openDialog({ kind: 'message-several' });
      },
    },
    ...paneCommands(),
    ...selectedRunCommands(),
  ];
}

/** Putting off what the selected run needs, from anywhere. */
function snoozeCommands(): readonly CommandAct[] {
  const snooze = (id: Extract<CommandId, `attention.${string}`>, choice: SnoozeChoice): CommandAct => ({
    id,
    when: () => view().selectedRunId !== null,
    reason: () => (attentionItem(view().selectedRunId) === null ? 'The selected run needs nothing.' : null),
    run: () => {
      const runId = view().selectedRunId;
      if (runId !== null) snoozeRun(runId, choice, 'next');
    },
  });
  return [
    snooze('attention.snooze-hour', 'hour'),
    snooze('attention.snooze-tomorrow', 'tomorrow'),
    snooze('attention.snooze-changed', 'changed'),
  ];
}

/** The number keys show the terminals in their order, wherever the person is. */
function paneCommands(): readonly CommandAct[] {
  return ([1, 2, 3, 4, 5, 6, 7, 8, 9] as const).map((number): CommandAct => ({
    id: `go.terminal-${number}`,
    when: () => view().grid.runIds[number - 1] !== undefined,
    run: () => {
      const id = view().grid.runIds[number - 1];
      if (id !== undefined) view().openTerminal(id);
    },
  }));
}

/** What can be done to the run that is selected, for the palette. */
function selectedRunCommands(): readonly CommandAct[] {
  const onRun = (
    id: Extract<CommandId, `run.${string}`>,
    run: (run: Run) => void,
    more: { when?: (run: Run) => boolean; reason?: (run: Run) => string | null } = {},
  ): CommandAct => ({
    id,
    when: () => {
      const selected = selectedRun();
      return selected !== null && (more.when?.(selected) ?? true);
    },
    reason: () => {
      const selected = selectedRun();
      return selected ? (more.reason?.(selected) ?? null) : null;
    },
    run: () => {
      const selected = selectedRun();
      if (selected) run(selected);
    },
  });
  return [
    onRun('run.terminal', (run) => view().openTerminal(run.id), { reason: whyNoTerminal }),
    onRun('run.variants', (run) => view().showVariants(run.spec.slug), { reason: whyNoVariants }),
    onRun('run.review', (run) => view().showReview(run.id), { reason: whyNoReview }),
    onRun('run.stop', stopRun, { when: canStop }),
    onRun('run.pause', pauseRun, { when: isLive, reason: whyNoPause }),
    { id: 'run.usage', run: toggleUsage },
    onRun('run.open-in', (run) => view().openDialog({ kind: 'open-in', runId: run.id }), {
      reason: (run) => (run.presence.worktree ? null : 'Its worktree is gone.'),
    }),
    onRun('run.continue-with', (run) => view().openDialog({ kind: 'continue-with', runId: run.id }), {
      when: (run) => !failedToSpawn(run),
      reason: whyNoHandOver,
    }),
    onRun('run.pull-request', (run) => view().openDialog({ kind: 'pull-request', runId: run.id }), {
      reason: whyNoPullRequest,
    }),
    onRun('run.refresh-pull-request', refreshPullRequest, {
      when: (run) => useMirror.getState().pullRequests?.has(run.id) ?? false,
    }),
    onRun('run.resume', (run) => restartRun(run, 'resume'), {
      when: (run) => !isLive(run) && !failedToSpawn(run) && run.presence.worktree,
    }),
    onRun('run.restart', (run) => restartRun(run, 'afresh'), {
      when: (run) => !isLive(run) && !failedToSpawn(run) && run.presence.worktree,
    }),
    onRun('run.retry', retryRun, { when: failedToSpawn }),
    onRun('run.copy-branch', (run) => copyText('branch name', run.branch)),
    onRun('run.copy-path', (run) => copyText('worktree path', run.worktreePath)),
    onRun(
      'run.compare-prompts',
      (run) => view().openDialog({ kind: 'compare-prompts', runId: run.id, otherId: null }),
      { reason: (run) => (run.promptVersion === null ? 'It was sent no prompt.' : null) },
    ),
    onRun('run.remove', (run) => view().openDialog({ kind: 'remove-run', runId: run.id }), {
      when: (run) => !isGone(run),
    }),
    onRun('run.forget', forgetRun, { when: isGone }),
  ];
}

/** What can be done while a project is open. */
export function useProjectCommands(): void {
  const { id } = useProject();
  useEffect(() => {
    const commands = registerCommands(projectCommands());
    const collisions = watchCollisions();
    return () => {
      commands.dispose();
      collisions.dispose();
    };
  }, []);
  useEffect(() => {
    const looking = watchLooking(id);
    const pullRequests = watchPullRequests(id);
    return () => {
      looking.dispose();
      pullRequests.dispose();
    };
  }, [id]);
}
