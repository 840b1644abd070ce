import { useEffect } from 'react';

import { currentBoard } from '#renderer/state/board.ts';
import { registerCommands, type Command } from '#renderer/state/commands.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import {
  copyText,
  forgetRun,
  isGone,
  isLive,
  openRun,
  restartRun,
  retryRun,
  failedToSpawn,
  stopRun,
  whyNoReview,
  whyNoTerminal,
} from '#renderer/state/run-actions.ts';
import { closeProject } from '#renderer/state/session.ts';
import { useView } from '#renderer/state/view.ts';
import { watchCollisions } from '#renderer/state/watch-collisions.ts';
import { notify } from '#renderer/ui/notify.ts';
import { nextCard, visitKey } from '#shared/board/derive-board.ts';
import type { Run } from '#shared/contract/runs.ts';

import { appKeys } from './app-keys.ts';

const view = () => useView.getState();
const selectedRun = (): Run | null => {
  const id = view().selectedRunId;
  return id === null ? null : (useMirror.getState().runs?.get(id) ?? null);
};

/** Whether the person is in the selected run, and not merely near it: it is selected already when it was just spawned. */
const isAtWork = (): boolean =>
  view().centre.kind === 'review' || document.activeElement?.closest('[data-keys]') instanceof Element;

/** Takes the person to the run that needs them most, and to the place where they can answer. `visited` remembers where it was. */
function goToNext(visited: Set<string>): void {
  const next = nextCard(currentBoard(), visited, isAtWork() ? view().selectedRunId : null);
  if (!next) {
    notify.info({ title: 'No run needs you now', key: 'next' });
    return;
  }
  const { card, startsOver } = next;
  if (startsOver) visited.clear();
  visited.add(visitKey(card));
  if (card.need !== null && whyNoTerminal(card.run) === null) view().openTerminal(card.run.id);
  else openRun(card.run);
}

function projectCommands(): readonly Command[] {
  const visited = new Set<string>();
  const readySpecs = () =>
    currentBoard().drafts.flatMap((card) =>
      card.kind === 'draft' && card.spec.problemCount === 0 ? [card.spec.slug] : [],
    );
  return [
    {
      id: 'app.next',
      title: 'Next: go to what needs you most',
      group: 'Go to',
      keys: [appKeys.next, 'Mod+J'],
      inTerminal: true,
      keywords: ['waiting', 'question', 'review'],
      run: () => {
        goToNext(visited);
      },
    },
    {
      id: 'go.terminals',
      title: 'Terminals',
      group: 'Go to',
      keys: ['g'],
      run: () => {
        view().showGrid();
      },
    },
    {
      id: 'go.radar',
      title: 'Radar: what the branches collide in',
      group: 'Go to',
      keys: ['x', appKeys.radar],
      inTerminal: true,
      keywords: ['conflicts', 'matrix', 'merge order', 'collisions'],
      run: () => {
        view().showRadar();
      },
    },
    {
      id: 'go.search',
      title: 'Search all terminals…',
      group: 'Go to',
      keys: [appKeys.search],
      inTerminal: true,
      keywords: ['find', 'output', 'history', 'scrollback', 'grep'],
      run: () => {
        view().showSearch();
      },
    },
    {
      id: 'go.prompts',
      title: 'Prompts: invariants and modules',
      group: 'Go to',
      keys: ['p'],
      keywords: ['rules', 'library', 'parameters'],
      run: () => {
        view().showPrompts();
      },
    },
    {
      id: 'spec.import',
      title: 'Import specs: Kiro, spec-kit, GitHub issues, pasted text…',
      group: 'Spec',
      keywords: ['elsewhere', 'paste', 'issue'],
      run: () => {
        view().openDialog({ kind: 'import' });
      },
    },
    {
      id: 'spec.split',
      title: 'Split the open spec…',
      group: 'Spec',
      when: () => view().openSpec !== null,
      run: () => {
        const slug = view().openSpec;
        if (slug) view().openDialog({ kind: 'split', slug });
      },
    },
    {
      id: 'spec.new',
      title: 'New spec…',
      group: 'Spec',
      keys: ['n', appKeys.newSpec],
      inTerminal: true,
      keywords: ['create', 'write'],
      run: () => {
        view().openDialog({ kind: 'new-spec' });
      },
    },
    {
      id: 'spec.spawn-drafts',
      title: 'Spawn agents on all drafts…',
      group: 'Spec',
      reason: () => (readySpecs().length === 0 ? 'No draft is ready.' : null),
      run: () => {
        view().openDialog({ kind: 'spawn', slugs: readySpecs() });
      },
    },
    {
      id: 'spec.rename',
      title: 'Rename the open spec…',
      group: 'Spec',
      when: () => view().openSpec !== null,
      run: () => {
        const slug = view().openSpec;
        if (slug) view().openDialog({ kind: 'rename-spec', slug });
      },
    },
    {
      id: 'spec.delete',
      title: 'Delete the open spec…',
      group: 'Spec',
      when: () => view().openSpec !== null,
      run: () => {
        const slug = view().openSpec;
        if (slug) view().openDialog({ kind: 'delete-spec', slug });
      },
    },
    {
      id: 'project.set-up',
      title: 'Set up this project…',
      group: 'Project',
      keywords: ['config', 'invariants', 'prompts'],
      run: () => {
        view().openDialog({ kind: 'set-up' });
      },
    },
    {
      id: 'project.trust',
      title: 'Commands that this project wants to run…',
      group: 'Project',
      keywords: ['trust', 'allow', 'config'],
      run: () => {
        view().openDialog({ kind: 'trust' });
      },
    },
    {
      id: 'project.snapshots',
      title: 'Snapshots…',
      group: 'Project',
      keywords: ['undo', 'restore', 'deleted'],
      run: () => {
        view().openDialog({ kind: 'snapshots' });
      },
    },
    {
      id: 'project.leave',
      title: 'Open another project…',
      group: 'Project',
      keys: [appKeys.leave],
      inTerminal: true,
      keywords: ['switch', 'close', 'start'],
      reason: () => (view().unsavedSpecs.size > 0 ? 'There are edits that are not saved.' : null),
      run: closeProject,
    },
    ...paneCommands(),
    ...selectedRunCommands(),
  ];
}

