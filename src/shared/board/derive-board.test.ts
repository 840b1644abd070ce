import { describe, expect, it } from 'vitest';

import type { Run, RunStatusKind } from '#shared/contract/runs.ts';
import type { SpecSummary } from '#shared/contract/specs.ts';
import { testRun } from '#shared/contract/test-run.ts';
import { testSpec } from '#shared/contract/test-spec.ts';

import { boardGroupIds, deriveBoard, placeOf, type BoardGroups } from './derive-board.ts';

const changes = { commits: 1, behind: 0, files: 2, insertions: 10, deletions: 1, uncommitted: 0 };
const none = { commits: 0, behind: 0, files: 0, insertions: 0, deletions: 0, uncommitted: 0 };
const merged = { commit: 'c'.repeat(40), into: 'main', method: 'merge', at: 900 } as const;

const run = (id: string, kind: RunStatusKind, more: Partial<Run> = {}): Run =>
  testRun(id, { status: { kind, source: 'process', since: 100, detail: null }, ...more });

const since = (at: number, kind: RunStatusKind): Partial<Run> => ({
  status: { kind, source: 'process', since: at, detail: null },
});

const spec = (slug: string, modifiedAt = 1): SpecSummary => testSpec(slug, { modifiedAt });

const ids = (groups: BoardGroups, id: Exclude<(typeof boardGroupIds)[number], 'drafts'>): readonly string[] =>
  groups[id].map((card) => card.run.id);
const board = (...runs: Run[]): BoardGroups => deriveBoard(runs, null);

describe('where a run stands', () => {
  it('asks for the person when an agent waits, fails, or has lost its branch or worktree', () => {
    const groups = board(
      run('asks', 'waiting'),
      run('fell', 'failed', { presence: { branch: false, worktree: false } }),
      run('cut', 'idle', { changes, presence: { branch: false, worktree: true } }),
      run('moved', 'idle', { changes, presence: { branch: true, worktree: false } }),
    );
    expect(groups.needsYou.map((card) => [card.run.id, card.need])).toEqual([
      ['asks', 'waiting'],
      ['fell', 'failed'],
      ['cut', 'branch-missing'],
      ['moved', 'worktree-missing'],
    ]);
  });

  it('offers finished work for review, committed or not', () => {
    const groups = board(
      run('idle', 'idle', { changes }),
      run('left', 'exited', { changes: { ...changes, commits: 0, files: 0, uncommitted: 3 } }),
    );
    expect(ids(groups, 'review')).toEqual(['idle', 'left']);
  });

  it('asks for the person when an agent stopped without changing anything, but lets a shell sit', () => {
    const groups = board(
      run('agent', 'idle', { changes: none }),
      run('ended', 'exited', { changes: none }),
      run('shell', 'idle', { changes: none, promptVersion: null }),
    );
    expect(ids(groups, 'needsYou')).toEqual(['agent', 'ended']);
    expect(ids(groups, 'running')).toEqual(['shell']);
  });

  it('never says that nothing was changed before Git has been asked', () => {
    const groups = board(run('agent', 'idle', { changes: null }), run('ended', 'exited', { changes: null }));
    expect(groups.needsYou).toEqual([]);
    expect(ids(groups, 'review')).toEqual(['agent', 'ended']);
  });

  it('asks for the person where an agent that rests has committed to another branch', () => {
    const presence = { branch: true, worktree: true, elsewhere: { branch: 'other', commit: 'c', commits: 1 } };
    expect(placeOf(run('away', 'idle', { presence }))).toEqual({ group: 'needsYou', need: 'work-elsewhere' });
    expect(placeOf(run('some', 'idle', { changes, presence }))).toMatchObject({ need: 'work-elsewhere' });
    expect(placeOf(run('busy', 'working', { presence }))).toMatchObject({ group: 'running' });
  });

  it('offers what is kept for its merge, even when the agent failed or the worktree is gone', () => {
    const decision = { kind: 'keep', reason: '', at: 1 } as const;
    const groups = board(
      run('fell', 'failed', { decision, changes }),
      run('moved', 'idle', { decision, changes, presence: { branch: true, worktree: false } }),
    );
    expect(ids(groups, 'review')).toEqual(['fell', 'moved']);
  });

  it('does not miss a branch and a worktree that are not made yet', () => {
    const nowhere = { presence: { branch: false, worktree: false } };
    const groups = board(run('one', 'preparing', nowhere), run('two', 'queued', nowhere));
    expect(ids(groups, 'running')).toEqual(['one']);
    expect(ids(groups, 'queued')).toEqual(['two']);
  });

  it('puts away what is merged, discarded or gone, the latest first', () => {
    const groups = board(
      run('gone', 'exited', { presence: { branch: false, worktree: false }, ...since(100, 'exited') }),
      run('in', 'idle', { merged }),
      run('out', 'idle', { decision: { kind: 'discard', reason: '', at: 500 } }),
    );
    expect(ids(groups, 'done')).toEqual(['in', 'out', 'gone']);
  });

  it('keeps a discarded run in sight while its agent works on', () => {
    expect(ids(board(run('busy', 'working', { decision: { kind: 'discard', reason: '', at: 1 } })), 'running')).toEqual(
      ['busy'],
    );
  });

  it('shows a run that nobody knows about as running only while it has a terminal', () => {
    const groups = board(run('maybe', 'unknown'), run('lost', 'unknown', { terminalId: null }));
    expect(ids(groups, 'running')).toEqual(['maybe']);
    expect(groups.needsYou).toMatchObject([{ run: { id: 'lost' }, need: 'unclear' }]);
  });

  it('places every run exactly once, whatever its state', () => {
    const kinds: RunStatusKind[] = ['queued', 'preparing', 'working', 'waiting', 'idle', 'exited', 'failed', 'unknown'];
    const runs: Run[] = [];
    for (const kind of kinds)
      for (const decision of ['pending', 'keep', 'modify', 'discard'] as const)
        for (const branch of [true, false])
          for (const worktree of [true, false])
            for (const isMerged of [true, false])
              for (const work of [changes, null])
                runs.push(
                  run(`r${String(runs.length)}`, kind, {
                    decision: { kind: decision, reason: '', at: null },
                    presence: { branch, worktree },
                    merged: isMerged ? merged : null,
                    changes: work,
                  }),
                );
    const groups = board(...runs);
    const placed = boardGroupIds.flatMap((id) => (id === 'drafts' ? [] : ids(groups, id)));
    expect(placed.toSorted()).toEqual(runs.map((one) => String(one.id)).toSorted());
  });
});

