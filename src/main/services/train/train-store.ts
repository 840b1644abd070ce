import type { Store } from '#main/services/store/store.ts';
import type { Train } from '#shared/contract/train.ts';
import type { RunId } from '#shared/ids.ts';

/** A train with what is needed to go on with it. */
export interface TrainRecord extends Train {
  /** The branch's commit that each merged car had, for finding out which of them it takes to fail. */
  branchCommits: Readonly<Record<RunId, string>>;
}

/** The train of one project on disk: written before each step, so that a killed one is found where it was. */
export class TrainStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Null: there never was one, or what is written is none. */
  read(): TrainRecord | null {
    const [row] = this.#store.all("SELECT train FROM trains WHERE name = 'current'");
    if (!row) return null;
    try {
      const record = JSON.parse(String(row['train'])) as TrainRecord;
      return Array.isArray(record.cars) && typeof record.base === 'string' ? record : null;
    } catch {
      return null;
    }
  }

  write(record: TrainRecord): void {
    this.#store.run(
      "INSERT INTO trains VALUES ('current', ?) ON CONFLICT (name) DO UPDATE SET train = excluded.train",
      JSON.stringify(record),
    );
  }
}
