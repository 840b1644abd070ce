/** Runs tasks with the same key one after another, and tasks with different keys side by side. */
export class SerialQueue {
  readonly #tails = new Map<string, Promise<void>>();

  /** Waits for the key's earlier tasks, then runs this one. A task that throws does not stop the next. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const result = before.then(task);
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return result;
  }
}
