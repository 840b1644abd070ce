import { describe, expect, it } from 'vitest';

import { deriveBoard } from '#shared/board/derive-board.ts';
import type { SpecSummary } from '#shared/contract/specs.ts';
import { testSpec } from '#shared/contract/test-spec.ts';

import { boardRows } from './board-rows.ts';

const spec = (slug: string, title: string, agents: string[] = []): SpecSummary => testSpec(slug, { title, agents });
const groups = deriveBoard([], {
  specs: [spec('match-history', 'Match history', ['claude']), spec('toggles', 'Feature toggles', ['codex'])],
  strays: [{ path: 'specs/My Idea.md', reason: 'no slug' }],
});
const keys = (...given: Parameters<typeof boardRows>): string[] => boardRows(...given).map((row) => row.key);

describe('the rows of the board', () => {
  it('leave out groups that hold nothing', () => {
    expect(keys(groups, new Set(), '')).toEqual([
      'group:drafts',
      'draft:match-history',
      'draft:toggles',
      'stray:specs/My Idea.md',
    ]);
  });

  it('hide the cards of a collapsed group but keep its count', () => {
    expect(boardRows(groups, new Set(['drafts']), '')).toEqual([
      { kind: 'group', key: 'group:drafts', group: 'drafts', count: 3, collapsed: true },
    ]);
  });

  it('find a card by all the words of the filter, even in a collapsed group', () => {
    expect(keys(groups, new Set(['drafts']), 'claude  HIST')).toEqual(['group:drafts', 'draft:match-history']);
    expect(keys(groups, new Set(), 'claude toggles')).toEqual([]);
  });
});
