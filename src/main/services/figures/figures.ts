import type { Store } from '#main/services/store/store.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { Figures as ProjectFigures, figures as contract } from '#shared/contract/figures.ts';
import type { ProjectId } from '#shared/ids.ts';
import { ok, type Result } from '#shared/result.ts';

import { readRecordedRuns } from './figures-store.ts';
import { workOutFigures } from './work-out-figures.ts';

/** What the agents of a project have done, cost, and taken of the person's time, as far as it is on record. */
export class Figures implements DomainApi<typeof contract> {
  readonly #stores: (id: ProjectId) => Store | null;
  readonly #now: () => number;

  constructor({ stores, now = Date.now }: { stores: (id: ProjectId) => Store | null; now?: () => number }) {
    this.#stores = stores;
    this.#now = now;
  }

  read({ projectId }: { projectId: ProjectId }): Promise<Result<ProjectFigures, never>> {
    const store = this.#stores(projectId);
    return Promise.resolve(ok(workOutFigures(store === null ? [] : readRecordedRuns(store), this.#now())));
  }
}
