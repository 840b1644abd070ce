import { describe, expect, it } from 'vitest';

import type { CheckState, RunChecks } from '#shared/contract/gates.ts';
import type { RadarPair } from '#shared/contract/radar.ts';
import type { Run, RunStatus } from '#shared/contract/runs.ts';
import { testRun } from '#shared/contract/test-run.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

import { collectItems, type AttentionFacts } from './collect-items.ts';
import { orderItems } from './order-items.ts';

const changes = { commits: 1, behind: 0, files: 2, insertions: 10, deletions: 1, uncommitted: 0 };
const status = (kind: RunStatus['kind'], since = 100, more: Partial<RunStatus> = {}): Pick<Run, 'status'> => ({
  status: { kind, source: 'report', since, detail: null, ...more },
});
const ready = (id: string, since = 100, more: Partial<Run> = {}): Run =>
  testRun(id, { ...status('idle', since), changes, ...more });

const facts = (runs: readonly Run[], more: Partial<AttentionFacts> = {}): AttentionFacts => ({
  runs,
  checks: new Map(),
  pairs: [],
  inTrain: new Set(),
  ...more,
});
const inOrder = (runs: readonly Run[], more: Partial<AttentionFacts> = {}) =>
  orderItems(collectItems(facts(runs, more)), runs);
const listed = (runs: readonly Run[], more: Partial<AttentionFacts> = {}): string[] =>
  inOrder(runs, more).map(({ runId, reason }) => `${runId} ${reason}`);

const failedCheck = (id: string, more: Partial<CheckState> = {}): CheckState => ({
  id,
  kind: 'gate',
  title: `The ${id}`,
  otherSpec: null,
  command: id,
  question: null,
  state: 'failed',
  isStale: false,
  evidence: {
    id: 'e',
    outcome: 'failed',
    exitCode: 1,
    reason: null,
    tree: 't',
    command: id,
    startedAt: 1,
    endedAt: 150,
    treeMoved: false,
  },
  terminalId: null,
  obstacle: null,
  ...more,
});
const checksOf = (id: string, ...checks: CheckState[]): ReadonlyMap<RunId, RunChecks> =>
  new Map([[id as RunId, { runId: id as RunId, tree: 't', checks }]]);
const colliding = (a: string, b: string | null, more: Partial<RadarPair> = {}): RadarPair => ({
  a: a as RunId,
  b: b as RunId | null,
  outcome: { kind: 'conflicts', conflicts: [] },
  areVariants: false,
  signals: [],
  ...more,
});

