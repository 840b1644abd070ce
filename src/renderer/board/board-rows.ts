import { boardGroupIds, type BoardCard, type BoardGroupId, type BoardGroups } from '#shared/board/derive-board.ts';

/** A line of the board's list: the head of a group, or a card. `key` names it as long as it is what it is. */
export type BoardRow =
  | { kind: 'group'; key: string; group: BoardGroupId; count: number; collapsed: boolean }
  | { kind: 'card'; key: string; group: BoardGroupId; card: BoardCard };

function cardKey(card: BoardCard): string {
  switch (card.kind) {
    case 'run':
      return `run:${card.run.id}`;
    case 'draft':
      return `draft:${card.spec.slug}`;
    case 'stray':
      return `stray:${card.file.path}`;
  }
}

/**
 * The board as one list: groups that hold something, each followed by its cards unless it is collapsed. With a filter,
 * only cards that have every word of it somewhere, in groups that are all open: what is looked for must not be hidden.
 */
export function boardRows(
  groups: BoardGroups,
  collapsed: ReadonlySet<BoardGroupId>,
  filter: string,
): readonly BoardRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return boardGroupIds.flatMap((group): readonly BoardRow[] => {
    const cards: readonly BoardCard[] = groups[group];
    const shown = words.length === 0 ? cards : cards.filter((card) => matches(card, words));
    if (shown.length === 0) return [];
    const isCollapsed = words.length === 0 && collapsed.has(group);
    const head: BoardRow = { kind: 'group', key: `group:${group}`, group, count: shown.length, collapsed: isCollapsed };
    if (isCollapsed) return [head];
    return [head, ...shown.map((card): BoardRow => ({ kind: 'card', key: cardKey(card), group, card }))];
  });
}

function matches(card: BoardCard, words: readonly string[]): boolean {
  const text = searchedText(card).toLowerCase();
  return words.every((word) => text.includes(word));
}

function searchedText(card: BoardCard): string {
  switch (card.kind) {
    case 'run': {
      const { run } = card;
      return [run.spec.title, run.spec.slug, run.agent.label, run.branch, run.status.kind, run.activity ?? ''].join(
        ' ',
      );
    }
    case 'draft':
      return [card.spec.title, card.spec.slug, ...card.spec.agents].join(' ');
    case 'stray':
      return card.file.path;
  }
}
