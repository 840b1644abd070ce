import { describe, expect, it } from 'vitest';

import type { RunInvariants } from '#shared/contract/invariants.ts';
import { stageIds, type Run, type Stage, type StageId } from '#shared/contract/runs.ts';
import { testRun } from '#shared/contract/test-run.ts';
import type { AgentId, RunId } from '#shared/ids.ts';

import { invariantMarks, runMarks, runNote } from './run-note.ts';

const run = (more: Partial<Run>): Run =>
  testRun('run-1', {
    agent: { id: 'codex' as AgentId, label: 'Codex' },
    status: { kind: 'working', source: 'title', since: 0, detail: null },
    ...more,
  });

const stages = (at: StageId, state: Stage['state'], detail: string | null): readonly Stage[] =>
  stageIds.map((id) => ({
    id,
    state: id === at ? state : 'pending',
    startedAt: null,
    endedAt: null,
    detail: id === at ? detail : null,
  }));

describe('what a card says', () => {
  it('names the stage that failed, and why', () => {
    const failed = run({
      status: { kind: 'failed', source: 'stages', since: 0, detail: 'spawn failed' },
      stages: stages('setup', 'failed', 'npm install ended with code 1.'),
    });
    expect(runNote(failed, 'failed')).toEqual({ tone: 'failed', text: 'Setup: npm install ended with code 1.' });
  });

  it('shows the question that is waited for', () => {
    const waits = run({ status: { kind: 'waiting', source: 'notification', since: 0, detail: 'Overwrite it?' } });
    expect(runNote(waits, 'waiting')).toEqual({ tone: 'waiting', text: 'Overwrite it?' });
  });

  it('says what a working agent does, without the spinner of its title, and no longer when it rests', () => {
    const activity = '✳ ◐ Running the tests';
    const at = (kind: 'working' | 'idle') =>
      runNote(run({ activity, status: { kind, source: 'title', since: 0, detail: null } }), null);
    expect(at('working')).toEqual({ tone: 'muted', text: 'Running the tests' });
    expect(at('idle')).toBeNull();
  });

  it('says which stage of a spawn is under way', () => {
    const preparing = run({
      status: { kind: 'preparing', source: 'stages', since: 0, detail: null },
      stages: stages('worktree', 'running', null),
    });
    expect(runNote(preparing, null)?.text).toBe('Making the worktree (3 of 6)');
  });

  it('marks what a merge would leave out, and how far the base has moved', () => {
    const marks = runMarks(
      run({ changes: { commits: 1, behind: 1, files: 1, insertions: 1, deletions: 0, uncommitted: 3 } }),
    );
    expect(marks.map((mark) => mark.label)).toEqual(['3 uncommitted', '1 behind']);
  });

  it('shows that it is merged instead of what was decided', () => {
    const marks = runMarks(
      run({
        decision: { kind: 'keep', reason: '', at: 1 },
        merged: { commit: 'abcdef0123', into: 'main', method: 'squash', at: 2 },
      }),
    );
    expect(marks.map((mark) => mark.label)).toEqual(['Merged into main']);
  });
});

describe('the marks about invariants', () => {
  const kept: RunInvariants = {
    runId: 'run-1' as RunId,
    tree: 'tree',
    checked: 2,
    findings: [],
    omitted: 0,
    unchecked: [],
    strays: { count: 0, paths: [] },
    behind: [],
  };

  it('say nothing while all is well', () => {
    expect(invariantMarks(undefined)).toEqual([]);
    expect(invariantMarks(kept)).toEqual([]);
  });

  it('name the first place that breaks one, and how many there are', () => {
    const finding = {
      invariant: 'escaped',
      title: 'Escaped',
      rule: 'lines' as const,
      path: 'src/a.ts',
      line: 3,
      words: 'This line matches eval.',
    };
    expect(invariantMarks({ ...kept, findings: [finding, { ...finding, line: 9 }], omitted: 4 })).toEqual([
      {
        id: 'broken',
        tone: 'warning',
        label: 'breaks 1 invariant',
        hint: 'In 6 places: “Escaped”. src/a.ts:3: This line matches eval. Its review has all of them.',
      },
    ]);
  });

  it('name files outside of the footprint, and that the rules have changed', () => {
    const strays = { count: 5, paths: ['a', 'b', 'c', 'd', 'e'] };
    const behind = [{ id: 'x', title: 'X', change: 'added' as const, given: null, now: 'abc' }];
    expect(invariantMarks({ ...kept, strays, behind })).toMatchObject([
      { label: '5 outside', hint: expect.stringContaining('a, b, c and 2 more') as string },
      { label: 'older invariants', hint: expect.stringContaining('1 invariant has changed') as string },
    ]);
  });
});
