import type { KeyPress } from '#renderer/ui/keys.ts';
import type { BoardGroupId } from '#shared/board/derive-board.ts';

import type { BoardRow } from './board-rows.ts';

/** What a key means on a row of the board that is no command's. */
export type KeyAction = { kind: 'move'; by: number } | { kind: 'toggle'; group: BoardGroupId };

const moves: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 8,
  PageUp: -8,
  Home: -Infinity,
  End: Infinity,
};

/** Null when the key means nothing there. */
export function keyAction(press: KeyPress, row: BoardRow): KeyAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const by = moves[press.key];
  if (by !== undefined) return { kind: 'move', by };
  if (row.kind !== 'group') return null;
  const folds = (press.key === 'ArrowLeft' && !row.collapsed) || (press.key === 'ArrowRight' && row.collapsed);
  return folds ? { kind: 'toggle', group: row.group } : null;
}
