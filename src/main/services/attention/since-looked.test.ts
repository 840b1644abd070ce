import { describe, expect, it } from 'vitest';

import type { SinceLooked } from '#shared/contract/attention.ts';
import { testRun } from '#shared/contract/test-run.ts';

import type { RecordedEvents } from './attention-store.ts';
import type { BranchNews } from './branch-news.ts';
import { sinceLooked, type SinceFacts } from './since-looked.ts';

const noEvents: RecordedEvents = { statuses: [], decisions: [], checks: [] };
const news: BranchNews = {
  commits: 5,
  subjects: ['Fifth', 'Fourth', 'Third'],
  isRewritten: false,
  files: ['a', 'b', 'c', 'd'].map((path) => ({
    path,
    oldPath: null,
    insertions: 2,
    deletions: path === 'a' ? null : 1,
  })),
};

const since = (more: Partial<SinceFacts>): SinceLooked | null =>
  sinceLooked({
    run: testRun('a'),
    look: { endedAt: 50, head: 'h', uncommitted: 2 },
    events: noEvents,
    news: null,
    titleOf: (check) => `The ${check}`,
    ...more,
  });

describe('since the person last looked', () => {
  it('is nothing when nothing has happened, or only that it works', () => {
    expect(since({})).toBeNull();
    expect(since({ events: { ...noEvents, statuses: [{ at: 60, kind: 'working', detail: null }] } })).toBeNull();
  });

  it('counts commits and files, and names a few of them', () => {
    expect(since({ news })).toEqual({
      runId: 'a',
      at: 50,
      lines: [
        { kind: 'commits', count: 5, subjects: ['Fifth', 'Fourth', 'Third'], isRewritten: false },
        { kind: 'files', count: 4, insertions: 8, deletions: 3, files: ['a', 'b', 'c'] },
      ],
    });
  });

  it('puts an open question first, and one that was answered last', () => {
    const statuses = [{ at: 60, kind: 'waiting', detail: 'Which one?' } as const];
    const waits = { kind: 'waiting', source: 'report', since: 60, detail: 'Which one?' } as const;
    const open = since({ run: testRun('a', { status: waits }), events: { ...noEvents, statuses }, news });
    expect(open?.lines[0]).toEqual({ kind: 'questions', count: 1, text: 'Which one?', isOpen: true });
    const answered = since({ events: { ...noEvents, statuses }, news });
    expect(answered?.lines.at(-1)).toMatchObject({ kind: 'questions', isOpen: false });
  });

  it('says how it came to rest', () => {
    const status = { kind: 'exited', source: 'process', since: 70, detail: 'Exit code 1' } as const;
    const statuses = [{ at: 70, kind: 'exited', detail: 'Exit code 1' } as const];
    expect(since({ run: testRun('a', { status }), events: { ...noEvents, statuses } })?.lines).toEqual([
      { kind: 'status', status: 'exited', detail: 'Exit code 1' },
    ]);
    expect(since({ run: testRun('a', { status }) }), 'it had before').toBeNull();
  });

  it('names checks that failed, the last decision, a merge, and a change of what is not committed', () => {
    const changes = { commits: 1, behind: 0, files: 2, insertions: 10, deletions: 1, uncommitted: 3 };
    const merged = { commit: 'c', into: 'main', method: 'merge', at: 80 } as const;
    const events: RecordedEvents = {
      statuses: [],
      decisions: [
        { at: 60, kind: 'modify', reason: 'Not yet' },
        { at: 70, kind: 'keep', reason: 'Now' },
      ],
      checks: [
        { check: 'lint', outcome: 'timed-out' },
        { check: 'tests', outcome: 'passed' },
      ],
    };
    expect(since({ run: testRun('a', { changes, merged }), events })?.lines).toEqual([
      { kind: 'uncommitted', count: 3 },
      { kind: 'checks', passed: 1, failed: 1, names: ['The lint'] },
      { kind: 'decision', decision: 'keep', reason: 'Now' },
      { kind: 'merged', into: 'main' },
    ]);
    const asBefore = { ...changes, uncommitted: 2 };
    expect(since({ run: testRun('a', { changes: asBefore, merged: { ...merged, at: 40 } }) })).toBeNull();
  });
});
