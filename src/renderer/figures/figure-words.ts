import { timeText } from '#renderer/ui/time-text.ts';
import type { Usage, WeekFigures } from '#shared/contract/figures.ts';
import { counted } from '#shared/counted.ts';

const minute = 60_000;

/**
 * How many agents were at work at once on average, which is how many times longer one after the other would have taken.
 * Null: too little to say.
 */
export function speedUp({ agentTime, wallTime }: Pick<WeekFigures, 'agentTime' | 'wallTime'>): number | null {
  return wallTime < minute ? null : agentTime / wallTime;
}

export const speedUpText = (week: Pick<WeekFigures, 'agentTime' | 'wallTime'>): string => {
  const times = speedUp(week);
  return times === null ? '—' : `${times.toFixed(1)} ×`;
};

/** Tokens in and out, in thousands or millions from a thousand on. */
export function tokensText(usage: Usage | null): string {
  if (usage === null) return '—';
  return `${amount(usage.input + usage.cacheRead + usage.cacheWrite)} in, ${amount(usage.output)} out`;
}

function amount(count: number): string {
  if (count < 1000) return String(count);
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}

export const costText = (usage: Usage | null): string =>
  usage?.cost === undefined || usage.cost === null ? '—' : `$${usage.cost.toFixed(2)}`;

/** Whether the fleet was worth its attention, in a sentence or two. */
export function weekSentence(week: WeekFigures): string {
  const { specsMerged, personTime, agentTime, wallTime } = week;
  const merged =
    specsMerged === 0 ? 'Nothing was merged this week yet' : `${counted(specsMerged, 'spec')} merged this week`;
  const person = personTime < minute ? '' : `, with ${timeText(personTime)} of your time at the runs`;
  const times = speedUp(week);
  if (times === null) return `${merged}${person}.`;
  const one = `one agent after the other would have taken ${times.toFixed(1)} times as long`;
  return `${merged}${person}. Agents worked ${timeText(agentTime)} in ${timeText(wallTime)}: ${one}.`;
}
