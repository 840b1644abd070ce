import { mergeBaseOf } from '#main/services/git/ancestry.ts';
import { pairKey } from '#main/services/radar/pair-key.ts';
import type { GitPort } from '#main/services/radar/radar-ports.ts';
import type { RadarNode } from '#main/services/radar/project-radar.ts';
import type { RadarPair, RadarSignal } from '#shared/contract/radar.ts';
import type { RunId } from '#shared/ids.ts';

import { readBranchFacts, type BranchFacts } from './branch-facts.ts';
import { pairSignals, type Side } from './pair-signals.ts';
import type { SymbolReader } from './symbol-reader.ts';

/** Finds what branches come to beyond text. What was found out about a branch at one state is not found out again. */
export class SignalFinder {
  readonly #symbols: SymbolReader;
  /** By the commit from which, and the tree or commit to which. */
  #facts = new Map<string, BranchFacts>();
  #bases = new Map<string, string | null>();

  constructor(options: { symbols: SymbolReader }) {
    this.#symbols = options.symbols;
  }

  /** The signals of each pair that has any, by `pairKey`. */
  async find(
    ports: { git: GitPort; cwd: string },
    nodes: readonly RadarNode[],
    pairs: readonly RadarPair[],
  ): Promise<ReadonlyMap<string, readonly RadarSignal[]>> {
    const facts = new Map<string, BranchFacts>();
    const bases = new Map<string, string | null>();
    const factsOf = async (from: string, tree: string): Promise<BranchFacts> => {
      const key = `${from} ${tree}`;
      const found =
        this.#facts.get(key) ?? (await readBranchFacts({ ...ports, symbols: this.#symbols }, { from, tree }));
      facts.set(key, found);
      return found;
    };
    const sides = new Map<RunId, { own: Side; base: Side | null }>();
    for (const { run, commit, tree, base } of nodes) {
      if (base === null) continue;
      const key = `${base} ${commit}`;
      const from = this.#bases.get(key) ?? (await mergeBaseOf(ports.git, ports.cwd, base, commit));
      bases.set(key, from);
      if (from === null) continue;
      const own: Side = { run: run.id, title: run.title, facts: await factsOf(from, tree) };
      const moved = from === base ? null : { run: null, title: run.base, facts: await factsOf(from, base) };
      sides.set(run.id, { own, base: moved });
    }
    // What belongs to states that are gone is let go.
    this.#facts = facts;
    this.#bases = bases;
    const signals = new Map<string, readonly RadarSignal[]>();
    for (const pair of pairs) {
      if (pair.areVariants || pair.outcome.kind === 'unrelated') continue;
      const one = sides.get(pair.a);
      const other = pair.b === null ? one?.base : sides.get(pair.b)?.own;
      const found = one && other ? pairSignals(one.own, other, pair.outcome) : [];
      if (found.length > 0) signals.set(pairKey(pair), found);
    }
    return signals;
  }
}
