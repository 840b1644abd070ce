import type { CommandId } from '#renderer/state/command-catalogue.ts';
import { pressIs } from '#renderer/state/commands.ts';
import { chosenKeys } from '#renderer/state/keymap.ts';
import { whyNoReview, whyNoTerminal } from '#renderer/state/run-actions.ts';
import { whyNoVariants } from '#renderer/state/variants-of.ts';
import { useView } from '#renderer/state/view.ts';
import { isMac, type KeyPress } from '#renderer/ui/keys.ts';
import type { BoardGroupId } from '#shared/board/derive-board.ts';

import type { BoardRow } from './board-rows.ts';

/** What a key means on a row of the board. */
export type KeyAction =
  | { kind: 'move'; by: number }
  | { kind: 'toggle'; group: BoardGroupId }
  | { kind: 'pick' }
  | { kind: 'act'; run: () => void };

const moves: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 8,
  PageUp: -8,
  Home: -Infinity,
  End: Infinity,
};

const isFor = (press: KeyPress, id: CommandId): boolean => pressIs(id, press, chosenKeys(), isMac);

/** Null when the key means nothing there. */
export function keyAction(press: KeyPress, row: BoardRow): KeyAction | null {
  const isHeld = press.ctrlKey || press.metaKey || press.altKey;
  const by = isFor(press, 'board.down') ? 1 : isFor(press, 'board.up') ? -1 : isHeld ? undefined : moves[press.key];
  if (by !== undefined) return { kind: 'move', by };
  if (isFor(press, 'board.pick')) return { kind: 'pick' };
  if (row.kind === 'group') {
    const folds = (press.key === 'ArrowLeft' && !row.collapsed) || (press.key === 'ArrowRight' && row.collapsed);
    return folds && !isHeld ? { kind: 'toggle', group: row.group } : null;
  }
  const run = cardAction(press, row);
  return run ? { kind: 'act', run } : null;
}

const cardCommands = [
  'board.terminal',
  'board.review',
  'board.spec',
  'board.variants',
  'board.open-in',
  'board.spawn',
  'board.delete',
] as const;

function cardAction(press: KeyPress, { card }: Extract<BoardRow, { kind: 'card' }>): (() => void) | null {
  const command = cardCommands.find((id) => isFor(press, id));
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
      case undefined:
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
    case undefined:
      return null;
  }
}
