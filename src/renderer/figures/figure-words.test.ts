import { describe, expect, it } from 'vitest';

import { timeText } from '#renderer/ui/time-text.ts';
import type { WeekFigures } from '#shared/contract/figures.ts';

import { costText, speedUpText, tokensText, weekSentence } from './figure-words.ts';

const hour = 3_600_000;
const week: WeekFigures = {
  beginsAt: 0,
  endsAt: 1,
  specsMerged: 0,
  runsStarted: 0,
  agentTime: 0,
  wallTime: 0,
  interruptions: 0,
  personTime: 0,
  usage: null,
};

describe('figures in words', () => {
  it('say a time as one would', () => {
    expect([0, 20_000, 12 * 60_000, 1.25 * hour, 3.44 * hour].map(timeText)).toEqual([
      '—',
      '< 1 min',
      '12 min',
      '75 min',
      '3.4 h',
    ]);
  });

  it('claim no speed-up of less than a minute’s work', () => {
    expect(speedUpText({ agentTime: 50_000, wallTime: 20_000 })).toBe('—');
    expect(speedUpText({ agentTime: 5 * hour, wallTime: 2 * hour })).toBe('2.5 ×');
  });

  it('say nothing of tokens and money that nobody reported', () => {
    expect([tokensText(null), costText(null)]).toEqual(['—', '—']);
    const usage = { input: 500, output: 20, cacheRead: 1500, cacheWrite: 0, cost: null };
    expect([tokensText(usage), costText(usage)]).toEqual(['2.0k in, 20 out', '—']);
    expect(costText({ ...usage, cost: 1.239 })).toBe('$1.24');
  });

  it('sum a week up', () => {
    expect(weekSentence(week)).toBe('Nothing was merged this week yet.');
    const full = { ...week, specsMerged: 1, personTime: hour, agentTime: 4 * hour, wallTime: 2 * hour };
    expect(weekSentence(full)).toBe(
      '1 spec merged this week, with 60 min of your time at the runs. Agents worked 4.0 h in 2.0 h: one agent after the other would have taken 2.0 times as long.',
    );
  });
});
