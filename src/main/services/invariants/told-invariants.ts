import type { Store } from '#main/services/store/store.ts';
import type { RunId } from '#shared/ids.ts';

/** Which version of each invariant a run was told of after its prompt, kept in the project's state. */
export class ToldInvariants {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** By invariant; an empty version: it was told that the invariant is gone. */
  of(runId: RunId): ReadonlyMap<string, string> {
    const rows = this.#store.all('SELECT invariant, version FROM told_invariants WHERE run_id = ?', runId);
    return new Map(rows.map((row) => [String(row['invariant']), String(row['version'])]));
  }

  add(runId: RunId, versions: ReadonlyMap<string, string>): void {
    this.#store.transaction(() => {
      for (const [invariant, version] of versions) {
        this.#store.run('INSERT OR REPLACE INTO told_invariants VALUES (?, ?, ?)', runId, invariant, version);
      }
    });
  }

  /** It has begun anew, with its prompt alone. */
  forget(runId: RunId): void {
    this.#store.run('DELETE FROM told_invariants WHERE run_id = ?', runId);
  }
}
