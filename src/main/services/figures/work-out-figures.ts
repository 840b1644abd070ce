import type { Figures, RunFigures, Usage, WeekFigures } from '#shared/contract/figures.ts';
import type { RunId } from '#shared/ids.ts';

import { lengthWithin, united, weekOf, workingSpans, type Span, type StatusRow } from './spans.ts';

const mostWeeks = 12;
const mostRuns = 100;

/** What a project's record has of one run. */
export interface RecordedRun {
  id: RunId;
  slug: string;
  title: string;
  agent: string;
  branch: string;
  createdAt: number;
  /** Its kind of status now. */
  status: string;
  /** When it was merged; `unknown`: outside of the app; null: it is not. */
  mergedAt: number | 'unknown' | null;
  history: readonly StatusRow[];
  looks: readonly Span[];
  usage: readonly ({ at: number } & Usage)[];
}

/** Works out the figures of a project. */
export function workOutFigures(records: readonly RecordedRun[], now: number): Figures {
  const runs = records.map((record) => {
    const { spans, openEnds } = workingSpans(record.history, record.status === 'working' ? now : null);
    const stops = record.history.filter(({ kind }) => kind === 'waiting' || kind === 'failed').map(({ at }) => at);
    return { record, spans, openEnds, stops, looks: united(record.looks) };
  });
  const perRun = runs.map(({ record, spans, stops, looks }): RunFigures => {
    const { id, title, agent, branch, createdAt, mergedAt, usage } = record;
    return {
      runId: id,
      title,
      agent,
      branch,
      createdAt,
      agentTime: length(spans),
      interruptions: stops.length,
      personTime: length(looks),
      usage: added(usage),
      isMerged: mergedAt !== null,
    };
  });
  const wall = united(runs.flatMap(({ spans }) => spans));
  // Two windows on one run, or on two, are one person.
  const person = united(runs.flatMap(({ looks }) => looks));
  const weeks = weeksOf(records, now).map((week): WeekFigures => {
    const isIn = (at: number): boolean => at >= week.from && at < week.to;
    const merged = records.filter(({ mergedAt }) => typeof mergedAt === 'number' && isIn(mergedAt));
    return {
      beginsAt: week.from,
      endsAt: week.to,
      specsMerged: new Set(merged.map(({ slug }) => slug)).size,
      runsStarted: records.filter(({ createdAt }) => isIn(createdAt)).length,
      agentTime: runs.reduce((sum, { spans }) => sum + lengthWithin(spans, week), 0),
      wallTime: lengthWithin(wall, week),
      interruptions: runs.reduce((sum, { stops }) => sum + stops.filter(isIn).length, 0),
      personTime: lengthWithin(person, week),
      usage: added(records.flatMap(({ usage }) => usage.filter(({ at }) => isIn(at)))),
    };
  });
  return {
    weeks,
    runs: perRun.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, mostRuns),
    unknown: {
      openEnds: runs.reduce((sum, { openEnds }) => sum + openEnds, 0),
      mergesWithoutTime: records.filter(({ mergedAt }) => mergedAt === 'unknown').length,
      runsWithoutUsage: perRun.filter(({ usage, agentTime }) => usage === null && agentTime > 0).length,
    },
  };
}

const length = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + (to - from), 0);

/** From this week back to that of the first run, the latest first. */
function weeksOf(records: readonly RecordedRun[], now: number): readonly Span[] {
  const first = Math.min(...records.map(({ createdAt }) => createdAt));
  const weeks: Span[] = [];
  for (let week = weekOf(now); weeks.length < mostWeeks && week.to > first; week = weekOf(week.from - 1)) {
    weeks.push(week);
  }
  return weeks;
}

/** Null: nothing was reported. What has no price leaves the sum of those that have one. */
function added(all: readonly Usage[]): Usage | null {
  if (all.length === 0) return null;
  const sum = (of: (usage: Usage) => number): number => all.reduce((total, usage) => total + of(usage), 0);
  const priced = all.filter(({ cost }) => cost !== null);
  return {
    input: sum(({ input }) => input),
    output: sum(({ output }) => output),
    cacheRead: sum(({ cacheRead }) => cacheRead),
    cacheWrite: sum(({ cacheWrite }) => cacheWrite),
    cost: priced.length === 0 ? null : sum(({ cost }) => cost ?? 0),
  };
}
