import type { Store } from '#main/services/store/store.ts';
import type { MergeMethod } from '#shared/contract/merges.ts';
import type { Run } from '#shared/contract/runs.ts';
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

/** What makes a run merged, if its base has the commit. */
interface MergeFacts {
  /** The base's short name. */
  base: string;
  method: MergeMethod;
  /** The branch as it is merged. */
  branchCommit: string;
  /** Milliseconds since 1970. */
  at: number;
}

/**
 * The merges of one project, the latest last. Each is written down before the base moves, so that one whose host is killed right
 * after that is not forgotten: whether it was made, the base itself says. A rebase writes nothing about the run into its commits, which are
 * the author's; so who brought them is known from here. It outlives the run, also one whose record is dropped.
 */
export class MergeRecords {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  add({ runId, spec, previousCommit, mergedCommit, base, method, branchCommit, at }: MergeRecord & MergeFacts): void {
    this.#store.run(
      `INSERT INTO merges (run_id, spec_slug, previous_commit, merged_commit, base, method, branch_commit, made_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      runId,
      spec,
      previousCommit,
      mergedCommit,
      base,
      method,
      branchCommit,
      at,
    );
  }

  /** A merge that was written down and not made. */
  remove({ runId, mergedCommit }: Pick<MergeRecord, 'runId' | 'mergedCommit'>): void {
    this.#store.run('DELETE FROM merges WHERE run_id = ? AND merged_commit = ?', runId, mergedCommit);
  }

  /** What a run is merged as if its base has the commit; the latest first. */
  of(id: RunId): readonly NonNullable<Run['merged']>[] {
    const query = 'SELECT * FROM merges WHERE run_id = ? AND method IS NOT NULL ORDER BY id DESC';
    return this.#store.all(query, id).map((row) => ({
      commit: String(row['merged_commit']),
      into: String(row['base']),
      method: String(row['method']) as MergeMethod,
      at: Number(row['made_at']),
      branchCommit: String(row['branch_commit']),
    }));
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
