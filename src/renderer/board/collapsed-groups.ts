import { boardGroupIds, type BoardGroupId } from '#shared/board/derive-board.ts';

const storageKey = 'switchyard.board.collapsed';

/** Which groups this person keeps folded, on this machine, in every project. */
export function readCollapsed(): ReadonlySet<BoardGroupId> {
  const names = (localStorage.getItem(storageKey) ?? '').split(',');
  return new Set(boardGroupIds.filter((id) => names.includes(id)));
}

export function saveCollapsed(collapsed: ReadonlySet<BoardGroupId>): void {
  localStorage.setItem(storageKey, Array.from(collapsed).join(','));
}
