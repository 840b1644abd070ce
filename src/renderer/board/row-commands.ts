import type { CommandId } from '#renderer/state/command-catalogue.ts';
import type { CommandAct } from '#renderer/state/commands.ts';
import { whyNoReview, whyNoTerminal } from '#renderer/state/run-actions.ts';
import { whyNoVariants } from '#renderer/state/variants-of.ts';
import { useView } from '#renderer/state/view.ts';

import type { BoardRow } from './board-rows.ts';

export interface BoardFocus {
  /** The row that has the keyboard; null: none has. */
  row: () => BoardRow | null;
  /** Gives the keyboard to the row that is so many further down. */
  move: (by: number) => void;
  /** Chooses the row's run, or its group's, for several at once; or takes that back. */
  pick: (row: BoardRow) => void;
}

const cardCommands = [
  'board.terminal',
  'board.review',
  'board.spec',
  'board.variants',
  'board.open-in',
  'board.spawn',
  'board.delete',
] as const satisfies readonly CommandId[];

/** What can be done to the row of the board that has the keyboard: by key, and from the application's menu. */
export function rowCommands({ row, move, pick }: BoardFocus): readonly CommandAct[] {
  return [
    ...cardCommands.map((id): CommandAct => ({
      id,
      when: () => cardAction(id, row()) !== null,
      run: () => cardAction(id, row())?.(),
    })),
    {
      id: 'board.pick',
      when: () => canPick(row()),
      run: () => {
        const focused = row();
        if (focused) pick(focused);
      },
    },
    ...[['board.down', 1] as const, ['board.up', -1] as const].map(([id, by]): CommandAct => ({
      id,
      when: () => row() !== null,
      run: () => {
        move(by);
      },
    })),
  ];
}

const canPick = (row: BoardRow | null): boolean =>
  row !== null && (row.kind === 'card' ? row.card.kind === 'run' : row.group !== 'drafts');

/** Null where it makes no sense, or cannot be done. */
function cardAction(command: (typeof cardCommands)[number], row: BoardRow | null): (() => void) | null {
  if (row?.kind !== 'card') return null;
  const { card } = row;
  const view = useView.getState();
  if (card.kind === 'run') {
    const { run } = card;
    switch (command) {
      case 'board.terminal':
        return whyNoTerminal(run) === null ? () => view.openTerminal(run.id) : null;
      case 'board.review':
        return whyNoReview(run) === null ? () => view.showReview(run.id) : null;
      case 'board.spec':
        return () => view.showSpec(run.spec.slug);
      case 'board.variants':
        return whyNoVariants(run) === null ? () => view.showVariants(run.spec.slug) : null;
      case 'board.open-in':
        return run.presence.worktree ? () => view.openDialog({ kind: 'open-in', runId: run.id }) : null;
      case 'board.delete':
        return () => view.openDialog({ kind: 'remove-run', runId: run.id });
      case 'board.spawn':
        return null;
    }
  }
  if (card.kind === 'stray') return null;
  const { slug, problemCount } = card.spec;
  switch (command) {
    case 'board.spec':
      return () => view.showSpec(slug);
    case 'board.spawn':
      return problemCount === 0 ? () => view.openDialog({ kind: 'spawn', slugs: [slug] }) : null;
    case 'board.delete':
      return () => view.openDialog({ kind: 'delete-spec', slug });
    case 'board.terminal':
    case 'board.review':
    case 'board.variants':
    case 'board.open-in':
      return null;
  }
}