/** `1` to `9` show the terminals in their order, wherever the person is; with Mod from within text and terminals, too. */
function paneCommands(): readonly Command[] {
  return Array.from({ length: 9 }, (_, index): Command => ({
    id: `go.terminal-${String(index + 1)}`,
    title: `Terminal ${String(index + 1)}`,
    group: 'Go to',
    keys: [String(index + 1), `Mod+${String(index + 1)}`],
    inPalette: false,
    when: () => view().grid.runIds[index] !== undefined,
    run: () => {
      const id = view().grid.runIds[index];
      if (id !== undefined) view().openTerminal(id);
    },
  }));
}

/** What can be done to the run that is selected, for the palette. */
function selectedRunCommands(): readonly Command[] {
  const onRun = (
    id: string,
    title: string,
    run: (run: Run) => void,
    more: { when?: (run: Run) => boolean; reason?: (run: Run) => string | null } = {},
  ): Command => ({
    id: `run.${id}`,
    title,
    group: 'Run',
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
    onRun('terminal', 'Selected run: open terminal', (run) => view().openTerminal(run.id), { reason: whyNoTerminal }),
    onRun('review', 'Selected run: review changes', (run) => view().showReview(run.id), { reason: whyNoReview }),
    onRun('stop', 'Selected run: stop', stopRun, { when: isLive }),
    onRun('resume', 'Selected run: resume session', (run) => restartRun(run, 'resume'), {
      when: (run) => !isLive(run) && !failedToSpawn(run) && run.presence.worktree,
    }),
    onRun('restart', 'Selected run: restart afresh', (run) => restartRun(run, 'afresh'), {
      when: (run) => !isLive(run) && !failedToSpawn(run) && run.presence.worktree,
    }),
    onRun('retry', 'Selected run: retry spawn', retryRun, { when: failedToSpawn }),
    onRun('copy-branch', 'Selected run: copy branch name', (run) => copyText('branch name', run.branch)),
    onRun('copy-path', 'Selected run: copy worktree path', (run) => copyText('worktree path', run.worktreePath)),
    onRun(
      'compare-prompts',
      'Selected run: compare its prompt with another…',
      (run) => view().openDialog({ kind: 'compare-prompts', runId: run.id, otherId: null }),
      { reason: (run) => (run.promptVersion === null ? 'It was sent no prompt.' : null) },
    ),
    onRun('remove', 'Selected run: delete…', (run) => view().openDialog({ kind: 'remove-run', runId: run.id }), {
      when: (run) => !isGone(run),
    }),
    onRun('forget', 'Selected run: forget', forgetRun, { when: isGone }),
  ];
}

/** What can be done while a project is open. */
export function useProjectCommands(): void {
  useEffect(() => {
    const commands = registerCommands(projectCommands());
    const collisions = watchCollisions();
    return () => {
      commands.dispose();
      collisions.dispose();
    };
  }, []);
}
