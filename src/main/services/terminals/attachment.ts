import type { Disposable } from '#main/base/lifecycle.ts';
import type { PtyHostApi } from '#main/ptyhost/protocol.ts';
import type { SnapshotExtent, TerminalFrame } from '#shared/contract/terminals.ts';
import type { TerminalId } from '#shared/ids.ts';

export interface ViewerKey {
  id: TerminalId;
  viewer: string;
  begin?: SnapshotExtent | undefined;
}

/** One viewer's feed. It outlives the connection it runs over: on the next one it begins with a new snapshot. */
export class Attachment implements Disposable {
  readonly #key: ViewerKey;
  readonly #listener: (frame: TerminalFrame) => void;
  readonly #onOver: () => void;
  #feed: Disposable | null = null;
  #isOver = false;

  constructor(key: ViewerKey, listener: (frame: TerminalFrame) => void, onOver: () => void) {
    this.#key = key;
    this.#listener = listener;
    this.#onOver = onOver;
  }

  get id(): TerminalId {
    return this.#key.id;
  }

  /** Begins on a connection. Does nothing when it has begun there already. */
  open(api: PtyHostApi): void {
    if (this.#isOver || this.#feed) return;
    this.#feed = api.terminals.attach(this.#key, (frame) => {
      if (this.#isOver) return;
      this.#listener(frame);
      if (frame.kind === 'gone') this.#finish();
    });
  }

  /** The connection broke; the feed on it is over by itself. */
  interrupt(): void {
    this.#feed = null;
  }

  /** Tells the viewer that there is nothing more to come, and why. */
  end(reason: string): void {
    if (this.#isOver) return;
    this.#finish();
    this.#listener({ kind: 'gone', reason });
  }

  dispose(): void {
    if (!this.#isOver) this.#finish();
  }

  #finish(): void {
    this.#isOver = true;
    this.#feed?.dispose();
    this.#feed = null;
    this.#onOver();
  }
}
