import { whyNoReview, whyNoTerminal } from '#renderer/state/run-actions.ts';
import { useView } from '#renderer/state/view.ts';
import type { BoardGroupId } from '#shared/board/derive-board.ts';

import type { BoardRow } from './board-rows.ts';

/** What a key means on a row of the board. */
export type KeyAction =
  { kind: 'move'; by: number } | { kind: 'toggle'; group: BoardGroupId } | { kind: 'act'; run: () => void };

const moves: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  j: 1,
  ArrowUp: -1,
  k: -1,
  PageDown: 8,
  PageUp: -8,
  Home: -Infinity,
  End: Infinity,
};

/** Null when the key means nothing there. */
export function keyAction(key: string, row: BoardRow): KeyAction | null {
  const by = moves[key];
  if (by !== undefined) return { kind: 'move', by };
  if (row.kind === 'group') {
    const folds = (key === 'ArrowLeft' && !row.collapsed) || (key === 'ArrowRight' && row.collapsed);
    return folds ? { kind: 'toggle', group: row.group } : null;
  }
  const run = cardAction(key, row);
  return run ? { kind: 'act', run } : null;
}

function cardAction(key: string, { card }: Extract<BoardRow, { kind: 'card' }>): (() => void) | null {
  const view = useView.getState();
  if (card.kind === 'run') {
    const { run } = card;
    switch (key) {
      case 't':
        return whyNoTerminal(run) === null ? () => view.openTerminal(run.id) : null;
      case 'r':
        return whyNoReview(run) === null ? () => view.showReview(run.id) : null;
      case 'e':
        return () => view.showSpec(run.spec.slug);
      case 'Delete':
        return () => view.openDialog({ kind: 'remove-run', runId: run.id });
      default:
        return null;
    }
  }
  if (card.kind === 'stray') return null;
  const { slug, problemCount } = card.spec;
  switch (key) {
    case 'e':
      return () => view.showSpec(slug);
    case 's':
      return problemCount === 0 ? () => view.openDialog({ kind: 'spawn', slugs: [slug] }) : null;
    case 'Delete':
      return () => view.openDialog({ kind: 'delete-spec', slug });
    default:
      return null;
  }
}
