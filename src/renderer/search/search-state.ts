import { create } from 'zustand';

import { host } from '#renderer/app/host.ts';
import type { SearchOutcome, TerminalMatch, TerminalQuery } from '#shared/contract/terminals.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { TerminalId } from '#shared/ids.ts';

/** What one terminal had. */
export interface TerminalResult {
  id: TerminalId;
  outcome: SearchOutcome;
  count: number;
  matches: readonly TerminalMatch[];
}

export type SearchPhase =
  | { kind: 'idle' }
  | { kind: 'running' }
  | { kind: 'done' }
  | { kind: 'cancelled' }
  | { kind: 'too-slow' }
  | { kind: 'no-expression'; message: string };

interface SearchState {
  query: TerminalQuery;
  phase: SearchPhase;
  /** How many terminals are looked through, and those that are done, in that order. */
  total: number;
  results: readonly TerminalResult[];
}

/** The search over all terminals. It outlives its screen, so that a person can go from hit to hit. */
export const useSearch = create<SearchState>()(() => ({
  query: { text: '', caseSensitive: false, regex: false },
  phase: { kind: 'idle' },
  total: 0,
  results: [],
}));

let feed: Disposable | null = null;

export function changeQuery(change: Partial<TerminalQuery>): void {
  useSearch.setState(({ query }) => ({ query: { ...query, ...change } }));
}

/** Looks for what the query says in these terminals, in this order. A search that runs is given up. */
export function startSearch(ids: readonly TerminalId[]): void {
  feed?.dispose();
  feed = null;
  const { query } = useSearch.getState();
  if (query.text === '') {
    useSearch.setState({ phase: { kind: 'idle' }, results: [], total: 0 });
    return;
  }
  useSearch.setState({ phase: { kind: 'running' }, results: [], total: ids.length });
  let isOver = false;
  const opened = host.terminals.search({ ids: Array.from(ids), query }, (event) => {
    if (isOver) return;
    switch (event.kind) {
      case 'begun':
        // Also when the connection came back, and the host began anew.
        useSearch.setState({ results: [], total: event.terminals });
        return;
      case 'terminal': {
        const { id, outcome, count, matches } = event;
        useSearch.setState(({ results }) => ({ results: [...results, { id, outcome, count, matches }] }));
        return;
      }
      case 'ended':
        isOver = true;
        useSearch.setState({
          phase: event.how === 'no-expression' ? { kind: event.how, message: event.message } : { kind: event.how },
        });
        // Not from inside of its own push: it may not have been handed over yet.
        queueMicrotask(() => {
          opened.dispose();
        });
    }
  });
  feed = opened;
}

export function cancelSearch(): void {
  feed?.dispose();
  feed = null;
  useSearch.setState(({ phase }) => (phase.kind === 'running' ? { phase: { kind: 'cancelled' } } : {}));
}