describe('who needs the person', () => {
  it('tells why, and where it can be answered', () => {
    const items = inOrder([
      testRun('may', status('waiting', 1, { asks: 'permission', detail: 'Asks to use Bash: rm' })),
      testRun('asks', status('waiting', 2, { detail: 'Which one?' })),
      testRun('fell', status('failed', 3, { detail: 'No network' })),
      testRun('stuck', { ...status('working', 4), stuckSince: 40 }),
      testRun('idle', { ...status('idle', 5), changes: { ...changes, commits: 0, files: 0 } }),
      testRun('gone', { ...status('idle', 6), changes, presence: { branch: true, worktree: false } }),
      ready('done', 7),
      testRun('busy', status('working')),
    ]);
    expect(items.map(({ runId, reason, place, standsStill }) => [runId, reason, place, standsStill])).toEqual([
      ['may', 'permission', 'terminal', true],
      ['asks', 'question', 'terminal', true],
      ['fell', 'failed', 'terminal', true],
      ['stuck', 'stuck', 'terminal', true],
      ['idle', 'stopped', 'terminal', true],
      ['gone', 'lost', 'terminal', true],
      ['done', 'review', 'review', false],
    ]);
    expect(items.map(({ detail }) => detail).slice(0, 3)).toEqual(['Asks to use Bash: rm', 'Which one?', 'No network']);
  });

  it('names the gate that failed on finished work, and says nothing of one that failed on an earlier state', () => {
    const checks = checksOf('done', failedCheck('lint'), failedCheck('tests'));
    expect(inOrder([ready('done')], { checks })).toMatchObject([
      { reason: 'gate-failed', place: 'checks', detail: 'The lint, and 1 more', since: 150 },
    ]);
    const stale = checksOf('done', failedCheck('lint', { isStale: true }));
    expect(listed([ready('done')], { checks: stale })).toEqual(['done review']);
  });

  it('does not tell the person what they said themselves', () => {
    const word = failedCheck('proved', { kind: 'acceptance', command: null, question: 'Is it?' });
    expect(listed([ready('done')], { checks: checksOf('done', word) })).toEqual(['done review']);
  });

  it('says of a collision once, at the branch that was done later', () => {
    const runs = [ready('first', 10), ready('second', 20)];
    expect(inOrder(runs, { pairs: [colliding('first', 'second')] })).toMatchObject([
      { runId: 'second', reason: 'collides', place: 'collisions', collidesWith: 'first', detail: 'With “first”' },
      { runId: 'first', reason: 'review' },
    ]);
  });

  it('leaves out collisions of variants, and with work that is not done', () => {
    const runs = [ready('first', 10), ready('second', 20), testRun('busy', status('working'))];
    const pairs = [colliding('first', 'second', { areVariants: true }), colliding('busy', 'second')];
    expect(listed(runs, { pairs })).toEqual(['first review', 'second review']);
  });

  it('names the base that a branch collides with', () => {
    expect(inOrder([ready('done')], { pairs: [colliding('done', null)] })).toMatchObject([
      { reason: 'collides', collidesWith: null, detail: 'With main' },
    ]);
  });

  it('lists a run once, with what else there is beside it', () => {
    const more = { checks: checksOf('done', failedCheck('lint')), pairs: [colliding('done', null)] };
    expect(inOrder([ready('done')], more)).toMatchObject([{ reason: 'gate-failed', also: ['collides'] }]);
  });

  it('leaves a run alone that a train is bringing in', () => {
    expect(listed([ready('done')], { inTrain: new Set(['done' as RunId]) })).toEqual([]);
  });

  it('gives what is needed another name when something else is needed, and keeps it otherwise', () => {
    const key = (run: Run, more: Partial<AttentionFacts> = {}): string | undefined => inOrder([run], more)[0]?.key;
    const asks = testRun('a', status('waiting', 1, { detail: 'One?' }));
    expect(key(asks)).toBe(key({ ...asks, activity: 'something' }));
    expect(key(asks)).not.toBe(key({ ...asks, status: { ...asks.status, detail: 'Two?' } }));
    expect(key(ready('a', 1))).not.toBe(key(ready('a', 2)));
    expect(key(ready('a'))).not.toBe(key(ready('a'), { checks: checksOf('a', failedCheck('lint')) }));
    const stuck = { ...testRun('a', status('working', 5)), stuckSince: 50 };
    expect(key(stuck), 'over a restart it is found stuck at another time').toBe(key({ ...stuck, stuckSince: 90 }));
  });
});

describe('the order', () => {
  const held = (id: string, ...waitsFor: string[]): Run =>
    testRun(id, status('queued', 1, { waitsFor: waitsFor as SpecSlug[] }));

  it('puts first what sets most free, directly or behind others', () => {
    const runs = [
      testRun('asks', status('waiting', 1)),
      ready('key', 50),
      held('one', 'spec-key'),
      held('two', 'spec-one'),
      held('elsewhere', 'spec-other'),
    ];
    expect(inOrder(runs)).toMatchObject([
      { runId: 'key', unblocks: ['one', 'two'] },
      { runId: 'asks', unblocks: [] },
    ]);
  });

  it('counts no run that waits for the same spec in another base, and survives a circle', () => {
    const circle = [
      ready('a', 1),
      held('b', 'spec-a', 'spec-c'),
      held('c', 'spec-b'),
      { ...held('d', 'spec-a'), base: 'next' },
    ];
    expect(inOrder(circle)[0]?.unblocks).toEqual(['b', 'c']);
  });

  it('puts agents that stand still before finished work, and the longest waiting first among equals', () => {
    const runs = [
      ready('old', 1),
      testRun('late', status('waiting', 30)),
      testRun('may', status('waiting', 20, { asks: 'permission' })),
      testRun('early', status('waiting', 10)),
      testRun('fell', status('failed', 2)),
    ];
    expect(listed(runs).map((each) => each.split(' ')[0])).toEqual(['early', 'may', 'late', 'fell', 'old']);
  });
});
