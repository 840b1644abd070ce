import { createHash, randomBytes } from 'node:crypto';

import type { Disposable } from '#main/base/lifecycle.ts';
import { LiveValues } from '#main/base/live-value.ts';
import type { Log } from '#main/base/log.ts';
import type { FileSides } from '#main/services/review/read-sides.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import {
  commentLimit,
  type Comment,
  type CommentOrigin,
  type CommentSide,
  type comments as contract,
} from '#shared/contract/comments.ts';
import type { RunId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';
import { notReadInWords } from '#shared/terminal/not-read-in-words.ts';

import { anchorAt, findAnchor, linesOf, type Found } from './anchor.ts';
import { commentMessage, type MessagePart } from './comment-message.ts';
import type { CommentRecord, CommentStore, CommentTarget } from './comment-store.ts';

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

export interface CommentsOptions {
  /** Null: there is no such run, or its project's record cannot be had. */
  storeOf: (id: RunId) => CommentStore | null;
  runs: {
    /** Null: there is no such run. `asks`: it waits for an answer. */
    find(id: RunId): { branch: string; asks: boolean } | null;
    send(id: RunId, text: string): Promise<'sent' | 'not-running' | 'not-read' | 'asks'>;
    /** Starts an exited agent again with its session; or says, in a sentence, why not. */
    resume(id: RunId): Promise<string | null>;
  };
  review: {
    /** Null: there is nothing to review. */
    sides(id: RunId, path: string): Promise<FileSides | null>;
    /** Calls back at once and whenever the files of the run may be others. */
    watch(id: RunId, listener: () => void): Disposable;
  };
  log: Log;
  now?: () => number;
}

/** A run with more of them is beyond reading; so is a message. */
const mostComments = 500;
const mostCharacters = 150_000;

/** What the person says about a run's changes: kept as drafts, sent to the agent as one message, and then followed through the code. */
export class Comments implements Api, Disposable {
  readonly #options: CommentsOptions;
  readonly #now: () => number;
  readonly #live: LiveValues<RunId, readonly Comment[]>;

  constructor(options: CommentsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#live = new LiveValues((id) => ({
      read: () => this.#look(id),
      watch: (onDidChange) => options.review.watch(id, onDidChange),
      onFault: (error) => {
        options.log.error('could not look at the comments of a run', error, { run: id });
      },
    }));
  }

  dispose(): void {
    this.#live.dispose();
  }

  onDidChange({ id }: { id: RunId }, listener: (comments: readonly Comment[]) => void): Disposable {
    return this.#live.follow(id, listener);
  }

  async add(input: { id: RunId; path: string; side: CommentSide; line: number | null; text: string }): Answer<'add'> {
    const store = this.#storeOf(input.id);
    if (store === null) return fail({ kind: 'run-missing' });
    if (store.of(input.id).length >= mostComments) return fail({ kind: 'too-many', most: mostComments });
    const sides = await this.#options.review.sides(input.id, input.path);
    if (sides === null) return fail({ kind: 'not-in-review' });
    const target = targetIn(sides, input.side, input.line);
    if (target === null) return fail({ kind: 'line-missing' });
    const record: CommentRecord = {
      id: randomBytes(12).toString('hex'),
      runId: input.id,
      path: sides.path,
      side: input.side,
      text: input.text,
      target,
      createdAt: this.#now(),
      sentAt: null,
      standing: 'draft',
      isSettled: false,
      origin: null,
    };
    store.save([record]);
    this.#live.refresh(input.id);
    return ok({ comment: record.id });
  }

  edit({ id, comment, text }: { id: RunId; comment: string; text: string }): Answer<'edit'> {
    const found = this.#find(id, comment);
    if (!found) return this.#missing(id);
    if (found.record.origin !== null) return Promise.resolve(fail({ kind: 'not-yours' }));
    if (found.record.standing !== 'draft') return Promise.resolve(fail({ kind: 'already-sent' }));
    found.store.save([{ ...found.record, text }]);
    this.#live.refresh(id);
    return Promise.resolve(ok(undefined));
  }

  remove({ id, comment }: { id: RunId; comment: string }): Answer<'remove'> {
    const found = this.#find(id, comment);
    if (!found) return this.#missing(id);
    const { origin } = found.record;
    if (origin === null) found.store.remove(comment);
    else found.store.save([{ ...found.record, origin: { ...origin, isHidden: true } }]);
    this.#live.refresh(id);
    return Promise.resolve(ok(undefined));
  }

  settle(input: { id: RunId; comment: string; standing: 'open' | 'addressed' | null }): Answer<'settle'> {
    const found = this.#find(input.id, input.comment);
    if (!found) return this.#missing(input.id);
    if (found.record.standing === 'draft') return Promise.resolve(fail({ kind: 'not-sent' }));
    // Without the person's word it stands where the code says: looked at anew from `open`.
    found.store.save([{ ...found.record, standing: input.standing ?? 'open', isSettled: input.standing !== null }]);
    this.#live.refresh(input.id);
    return Promise.resolve(ok(undefined));
  }

  async message({ id }: { id: RunId }): Answer<'message'> {
    const run = this.#options.runs.find(id);
    if (run === null) return fail({ kind: 'run-missing' });
    const drafts = (await this.#look(id)).filter(({ standing }) => standing === 'draft');
    const others = drafts.filter(({ origin }) => origin !== null).length;
    return ok({ text: commentMessage(run.branch, drafts.map(toPart)), drafts: drafts.length, others });
  }

  async send({ id }: { id: RunId }): Answer<'send'> {
    const { runs } = this.#options;
    const store = this.#storeOf(id);
    const run = runs.find(id);
    if (run === null || store === null) return fail({ kind: 'run-missing' });
    const drafts = (await this.#look(id)).filter(({ standing }) => standing === 'draft');
    if (drafts.length === 0) return fail({ kind: 'nothing-to-send' });
    const text = commentMessage(run.branch, drafts.map(toPart));
    if (text.length > mostCharacters) {
      return fail({ kind: 'too-long', characters: text.length, most: mostCharacters });
    }
    if (run.asks) return fail({ kind: 'asks' });
    // What a comment is about is what it is about now; what changes from here on is the answer to it.
    const aimed = await this.#aimed(id, new Set(drafts.map((draft) => draft.id)));
    let sent = await runs.send(id, text);
    let resumed = false;
    if (sent === 'not-running') {
      const obstacle = await runs.resume(id);
      if (obstacle !== null) return fail({ kind: 'not-running', reason: obstacle });
      resumed = true;
      sent = await runs.send(id, text);
      if (sent === 'not-running') {
        return fail({ kind: 'not-running', reason: 'It was resumed, and ended before it could take the message.' });
      }
    }
    // It began to ask in the meantime.
    if (sent === 'asks') return fail({ kind: 'asks' });
    if (sent === 'not-read') return fail({ kind: 'not-running', reason: notReadInWords });
    const sentAt = this.#now();
    // The person may have edited or deleted one while it was sent; what is gone stays gone.
    const present = new Map(store.of(id).map((record) => [record.id, record]));
    store.save(
      aimed.flatMap(({ id: comment, path, target }) => {
        const record = present.get(comment);
        return record ? [{ ...record, path, target, sentAt, standing: 'open' as const }] : [];
      }),
    );
    this.#live.refresh(id);
    return ok({ sent: drafts.length, resumed });
  }

  /**
   * Takes over what reviewers said on the run's pull request, each once, as drafts: the person decides what of it the agent is
   * told. What was changed there since is changed here while it is a draft; what was resolved there counts as addressed.
   */
  async receive(id: RunId, received: readonly ReceivedComment[]): Promise<{ taken: number; omitted: number }> {
    const store = this.#storeOf(id);
    if (store === null) return { taken: 0, omitted: 0 };
    const sides = new Map<string, FileSides | null>();
    for (const path of new Set(received.map((each) => each.path))) {
      sides.set(path, await this.#options.review.sides(id, path));
    }
    const known = new Map(store.all(id).map((record) => [record.id, record]));
    const records = received.flatMap((each) => {
      const record = recordOf(id, each, known.get(idOf(id, each)) ?? null, sides.get(each.path) ?? null);
      return record ?? [];
    });
    const fresh = records.filter((record) => !known.has(record.id));
    const omitted = Math.max(0, fresh.length - Math.max(0, mostComments - known.size));
    const left = new Set(fresh.slice(fresh.length - omitted).map((record) => record.id));
    store.save(records.filter((record) => !left.has(record.id)));
    this.#live.refresh(id);
    return { taken: received.length - omitted, omitted };
  }

  #storeOf(id: RunId): CommentStore | null {
    return this.#options.runs.find(id) === null ? null : this.#options.storeOf(id);
  }

  #find(id: RunId, comment: string): { store: CommentStore; record: CommentRecord } | null {
    const store = this.#storeOf(id);
    const record = store?.of(id).find((each) => each.id === comment);
    return store && record ? { store, record } : null;
  }

  #missing(id: RunId): Promise<{ ok: false; error: { kind: 'run-missing' } | { kind: 'comment-missing' } }> {
    const isRun = this.#options.runs.find(id) !== null;
    return Promise.resolve(fail({ kind: isRun ? 'comment-missing' : 'run-missing' }));
  }

  /** Drafts with what they are about as it is now; as it was, where it cannot be found. */
  async #aimed(id: RunId, drafts: ReadonlySet<string>): Promise<readonly CommentRecord[]> {
    const records = (this.#storeOf(id)?.of(id) ?? []).filter((record) => drafts.has(record.id));
    const sides = await this.#sidesOf(id, records);
    return records.map((record) => {
      const file = sides.get(record.path) ?? null;
      const placed = place(record, file);
      if (file === null || !placed.isFound) return record;
      return { ...record, path: file.path, target: targetIn(file, record.side, placed.line) ?? record.target };
    });
  }

  /** Looks where every comment is in the code as it is now, and keeps where it stands. */
  async #look(id: RunId): Promise<readonly Comment[]> {
    const store = this.#storeOf(id);
    const records = store?.of(id) ?? [];
    if (store === null || records.length === 0) return [];
    const sides = await this.#sidesOf(id, records);
    const looked = records.map((record) => {
      const file = sides.get(record.path) ?? null;
      const placed = place(record, file);
      const standing = record.standing === 'draft' || record.isSettled ? record.standing : placed.standing;
      return { record, comment: toComment({ ...record, standing, path: file?.path ?? record.path }, placed) };
    });
    // Only where it stands is written, over the row as it is by now: one may have been sent or edited meanwhile.
    const present = new Map(store.of(id).map((record) => [record.id, record]));
    store.save(
      looked.flatMap(({ record, comment }) => {
        const row = present.get(record.id);
        const isSame = row !== undefined && JSON.stringify(row) === JSON.stringify(record);
        return isSame && comment.standing !== record.standing ? [{ ...row, standing: comment.standing }] : [];
      }),
    );
    return looked.map(({ comment }) => comment).toSorted(inOrder);
  }

  async #sidesOf(id: RunId, records: readonly CommentRecord[]): Promise<ReadonlyMap<string, FileSides | null>> {
    const found = new Map<string, FileSides | null>();
    for (const path of new Set(records.map((record) => record.path))) {
      found.set(path, await this.#options.review.sides(id, path));
    }
    return found;
  }
}

