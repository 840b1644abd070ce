import type { TerminalInfo } from '#main/ptyhost/protocol.ts';
import type { TerminalExit } from '#shared/contract/terminals.ts';
import type { TerminalId } from '#shared/ids.ts';

interface Known {
  title: string;
  exit: TerminalExit | null;
}

/** What the terminals were not known to be before. */
export type Learnt = { id: TerminalId } & ({ kind: 'title'; title: string } | { kind: 'exited'; exit: TerminalExit });

/** What was last told of each terminal, so that what happened while nobody listened can be told too. */
export class KnownTerminals {
  readonly #known = new Map<TerminalId, Known>();
  /** What was heard or done since the terminals were asked, and so is newer than the answer; one for each time. */
  readonly #newer = new Set<Set<string>>();

  get size(): number {
    return this.#known.size;
  }

  ids(): Iterable<TerminalId> {
    return this.#known.keys();
  }

  /** It is so now, or from now on. */
  know(id: TerminalId, known: Partial<Known>): void {
    for (const newer of this.#newer) for (const what of Object.keys(known)) newer.add(`${what} ${id}`);
    this.#known.set(id, { title: '', exit: null, ...this.#known.get(id), ...known });
  }

  forget(id: TerminalId): void {
    this.#known.delete(id);
  }

  /**
   * Asks for all terminals that there are and takes over what the answer says, but for what has become known in the meantime:
   * the answer and what was told after it can come in one piece, and then the answer is read last. `ids`: those that were
   * known, and those that are there.
   */
  async compare(
    ask: () => Promise<readonly TerminalInfo[] | null>,
  ): Promise<{ ids: ReadonlySet<TerminalId>; learnt: readonly Learnt[] } | null> {
    const newer = new Set<string>();
    this.#newer.add(newer);
    try {
      const present = await ask();
      if (!present) return null;
      const ids = new Set([...this.#known.keys(), ...present.map(({ id }) => id)]);
      return { ids, learnt: this.#takeOver(present, newer) };
    } finally {
      this.#newer.delete(newer);
    }
  }

  #takeOver(present: readonly TerminalInfo[], newer: ReadonlySet<string>): readonly Learnt[] {
    const learnt: Learnt[] = [];
    const there = new Map(present.map((info) => [info.id, info]));
    for (const [id, before] of this.#known) {
      const now = there.get(id);
      const isExitNewer = newer.has(`exit ${id}`);
      if (!now && !isExitNewer) this.#known.delete(id);
      if (!now) continue;
      const title = newer.has(`title ${id}`) ? before.title : now.title;
      const exit = isExitNewer ? before.exit : now.exit;
      this.#known.set(id, { title, exit });
      if (title !== before.title) learnt.push({ id, kind: 'title', title });
      if (exit && !before.exit) learnt.push({ id, kind: 'exited', exit });
    }
    for (const { id, title, exit } of present) if (!this.#known.has(id)) this.#known.set(id, { title, exit });
    return learnt;
  }
}
