import type { RunId } from '#shared/ids.ts';

import type { AttentionItem } from './attention.ts';

/** A run that asks something, for tests: what they are not about is filled in. */
export const testItem = (id: string, more: Partial<AttentionItem> = {}): AttentionItem => ({
  runId: id as RunId,
  reason: 'question',
  detail: null,
  since: 100,
  also: [],
  unblocks: [],
  standsStill: true,
  place: 'terminal',
  collidesWith: null,
  key: 'question 1',
  ...more,
});