/** A comment of a pull request, as it is taken over. All of it but the place is somebody else's words. */
export interface ReceivedComment {
  /** Names it for good. */
  key: string;
  path: string;
  side: CommentSide;
  /** The file as the reviewer saw it, and the line in it; null: it is about the file, or that file is not known here. */
  at: { text: string; line: number } | null;
  text: string;
  createdAt: number;
  isResolved: boolean;
  origin: CommentOrigin;
}

/** The same each time, so that nothing comes in twice. */
const idOf = (id: RunId, { key }: ReceivedComment): string =>
  createHash('sha256').update(`${id}\n${key}`).digest('hex').slice(0, 24);

/** The record as it is to be now; null: nothing is to be written. */
function recordOf(
  id: RunId,
  received: ReceivedComment,
  known: CommentRecord | null,
  sides: FileSides | null,
): CommentRecord | null {
  const { path, side, at, createdAt, isResolved, origin } = received;
  const text = received.text.length > commentLimit ? `${received.text.slice(0, commentLimit - 2)} …` : received.text;
  if (known !== null) {
    const wasResolved = known.origin?.isResolved === true;
    const isDraft = known.standing === 'draft';
    if (wasResolved === isResolved && (!isDraft || known.text === text)) return null;
    const next = { ...known, origin: { ...origin, isHidden: known.origin?.isHidden === true, isResolved } };
    if (isDraft) next.text = text;
    if (isResolved && !wasResolved) return { ...next, standing: 'addressed', isSettled: true };
    if (wasResolved && !isResolved)
      return { ...next, standing: known.sentAt === null ? 'draft' : 'open', isSettled: false };
    return next;
  }
  const anchor = at === null ? null : anchorAt(linesOf(at.text), at.line);
  const isBefore = side === 'before';
  const target: CommentTarget =
    anchor === null
      ? { kind: 'file', version: versionOf(sides === null ? null : sideText(sides, side)) }
      : { kind: 'line', anchor, elsewhere: isBefore ? copiesIn(sides?.after ?? null, anchor.text) : 0 };
  const standing = isResolved ? 'addressed' : 'draft';
  const kept = { ...origin, isHidden: false, isResolved };
  const record = { id: idOf(id, received), runId: id, path, side, text, target, createdAt, sentAt: null };
  return { ...record, standing, isSettled: isResolved, origin: kept };
}

