/** From when to when, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** The part of the spans that lies within a window, added up. */
export const lengthWithin = (spans: readonly Span[], { from, to }: Span): number =>
  spans.reduce((sum, span) => sum + Math.max(0, Math.min(span.to, to) - Math.max(span.from, from)), 0);

/** The same time without overlaps, in order. */
export function united(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const { from, to } of spans.filter((span) => span.to > span.from).toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

export interface StatusRow {
  at: number;
  kind: string;
  source: string;
}

/**
 * When an agent was at work, by the history of its run's status. A time at work that was only found to be over, after a
 * restart, has an end that nobody saw: it is counted in `openEnds` and left out. `now`: until when one at work has worked;
 * null: it is not at work.
 */
export function workingSpans(
  history: readonly StatusRow[],
  now: number | null,
): { spans: readonly Span[]; openEnds: number } {
  const spans: Span[] = [];
  let openEnds = 0;
  for (const [index, { at, kind }] of history.entries()) {
    if (kind !== 'working') continue;
    const next = history[index + 1];
    const end = next ? (next.source === 'restored' ? null : next.at) : now;
    if (end === null) openEnds++;
    else spans.push({ from: at, to: end });
  }
  return { spans, openEnds };
}

/** When the week of this time began: Monday at midnight, in the zone of the machine. */
export function weekOf(at: number): Span {
  const day = new Date(at);
  const monday = day.getDate() - ((day.getDay() + 6) % 7);
  return {
    from: new Date(day.getFullYear(), day.getMonth(), monday).getTime(),
    to: new Date(day.getFullYear(), day.getMonth(), monday + 7).getTime(),
  };
}
