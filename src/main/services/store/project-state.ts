import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { lockFile } from '#main/base/file-lock.ts';
import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { OpenFailure } from '#shared/contract/projects.ts';
import { errorMessage } from '#shared/error-message.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { NewerStore, Store } from './store.ts';

/** What a host keeps of a project, for as long as it has it open. */
export interface ProjectState extends Disposable {
  store: Store;
}

type StateFailure = Extract<OpenFailure, { kind: 'newer-state' | 'open-elsewhere' | 'state-unusable' }>;

/** How long a host that is just quitting may hold on, in milliseconds. All of the app waits with it. */
const patience = 500;

/**
 * Takes a project for this host, and opens its record. At most one host has a project: two would each take the runs that
 * the other is making for cut off, take them back, and write their records over each other's.
 */
export function openProjectState(options: {
  projectPath: string;
  commonDir: string;
  log: Log;
}): Result<ProjectState, StateFailure> {
  const { projectPath, commonDir, log } = options;
  const folder = join(commonDir, 'switchyard');
  const path = join(folder, 'state.db');
  const owned = new DisposableStore();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = lockFile(join(folder, 'host.lock'), patience);
    if (lock === null) return fail({ kind: 'open-elsewhere', path: projectPath });
    owned.add(lock);
    const store = owned.add(new Store({ path, log }));
    return ok({
      store,
      dispose: () => {
        owned.dispose();
      },
    });
  } catch (error) {
    owned.dispose();
    if (error instanceof NewerStore) return fail({ kind: 'newer-state', path });
    log.error('the record of a project could not be opened', error, { path });
    const message = errorMessage(error);
    return fail({ kind: 'state-unusable', path, message });
  }
}
