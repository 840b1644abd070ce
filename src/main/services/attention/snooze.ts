import type { AttentionItem, AttentionState, SnoozedItem } from '#shared/contract/attention.ts';
import type { RunId } from '#shared/ids.ts';

export interface Snooze {
  runId: RunId;
  /** The item's key when it was put off. */
  key: string;
  /** Null: until it needs something else. */
  until: number | null;
}

/** Whether the item is still the one that was put off, and its time has not come. */
export const isAsleep = (item: AttentionItem, snooze: Snooze | undefined, now: number): boolean =>
  snooze?.key === item.key && (snooze.until === null || snooze.until > now);

/** Parts what needs the person now from what they have put off. */
export function withSnoozes(
  items: readonly AttentionItem[],
  snoozes: ReadonlyMap<RunId, Snooze>,
  now: number,
): AttentionState {
  const snoozed = items.flatMap((item): readonly SnoozedItem[] => {
    const snooze = snoozes.get(item.runId);
    return snooze && isAsleep(item, snooze, now) ? [{ ...item, until: snooze.until }] : [];
  });
  const asleep = new Set(snoozed.map(({ runId }) => runId));
  return {
    items: items.filter(({ runId }) => !asleep.has(runId)),
    snoozed: snoozed.toSorted((a, b) => (a.until ?? Infinity) - (b.until ?? Infinity)),
  };
}

/** When the next one comes back by itself; null: none does. */
export function nextWake(snoozes: Iterable<Snooze>, now: number): number | null {
  const times = Array.from(snoozes, ({ until }) => until).filter((until) => until !== null && until > now);
  return times.length === 0 ? null : Math.min(...(times as number[]));
}
