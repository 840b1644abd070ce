import type { Disposable } from '#shared/disposable.ts';

export type { Disposable };

/** Owns what is added to it, and lets go of all of it at once, last in first out. */
export class DisposableStore implements Disposable {
  readonly #owned: Disposable[] = [];
  #disposed = false;

  get isDisposed(): boolean {
    return this.#disposed;
  }

  /** Takes ownership. In a store that is disposed already, the newcomer is disposed at once, so that nothing leaks. */
  add<T extends Disposable>(disposable: T): T {
    if (this.#disposed) disposable.dispose();
    else this.#owned.push(disposable);
    return disposable;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const disposable of this.#owned.toReversed()) disposable.dispose();
    this.#owned.length = 0;
  }
}

export const toDisposable = (dispose: () => void): Disposable => {
  let done = false;
  return {
    dispose: () => {
      if (done) return;
      done = true;
      dispose();
    },
  };
};

/** Tells listeners what has happened. Events are facts in the past tense; they give no orders. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<{ call: (event: T) => void }>();

  /** Subscribes until the returned handle is disposed. */
  readonly event = (listener: (event: T) => void): Disposable => {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return toDisposable(() => this.#listeners.delete(entry));
  };

  get listenerCount(): number {
    return this.#listeners.size;
  }

  fire(event: T): void {
    // A copy: a listener that is added while this runs hears the next event, not this one.
    const present = Array.from(this.#listeners);
    for (const { call } of present) call(event);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
