import type { Store } from '#main/services/store/store.ts';
import type { PullRequest } from '#shared/contract/pull-requests.ts';
import type { RunId } from '#shared/ids.ts';

/** The pull requests of one project's runs as they were seen last. They go with their run. */
export class PullRequestStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  all(): readonly PullRequest[] {
    return this.#store.all('SELECT pull_request FROM pull_requests ORDER BY run_id').flatMap((row) => {
      try {
        return [JSON.parse(String(row['pull_request'])) as PullRequest];
      } catch {
        return []; // somebody wrote into the file; the next look writes it anew
      }
    });
  }

  find(runId: RunId): PullRequest | null {
    return this.all().find((each) => each.runId === runId) ?? null;
  }

  save(pullRequest: PullRequest): void {
    const { runId } = pullRequest;
    this.#store.run('INSERT OR REPLACE INTO pull_requests VALUES (?, ?)', runId, JSON.stringify(pullRequest));
  }

  forget(runId: RunId): void {
    this.#store.run('DELETE FROM pull_requests WHERE run_id = ?', runId);
  }
}
