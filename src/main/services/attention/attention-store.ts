import type { Store } from '#main/services/store/store.ts';
import type { DecisionKind, RunStatusKind } from '#shared/contract/runs.ts';
import type { RunId } from '#shared/ids.ts';

import type { Snooze } from './snooze.ts';

/** How a run was when the person left it. */
export interface Look {
  endedAt: number;
  /** The commit of its branch; null: it had none. */
  head: string | null;
  uncommitted: number;
}

/** What the project's record has of a run since a time. */
export interface RecordedEvents {
  statuses: readonly { at: number; kind: RunStatusKind; detail: string | null }[];
  decisions: readonly { at: number; kind: DecisionKind; reason: string }[];
  /** Of each check the latest. */
  checks: readonly { check: string; outcome: string }[];
}

/** What one project remembers of the person's attention: what they looked at, and what they put off. */
export class AttentionStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  snoozes(): ReadonlyMap<RunId, Snooze> {
    const rows = this.#store.all('SELECT run_id, item, until FROM snoozes');
    return new Map(
      rows.map((row) => {
        const runId = String(row['run_id']) as RunId;
        const { until = null } = row;
        return [runId, { runId, key: String(row['item']), until: until === null ? null : Number(until) }];
      }),
    );
  }

  snooze({ runId, key, until }: Snooze): void {
    this.#store.run(
      'INSERT INTO snoozes VALUES (?, ?, ?) ON CONFLICT (run_id) DO UPDATE SET item = excluded.item, until = excluded.until',
      runId,
      key,
      until,
    );
  }

  wake(runId: RunId): void {
    this.#store.run('DELETE FROM snoozes WHERE run_id = ?', runId);
  }

  /** The last time that the person looked at a run; null: they never did. */
  lastLook(runId: RunId): Look | null {
    const [row] = this.#store.all(
      'SELECT ended_at, head, uncommitted FROM looks WHERE run_id = ? ORDER BY ended_at DESC LIMIT 1',
      runId,
    );
    if (!row) return null;
    const { head } = row;
    return {
      endedAt: Number(row['ended_at']),
      head: typeof head === 'string' ? head : null,
      uncommitted: Number(row['uncommitted']),
    };
  }

  /** Records that the person looks at a run now. It holds as seen even when nobody comes to say that they left. */
  beginLook(runId: RunId, look: Look): number {
    this.#store.run(
      'INSERT INTO looks (run_id, began_at, ended_at, head, uncommitted) VALUES (?, ?, ?, ?, ?)',
      runId,
      look.endedAt,
      look.endedAt,
      look.head,
      look.uncommitted,
    );
    const [row] = this.#store.all('SELECT max(id) AS id FROM looks');
    return Number(row?.['id']);
  }

  endLook(id: number, look: Look): void {
    this.#store.run(
      'UPDATE looks SET ended_at = ?, head = ?, uncommitted = ? WHERE id = ?',
      look.endedAt,
      look.head,
      look.uncommitted,
      id,
    );
  }

  /** What came at that moment counts too: it is told twice rather than never. */
  eventsSince(runId: RunId, at: number): RecordedEvents {
    const statuses = this.#store.all(
      'SELECT at, kind, detail FROM status_history WHERE run_id = ? AND at >= ? ORDER BY at, rowid',
      runId,
      at,
    );
    const decisions = this.#store.all(
      'SELECT at, kind, reason FROM decisions WHERE run_id = ? AND at >= ? ORDER BY at, rowid',
      runId,
      at,
    );
    const checks = this.#store.all(
      `SELECT check_id, outcome, max(ended_at) FROM evidence
       WHERE run_id = ? AND ended_at >= ? AND outcome NOT IN ('cancelled', 'met', 'not-met') GROUP BY check_id`,
      runId,
      at,
    );
    return {
      statuses: statuses.map(({ at: when, kind, detail }) => ({
        at: Number(when),
        kind: String(kind) as RunStatusKind,
        detail: typeof detail === 'string' ? detail : null,
      })),
      decisions: decisions.map(({ at: when, kind, reason }) => ({
        at: Number(when),
        kind: String(kind) as DecisionKind,
        reason: String(reason),
      })),
      checks: checks.map(({ check_id: check, outcome }) => ({ check: String(check), outcome: String(outcome) })),
    };
  }
}
