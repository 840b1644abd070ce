import { describe, expect, it } from 'vitest';

import { commandCatalogue } from '#renderer/state/command-catalogue.ts';
import type { DraftCard, RunCard, StrayCard } from '#shared/board/derive-board.ts';
import { testRun } from '#shared/contract/test-run.ts';
import { testSpec } from '#shared/contract/test-spec.ts';

import type { BoardRow } from './board-rows.ts';
import { rowCommands } from './row-commands.ts';

const cardRow = (card: RunCard | DraftCard | StrayCard): BoardRow => ({
  kind: 'card',
  key: 'k',
  group: 'running',
  card,
});
const runRow = (more: Parameters<typeof testRun>[1] = {}): BoardRow =>
  cardRow({ kind: 'run', run: testRun('a', more), need: null });
const draftRow = (problemCount: number): BoardRow => cardRow({ kind: 'draft', spec: testSpec('s', { problemCount }) });
const groupRow = (group: 'running' | 'drafts'): BoardRow => ({
  kind: 'group',
  key: 'g',
  group,
  count: 1,
  collapsed: false,
});

/** The commands that can be done while the keyboard is on this row. */
function offered(row: BoardRow | null): readonly string[] {
  const commands = rowCommands({ row: () => row, move: () => undefined, pick: () => undefined });
  return commands.filter(({ when }) => when?.() ?? true).map(({ id }) => id.slice('board.'.length));
}

describe('the commands of the board', () => {
  it('are all there, whatever has the keyboard, so that a menu and the keys can have them', () => {
    const ids = rowCommands({ row: () => null, move: () => undefined, pick: () => undefined }).map(({ id }) => id);
    const declared = Object.entries(commandCatalogue).flatMap(([id, { where }]) => (where === 'board' ? [id] : []));
    expect(ids.toSorted()).toEqual(declared.toSorted());
  });

  it('can be done where they make sense', () => {
    expect(offered(null)).toEqual([]);
    expect(offered(runRow())).toEqual(['terminal', 'review', 'spec', 'open-in', 'delete', 'pick', 'down', 'up']);
    expect(offered(runRow({ terminalId: null, presence: { branch: false, worktree: false } }))).toEqual([
      'spec',
      'delete',
      'pick',
      'down',
      'up',
    ]);
    expect(offered(draftRow(0))).toEqual(['spec', 'spawn', 'delete', 'down', 'up']);
    expect(offered(draftRow(1))).toEqual(['spec', 'delete', 'down', 'up']);
    expect(offered(groupRow('running'))).toEqual(['pick', 'down', 'up']);
    expect(offered(groupRow('drafts'))).toEqual(['down', 'up']);
  });

  it('move the keyboard, and choose the row that has it', () => {
    const done: unknown[] = [];
    const row = runRow();
    const commands = rowCommands({ row: () => row, move: (by) => done.push(by), pick: (picked) => done.push(picked) });
    for (const id of ['board.down', 'board.up', 'board.pick']) commands.find((each) => each.id === id)?.run();
    expect(done).toEqual([1, -1, row]);
  });
});
