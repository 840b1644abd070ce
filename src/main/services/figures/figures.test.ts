import { describe, expect, it } from 'vitest';

import type { RunId } from '#shared/ids.ts';

import { lengthWithin, united, weekOf, workingSpans } from './spans.ts';
import { workOutFigures, type RecordedRun } from './work-out-figures.ts';

const hour = 3_600_000;
/** A Wednesday. */
const now = new Date(2026, 0, 14, 12).getTime();
const monday = new Date(2026, 0, 12).getTime();

const row = (at: number, kind: string, source = 'report') => ({ at, kind, source });
const run = (id: string, more: Partial<RecordedRun> = {}): RecordedRun => ({
  id: id as RunId,
  slug: id,
  title: id,
  agent: 'Scribe',
  branch: `feature/${id}`,
  createdAt: now - 5 * hour,
  status: 'idle',
  mergedAt: null,
  history: [],
  looks: [],
  usage: [],
  ...more,
});
const worked = (from: number, to: number) => [row(from, 'working'), row(to, 'idle')];

describe('spans', () => {
  it('are united where they touch, and cut to a window', () => {
    const spans = united([
      { from: 5, to: 9 },
      { from: 1, to: 3 },
      { from: 3, to: 4 },
      { from: 6, to: 7 },
      { from: 2, to: 2 },
    ]);
    expect(spans).toEqual([
      { from: 1, to: 4 },
      { from: 5, to: 9 },
    ]);
    expect(lengthWithin(spans, { from: 2, to: 6 })).toBe(3);
  });

  it('of work end with the next status, or now', () => {
    const history = [row(1, 'working'), row(4, 'waiting'), row(6, 'working')];
    expect(workingSpans(history, 10)).toEqual({
      spans: [
        { from: 1, to: 4 },
        { from: 6, to: 10 },
      ],
      openEnds: 0,
    });
  });

  it('of work whose end nobody saw are counted and left out', () => {
    expect(workingSpans([row(1, 'working'), row(90, 'exited', 'restored')], null)).toEqual({ spans: [], openEnds: 1 });
    expect(workingSpans([row(1, 'working')], null)).toEqual({ spans: [], openEnds: 1 });
  });

  it('of weeks begin on Mondays, also where a Sunday is asked for', () => {
    expect(weekOf(now).from).toBe(monday);
    expect(weekOf(new Date(2026, 0, 18, 23).getTime()).from).toBe(monday);
    expect(weekOf(new Date(2026, 0, 19).getTime()).from).toBe(new Date(2026, 0, 19).getTime());
  });
});

describe('the figures of a week', () => {
  it('tell agents’ time from the time on the wall', () => {
    const { weeks } = workOutFigures(
      [
        run('a', { history: worked(now - 4 * hour, now - 2 * hour) }),
        run('b', { history: worked(now - 3 * hour, now - hour) }),
      ],
      now,
    );
    expect(weeks).toHaveLength(1);
    expect(weeks[0]).toMatchObject({ agentTime: 4 * hour, wallTime: 3 * hour, runsStarted: 2, specsMerged: 0 });
  });

  it('count a spec once however many of its runs were merged, and name what has no time', () => {
    const { weeks, unknown } = workOutFigures(
      [
        run('a', { slug: 'one', mergedAt: now - hour }),
        run('b', { slug: 'one', mergedAt: now - hour }),
        run('c', { slug: 'two', mergedAt: 'unknown' }),
      ],
      now,
    );
    expect(weeks[0]).toMatchObject({ specsMerged: 1 });
    expect(unknown).toMatchObject({ mergesWithoutTime: 1 });
  });

  it('count what stopped for the person, and the person once although two windows were open', () => {
    const looks = [
      { from: now - 2 * hour, to: now - hour },
      { from: now - 1.5 * hour, to: now - 0.5 * hour },
    ];
    const history = [row(now - 5 * hour, 'working'), row(now - 4 * hour, 'waiting'), row(now - 3 * hour, 'failed')];
    const { weeks, runs } = workOutFigures([run('a', { history, looks })], now);
    expect(weeks[0]).toMatchObject({ interruptions: 2, personTime: 1.5 * hour });
    expect(runs[0]).toMatchObject({ interruptions: 2, personTime: 1.5 * hour });
  });

  it('part what goes over midnight of a Sunday, and leave no week out between', () => {
    const before = monday - 2 * hour;
    const old = run('a', { createdAt: before - 7 * 24 * hour, history: worked(before, monday + hour) });
    const { weeks } = workOutFigures([old], now);
    expect(weeks.map(({ agentTime }) => agentTime)).toEqual([hour, 2 * hour, 0]);
  });

  it('add what was reported, and say of how many runs nothing was', () => {
    const usage = { at: now - hour, input: 10, output: 20, cacheRead: 1, cacheWrite: 2 };
    const { weeks, runs, unknown } = workOutFigures(
      [
        run('a', {
          usage: [
            { ...usage, cost: 0.5 },
            { ...usage, cost: null },
          ],
        }),
        run('b', { history: worked(now - hour, now), createdAt: now - 6 * hour }),
      ],
      now,
    );
    const sum = { input: 20, output: 40, cacheRead: 2, cacheWrite: 4, cost: 0.5 };
    expect(weeks[0]?.usage).toEqual(sum);
    expect(runs.map((each) => each.usage)).toEqual([sum, null]);
    expect(unknown.runsWithoutUsage).toBe(1);
  });

  it('are none before there was a run', () => {
    expect(workOutFigures([], now)).toEqual({
      weeks: [],
      runs: [],
      unknown: { openEnds: 0, mergesWithoutTime: 0, runsWithoutUsage: 0 },
    });
  });
});
