import { Emitter, toDisposable, type Disposable } from './lifecycle.ts';

export interface LiveValueOptions<T> {
  read: () => Promise<T>;
  /** Calls back whenever the value may have changed. */
  watch: (onDidChange: () => void) => Disposable;
  /** `read` threw: a bug, told once per time. The last value stays. */
  onFault: (error: unknown) => void;
}

/** Something that is read from outside, and read again whenever it may have changed. */
export class LiveValue<T> implements Disposable {
  readonly #options: LiveValueOptions<T>;
  readonly #changed = new Emitter<T>();
  readonly #watching: Disposable;
  #last: { value: T; text: string } | null = null;
  #reading = false;
  #readAgain = false;
  #disposed = false;

  constructor(options: LiveValueOptions<T>) {
    this.#options = options;
    this.#watching = options.watch(() => {
      this.refresh();
    });
    this.refresh();
  }

  /** The listener hears the present value as soon as it is known, and then each that differs from the one before. */
  onDidChange(listener: (value: T) => void): Disposable {
    if (this.#last) listener(this.#last.value);
    return this.#changed.event(listener);
  }

  /** Reads again. While that is under way, any number of calls make it run once more. */
  refresh(): void {
    if (this.#reading) {
      this.#readAgain = true;
      return;
    }
    this.#reading = true;
    this.#read()
      .catch(this.#options.onFault)
      .finally(() => {
        this.#reading = false;
        if (!this.#readAgain || this.#disposed) return;
        this.#readAgain = false;
        this.refresh();
      });
  }

  dispose(): void {
    this.#disposed = true;
    this.#watching.dispose();
    this.#changed.dispose();
  }

  async #read(): Promise<void> {
    const value = await this.#options.read();
    const text = JSON.stringify(value);
    if (this.#disposed || text === this.#last?.text) return;
    this.#last = { value, text };
    this.#changed.fire(value);
  }
}

/** Live values by key, each kept only while somebody follows it. */
export class LiveValues<K, T> implements Disposable {
  readonly #make: (key: K) => LiveValueOptions<T>;
  readonly #followed = new Map<K, { live: LiveValue<T>; followers: number }>();

  constructor(make: (key: K) => LiveValueOptions<T>) {
    this.#make = make;
  }

  follow(key: K, listener: (value: T) => void): Disposable {
    const known = this.#followed.get(key) ?? { live: new LiveValue(this.#make(key)), followers: 0 };
    this.#followed.set(key, known);
    known.followers++;
    const subscription = known.live.onDidChange(listener);
    return toDisposable(() => {
      subscription.dispose();
      known.followers--;
      if (known.followers > 0) return;
      known.live.dispose();
      if (this.#followed.get(key) === known) this.#followed.delete(key);
    });
  }

  refresh(key: K): void {
    this.#followed.get(key)?.live.refresh();
  }

  dispose(): void {
    for (const { live } of this.#followed.values()) live.dispose();
    this.#followed.clear();
  }
}
