import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Repository } from './repository.ts';

/**
 * Whether the person looks at the run with this title, by the project's record: what the host knows, and so what notices and
 * news go by. The page says it only once they have rested there for a moment.
 */
export function lastLookAt(repository: Repository, title: string): 'none' | 'open' | 'ended' {
  const database = new DatabaseSync(join(repository.path, '.git/switchyard/state.db'), { readOnly: true });
  try {
    const row = database
      .prepare(
        'SELECT began_at, ended_at FROM looks JOIN runs ON runs.id = run_id WHERE spec_title = ? ORDER BY looks.id DESC LIMIT 1',
      )
      .get(title);
    if (!row) return 'none';
    return Number(row['ended_at']) > Number(row['began_at']) ? 'ended' : 'open';
  } finally {
    database.close();
  }
}
