import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { Merges } from '#main/services/merges/merges.ts';
import type { Runs } from '#main/services/runs/runs.ts';

import type { MergeRecords } from './merge-records.ts';

/**
 * Keeps which run is merged with which commit: before the base moves, so that a host that is killed right after it finds it out
 * at its next start, and shown as soon as it has moved.
 */
export function recordMerges(options: {
  merges: Pick<Merges, 'onWillMerge' | 'onDidNotMerge' | 'onDidMerge'>;
  runs: Pick<Runs, 'find' | 'refresh'>;
  /** Null: the project is not open. */
  recordsOf: (projectPath: string) => MergeRecords | null;
  log: Log;
}): Disposable {
  const { merges, runs, recordsOf, log } = options;
  const owned = new DisposableStore();
  // What cannot be written holds no merge up: the run itself is recorded once it is made, and written when that can be.
  const tryTo = (projectPath: string, write: (records: MergeRecords) => void): void => {
    try {
      const records = recordsOf(projectPath);
      if (records) write(records);
    } catch (error) {
      log.error('a merge could not be written down', error, { project: projectPath });
    }
  };
  owned.add(
    merges.onWillMerge(({ runId, projectPath, method, base, previousCommit, commit, branchCommit }) => {
      const found = runs.find(runId);
      if (!found) return;
      const spec = found.run.spec.slug;
      tryTo(projectPath, (records) => {
        records.add({
          runId,
          spec,
          previousCommit,
          mergedCommit: commit,
          base,
          method,
          branchCommit,
          at: Date.now(),
        });
      });
    }),
  );
  owned.add(
    merges.onDidNotMerge(({ runId, projectPath, commit }) => {
      tryTo(projectPath, (records) => records.remove({ runId, mergedCommit: commit }));
    }),
  );
  owned.add(
    merges.onDidMerge(({ runId, method, base, commit, branchCommit }) => {
      const found = runs.find(runId);
      if (!found) return;
      found.runs.change(runId, { merged: { commit, into: base, method, at: Date.now(), branchCommit } });
      runs.refresh(found.run.projectId, null);
    }),
  );
  return owned;
}
