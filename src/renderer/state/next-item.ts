import type { AttentionItem } from '#shared/contract/attention.ts';
import type { RunId } from '#shared/ids.ts';

/** Names an item as it stands: when the run needs something else, it is another visit. */
export const visitKey = ({ runId, key }: AttentionItem): string => `${runId} ${key}`;

/**
 * The item that comes first in the inbox. Those that were visited and have not changed since are passed over, so that one
 * key, pressed again and again, goes through them all; what comes up meanwhile comes first. When all were visited, it
 * begins anew (`startsOver`). The run where the person is comes last.
 */
export function nextItem(
  items: readonly AttentionItem[],
  visited: ReadonlySet<string>,
  currentId: RunId | null,
): { item: AttentionItem; startsOver: boolean } | null {
  const elsewhere = items.filter(({ runId }) => runId !== currentId);
  const fresh = elsewhere.find((item) => !visited.has(visitKey(item)));
  if (fresh) return { item: fresh, startsOver: false };
  const again = elsewhere[0] ?? items[0];
  return again ? { item: again, startsOver: true } : null;
}