const sideText = (sides: FileSides, side: CommentSide): string | null =>
  side === 'before' ? sides.before : sides.after;

const versionOf = (text: string | null): string =>
  text === null ? 'none' : createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Null: there is no such line. */
function targetIn(sides: FileSides, side: CommentSide, line: number | null): CommentTarget | null {
  const text = sideText(sides, side);
  // A file that cannot be read as text can be commented on as a whole.
  if (line === null) return { kind: 'file', version: versionOf(text) };
  const anchor = text === null ? null : anchorAt(linesOf(text), line);
  if (anchor === null) return null;
  return { kind: 'line', anchor, elsewhere: side === 'before' ? copiesIn(sides.after, anchor.text) : 0 };
}

const copiesIn = (text: string | null, line: string): number =>
  text === null ? 0 : linesOf(text).filter((other) => other.trim() === line.trim()).length;

interface Placed {
  line: number | null;
  isFound: boolean;
  /** Where it would stand if it had been sent, and the person had said nothing. */
  standing: 'open' | 'addressed' | 'outdated';
}

function place(record: CommentRecord, sides: FileSides | null): Placed {
  const { target, side } = record;
  // What was addressed once stays so when later work takes its surroundings away, too.
  const lost = record.standing === 'addressed' ? 'addressed' : 'outdated';
  if (target.kind === 'file') {
    if (sides === null) return { line: null, isFound: false, standing: lost };
    const text = sideText(sides, side);
    if (versionOf(text) === target.version) return { line: null, isFound: true, standing: 'open' };
    return { line: null, isFound: text !== null, standing: text === null ? lost : 'addressed' };
  }
  const { anchor } = target;
  const text = sides === null ? null : sideText(sides, side);
  const found: Found = text === null ? { kind: 'gone' } : findAnchor(linesOf(text), anchor);
  const line = found.kind === 'gone' ? anchor.line : found.line;
  const isFound = found.kind === 'there';
  if (side === 'before') {
    if (sides === null) return { line, isFound, standing: lost };
    const isBack = copiesIn(sides.after, anchor.text) > target.elsewhere;
    return { line, isFound, standing: isBack ? 'addressed' : isFound ? 'open' : lost };
  }
  return { line, isFound, standing: isFound ? 'open' : found.kind === 'changed' ? 'addressed' : lost };
}

const toComment = (record: CommentRecord, { line, isFound }: Placed): Comment => ({
  id: record.id,
  path: record.path,
  side: record.side,
  line,
  quote: record.target.kind === 'line' ? record.target.anchor.text : '',
  text: record.text,
  createdAt: record.createdAt,
  sentAt: record.sentAt,
  standing: record.standing,
  isFound,
  isSettled: record.isSettled,
  origin: record.origin && {
    author: record.origin.author,
    url: record.origin.url,
    pullRequest: record.origin.pullRequest,
  },
});

const toPart = (comment: Comment): MessagePart => ({ ...comment, author: comment.origin?.author ?? null });

const inOrder = (one: Comment, other: Comment): number => {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return (one.line ?? 0) - (other.line ?? 0) || one.createdAt - other.createdAt;
};
