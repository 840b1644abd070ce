import type { Store, StoreValue } from '#main/services/store/store.ts';
import type { CommentOrigin, CommentSide, CommentStanding } from '#shared/contract/comments.ts';
import type { RunId } from '#shared/ids.ts';

import type { Anchor } from './anchor.ts';

/** What a comment is about, as it was. */
export type CommentTarget =
  | {
      kind: 'line';
      anchor: Anchor;
      /** Of a line that was removed: how often the other side says it. */ elsewhere: number;
    }
  /** `version`: the file's content, by its hash. */
  | { kind: 'file'; version: string };

/** A comment of the run's pull request. */
export interface KeptOrigin extends CommentOrigin {
  /** The person does not want to see it; it is kept so that it does not come in again. */
  isHidden: boolean;
  /** Its thread was resolved when it was seen last. */
  isResolved: boolean;
}

export interface CommentRecord {
  id: string;
  runId: RunId;
  path: string;
  side: CommentSide;
  text: string;
  target: CommentTarget;
  createdAt: number;
  sentAt: number | null;
  standing: CommentStanding;
  isSettled: boolean;
  origin: KeptOrigin | null;
}

/** The comments of one project's runs on disk. They go with their run. */
export class CommentStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The oldest first. Rows that make no sense are left where they are and out of this; so are those that the person hid. */
  of(runId: RunId): readonly CommentRecord[] {
    return this.all(runId).filter(({ origin }) => origin?.isHidden !== true);
  }

  /** With those that the person hid. */
  all(runId: RunId): readonly CommentRecord[] {
    return this.#store
      .all('SELECT * FROM comments WHERE run_id = ? ORDER BY created_at, id', runId)
      .flatMap((row) => fromRow(row) ?? []);
  }

  /** Writes comments as they are now: all of them or none. */
  save(records: readonly CommentRecord[]): void {
    if (records.length === 0) return;
    this.#store.transaction(() => {
      for (const { id, runId, path, side, text, target, createdAt, sentAt, standing, isSettled, origin } of records) {
        this.#store.run(
          'INSERT OR REPLACE INTO comments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
          id,
          runId,
          path,
          side,
          text,
          JSON.stringify(target),
          createdAt,
          sentAt,
          standing,
          isSettled ? 1 : 0,
          origin === null ? null : JSON.stringify(origin),
        );
      }
    });
  }

  remove(id: string): void {
    this.#store.run('DELETE FROM comments WHERE id = ?', id);
  }
}

function fromRow(row: Readonly<Record<string, StoreValue>>): CommentRecord | null {
  try {
    const target = JSON.parse(String(row['target'])) as CommentTarget;
    if (target.kind === 'line' ? !Array.isArray(target.anchor.before) : typeof target.version !== 'string') return null;
    return {
      id: String(row['id']),
      runId: String(row['run_id']) as RunId,
      path: String(row['path']),
      side: row['side'] === 'before' ? 'before' : 'after',
      text: String(row['text']),
      target,
      createdAt: Number(row['created_at']),
      sentAt: row['sent_at'] === null ? null : Number(row['sent_at']),
      standing: String(row['standing']) as CommentStanding,
      isSettled: row['is_settled'] === 1,
      origin: row['origin'] === null ? null : (JSON.parse(String(row['origin'])) as KeptOrigin),
    };
  } catch {
    return null;
  }
}
