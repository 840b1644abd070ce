import { describe, expect, it } from 'vitest';

import { testItem } from '#shared/contract/test-item.ts';
import type { RunId } from '#shared/ids.ts';

import { NoticePlan, noticeWords, type NoticeManners } from './notice-plan.ts';
import { isQuiet } from './quiet-hours.ts';
import { nextWake, withSnoozes, type Snooze } from './snooze.ts';

const usual: NoticeManners = { isOff: false, isQuiet: false };
const nothing: ReadonlySet<RunId> = new Set();
const ids = (items: readonly { runId: RunId }[] | null): readonly string[] | null =>
  items?.map(({ runId }) => runId) ?? null;
const second = 1000;

/** A plan that has begun with nothing. */
const begun = (): NoticePlan => {
  const plan = new NoticePlan();
  plan.update([], nothing, 0);
  return plan;
};

describe('what the person is told', () => {
  it('is that a run has come to need them, once it has done so for a moment', () => {
    const plan = begun();
    plan.update([testItem('a')], nothing, 0);
    expect(plan.take(usual, 1 * second)).toBeNull();
    expect(ids(plan.take(usual, 3 * second))).toEqual(['a']);
    expect(plan.take(usual, 60 * second), 'once').toBeNull();
  });

  it('is nothing of a run that needs them only for a moment', () => {
    const plan = begun();
    plan.update([testItem('a')], nothing, 0);
    plan.update([], nothing, 2 * second);
    expect(plan.dueAt()).toBeNull();
  });

  it('is not that an agent stopped without a change before Git can have been asked', () => {
    const plan = begun();
    plan.update([testItem('a', { reason: 'stopped' })], nothing, 0);
    expect(plan.take(usual, 10 * second)).toBeNull();
    expect(ids(plan.take(usual, 15 * second))).toEqual(['a']);
  });

  it('is nothing of what was so before', () => {
    const plan = new NoticePlan();
    plan.update([testItem('a')], nothing, 0);
    expect(plan.take(usual, 60 * second)).toBeNull();
  });

  it('is nothing of what is in sight, not even when it goes out of sight', () => {
    const plan = begun();
    plan.update([testItem('a')], new Set(['a' as RunId]), 0);
    plan.update([testItem('a')], nothing, 10 * second);
    expect(plan.take(usual, 60 * second)).toBeNull();
  });

  it('is not repeated when the run comes to need something else, but when it needs them anew', () => {
    const plan = begun();
    plan.update([testItem('a', { reason: 'review' })], nothing, 0);
    expect(ids(plan.take(usual, 3 * second))).toEqual(['a']);
    plan.update([testItem('a', { reason: 'gate-failed' })], nothing, 40 * second);
    expect(plan.take(usual, 80 * second)).toBeNull();
    plan.update([], nothing, 90 * second);
    plan.update([testItem('a')], nothing, 91 * second);
    expect(ids(plan.take(usual, 120 * second))).toEqual(['a']);
  });

  it('is told together when much comes at once, and what follows closely waits a while', () => {
    const plan = begun();
    plan.update([testItem('a')], nothing, 0);
    plan.update([testItem('a'), testItem('b')], nothing, 2 * second);
    expect(ids(plan.take(usual, 3 * second))).toEqual(['a', 'b']);
    plan.update([testItem('a'), testItem('b'), testItem('c')], nothing, 4 * second);
    plan.update(
      ['a', 'b', 'c', 'd'].map((id) => testItem(id)),
      nothing,
      15 * second,
    );
    expect(plan.take(usual, 10 * second)).toBeNull();
    expect(ids(plan.take(usual, 23 * second))).toEqual(['c', 'd']);
  });

  it('waits in quiet hours, and then is what still holds, together', () => {
    const plan = begun();
    const quiet = { ...usual, isQuiet: true };
    plan.update([testItem('a'), testItem('b'), testItem('c')], nothing, 0);
    expect(plan.take(quiet, 100 * second)).toBeNull();
    plan.update([testItem('a'), testItem('c')], nothing, 200 * second);
    expect(ids(plan.take(usual, 300 * second))).toEqual(['a', 'c']);
  });

  it('is nothing while it is switched off, also of then when it is switched on', () => {
    const plan = begun();
    plan.update([testItem('a')], nothing, 0);
    expect(plan.take({ ...usual, isOff: true }, 60 * second)).toBeNull();
    expect(plan.take(usual, 61 * second)).toBeNull();
  });
});

describe('the words of a notice', () => {
  const titleOf = (id: RunId): string => id.toUpperCase();

  it('say what one run needs', () => {
    expect(noticeWords([testItem('a', { detail: 'Which one?' })], titleOf)).toEqual({
      title: '“A” asked a question',
      body: 'Which one?',
    });
  });

  it('list several, and no more than can be read', () => {
    const items = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => testItem(id, { reason: 'review' }));
    const { title, body } = noticeWords(items, titleOf);
    expect(title).toBe('6 runs need you');
    expect(body.split('\n')).toEqual([
      ...['A', 'B', 'C', 'D'].map((name) => `“${name}” is ready for review`),
      'and 2 more',
    ]);
  });
});

describe('quiet hours', () => {
  const at = (time: string): Date => new Date(`2026-01-05T${time}:00`);

  it('go from one time to another, also over midnight', () => {
    const night = { from: '22:00', to: '07:00' };
    expect(['21:59', '22:00', '23:59', '00:00', '06:59', '07:00'].map((time) => isQuiet(night, at(time)))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
    ]);
    const noon = { from: '12:00', to: '13:30' };
    expect(['11:59', '12:00', '13:29', '13:30'].map((time) => isQuiet(noon, at(time)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('are never where there are none, or where they end as they begin', () => {
    expect(isQuiet(null, at('03:00'))).toBe(false);
    expect(isQuiet({ from: '08:00', to: '08:00' }, at('08:00'))).toBe(false);
  });
});

describe('snoozing', () => {
  const item = testItem('a');
  const snoozed = (more: Partial<Snooze>): ReadonlyMap<RunId, Snooze> =>
    new Map([[item.runId, { runId: item.runId, key: item.key, until: null, ...more }]]);
  const isSnoozed = (snoozes: ReadonlyMap<RunId, Snooze>, now: number): boolean =>
    withSnoozes([item], snoozes, now).items.length === 0;

  it('puts off until a time, or until something else is needed', () => {
    expect(isSnoozed(snoozed({ until: 10 }), 9)).toBe(true);
    expect(isSnoozed(snoozed({ until: 10 }), 10)).toBe(false);
    expect(isSnoozed(snoozed({}), 1e15)).toBe(true);
    expect(isSnoozed(snoozed({ key: 'something else' }), 9)).toBe(false);
    expect(isSnoozed(snoozed({ key: 'something else', until: 10 }), 9)).toBe(false);
  });

  it('comes back by itself at the earliest time that is still to come', () => {
    const snooze = (until: number | null): Snooze => ({ runId: item.runId, key: '', until });
    expect(nextWake([snooze(null), snooze(5), snooze(20), snooze(30)], 10)).toBe(20);
    expect(nextWake([snooze(null), snooze(5)], 10)).toBeNull();
  });
});
