/** Remembers what was put aside last, and says what to let go of when there is too much of it. */
export class RecentlyUsed<Key> {
  readonly #limit: number;
  /** Oldest first: a Set keeps the order of insertion. */
  readonly #keys = new Set<Key>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Puts a key aside and returns those that are now too many, oldest first. */
  putAside(key: Key): Key[] {
    this.#keys.delete(key);
    this.#keys.add(key);
    const tooMany = [...this.#keys].slice(0, Math.max(0, this.#keys.size - this.#limit));
    for (const old of tooMany) this.#keys.delete(old);
    return tooMany;
  }

  /** Takes a key back into use. */
  takeBack(key: Key): void {
    this.#keys.delete(key);
  }
}