describe('the order within a group', () => {
  it('puts questions before failures and the longest waiting first', () => {
    const groups = board(
      run('failed', 'failed', since(1, 'failed')),
      run('late', 'waiting', since(50, 'waiting')),
      run('early', 'waiting', since(10, 'waiting')),
    );
    expect(ids(groups, 'needsYou')).toEqual(['early', 'late', 'failed']);
  });

  it('puts what is kept and only lacks its merge at the top of the review', () => {
    const groups = board(
      run('new', 'idle', { changes, ...since(1, 'idle') }),
      run('kept', 'idle', { changes, ...since(9, 'idle'), decision: { kind: 'keep', reason: '', at: 9 } }),
    );
    expect(ids(groups, 'review')).toEqual(['kept', 'new']);
  });
});

describe('drafts', () => {
  const specs = { specs: [spec('spec-a', 1), spec('spec-b', 2), spec('spec-c', 3)], strays: [] };

  it('are the specs that no run works on and none has brought in, the last edited first', () => {
    const groups = deriveBoard([run('a', 'working'), run('b', 'idle', { merged })], specs);
    expect(groups.drafts).toMatchObject([{ kind: 'draft', spec: { slug: 'spec-c' } }]);
    expect(deriveBoard([], specs).drafts.map((card) => card.kind === 'draft' && card.spec.slug)).toEqual([
      'spec-c',
      'spec-b',
      'spec-a',
    ]);
  });

  it('come back when every run of a spec was discarded', () => {
    const out = run('a', 'exited', { decision: { kind: 'discard', reason: '', at: 1 } });
    expect(deriveBoard([out], specs).drafts).toHaveLength(3);
  });

  it('keeps a spec a draft while an agent only drafts smaller ones from it', () => {
    expect(deriveBoard([run('c', 'idle', { task: 'split' })], specs).drafts).toHaveLength(3);
    expect(deriveBoard([run('c', 'idle')], specs).drafts).toHaveLength(2);
  });

  it('end with the files that are no specs, so that nobody wonders where they are', () => {
    const stray = { path: 'specs/My Idea.md', reason: 'not a slug' };
    expect(deriveBoard([], { ...specs, strays: [stray] }).drafts.at(-1)).toEqual({ kind: 'stray', file: stray });
  });
});

describe('paused', () => {
  it('leaves a paused run among the running, whatever its agent was at', () => {
    const asked = { kind: 'waiting', source: 'report', since: 1, detail: 'May I?' } as const;
    expect(placeOf(testRun('a', { status: asked, pausedSince: 5 }))).toEqual({ group: 'running', need: null });
    expect(placeOf(testRun('a', { status: asked }))).toEqual({ group: 'needsYou', need: 'waiting' });
  });
});
