import type { Store, StoreValue } from '#main/services/store/store.ts';
import type { RunId } from '#shared/ids.ts';

import type { RecordedRun } from './work-out-figures.ts';

type Row = Readonly<Record<string, StoreValue>>;

/** Reads what a project's record has of its runs, those that were deleted and can be restored included. */
export function readRecordedRuns(store: Store): readonly RecordedRun[] {
  const history = byRun(store.all('SELECT run_id, at, kind, source FROM status_history ORDER BY at, rowid'));
  const looks = byRun(store.all('SELECT run_id, began_at, ended_at FROM looks'));
  const usage = byRun(store.all('SELECT * FROM usage'));
  const runs = store.all("SELECT * FROM runs WHERE task = 'build' ORDER BY created_at");
  return runs.map((row) => {
    const id = String(row['id']);
    return {
      id: id as RunId,
      slug: String(row['spec_slug']),
      title: String(row['spec_title']),
      agent: String(row['agent_label']),
      branch: String(row['branch']),
      createdAt: Number(row['created_at']),
      status: field(row['status'], 'kind') ?? 'unknown',
      mergedAt: mergedAt(row),
      history: (history.get(id) ?? []).map(({ at, kind, source }) => ({
        at: Number(at),
        kind: String(kind),
        source: String(source),
      })),
      looks: (looks.get(id) ?? []).map(({ began_at: from, ended_at: to }) => ({ from: Number(from), to: Number(to) })),
      usage: (usage.get(id) ?? []).map(
        ({ at, input, output, cache_read: cacheRead, cache_write: cacheWrite, cost }) => ({
          at: Number(at),
          input: Number(input),
          output: Number(output),
          cacheRead: Number(cacheRead),
          cacheWrite: Number(cacheWrite),
          cost: typeof cost === 'number' ? cost : null,
        }),
      ),
    };
  });
}

function byRun(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, (row) => String(row['run_id']));
}

function mergedAt({ merged }: Row): number | 'unknown' | null {
  if (merged === null || merged === undefined) return null;
  const at = Number(field(merged, 'at') ?? Number.NaN);
  return Number.isFinite(at) ? at : 'unknown';
}

/** One field of what is kept as JSON; null where it is none, or has no such field. */
function field(text: StoreValue | undefined, name: string): string | null {
  try {
    const value = (JSON.parse(String(text)) as Record<string, unknown> | null)?.[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  } catch {
    return null;
  }
}
