import type { Store } from '#main/services/store/store.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

/** One merge of ours: what its base got is all that `mergedCommit` has in its history and `previousCommit` has not. */
export interface MergeRecord {
  runId: RunId;
  spec: SpecSlug;
  /** Where the base was before. */
  previousCommit: string;
  /** Where it was after. */
  mergedCommit: string;
}

/**
 * The merges that were made in one project, the latest last. A rebase writes nothing about the run into its commits, which are
 * the author's; so who brought them is known from here. It outlives the run, also one whose record is dropped.
 */
export class MergeRecords {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  add({ runId, spec, previousCommit, mergedCommit }: MergeRecord): void {
    this.#store.run(
      'INSERT INTO merges (run_id, spec_slug, previous_commit, merged_commit) VALUES (?, ?, ?, ?)',
      runId,
      spec,
      previousCommit,
      mergedCommit,
    );
  }

  all(): readonly MergeRecord[] {
    return this.#store.all('SELECT * FROM merges ORDER BY id').map((row) => ({
      runId: String(row['run_id']) as RunId,
      spec: String(row['spec_slug']) as SpecSlug,
      previousCommit: String(row['previous_commit']),
      mergedCommit: String(row['merged_commit']),
    }));
  }
}
