import { workingSpans, type StatusRow } from '#main/services/figures/spans.ts';
import type { Store } from '#main/services/store/store.ts';
import type { RunId } from '#shared/ids.ts';

/** The status history of some runs, by run. */
export function readHistory(store: Store, ids: readonly RunId[]): ReadonlyMap<RunId, readonly StatusRow[]> {
  const marks = ids.map(() => '?').join(', ');
  const rows = store.all(
    `SELECT run_id, at, kind, source FROM status_history WHERE run_id IN (${marks}) ORDER BY at, rowid`,
    ...ids,
  );
  const found = new Map<RunId, StatusRow[]>();
  for (const { run_id: id, at, kind, source } of rows) {
    const history = found.get(id as RunId) ?? [];
    history.push({ at: Number(at), kind: String(kind), source: String(source) });
    found.set(id as RunId, history);
  }
  return found;
}

/** How long an agent was at work by now, in milliseconds, and when it came to rest; null: it has not, or nobody saw it. */
export function workTime(
  history: readonly StatusRow[],
  isWorking: boolean,
  now: number,
): { worked: number; restedAt: number | null } {
  const { spans } = workingSpans(history, isWorking ? now : null);
  const worked = spans.reduce((sum, { from, to }) => sum + (to - from), 0);
  return { worked, restedAt: isWorking ? null : (spans.at(-1)?.to ?? null) };
}
