import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { settingsSchema } from '#shared/contract/host.ts';
import type { Run, RunStatusKind } from '#shared/contract/runs.ts';
import { testRun } from '#shared/contract/test-run.ts';
import type { ProjectId, RunId, TerminalId } from '#shared/ids.ts';

import { useMirror } from './mirror.ts';
import { useSeveral } from './several.ts';
import { useView } from './view.ts';

const project = 'p1' as ProjectId;
const id = (name: string): RunId => name as RunId;
const run = (name: string, more: Partial<Run> = {}, kind: RunStatusKind = 'idle'): Run => ({
  ...testRun(name, { terminalId: `t-${name}` as TerminalId }),
  status: { kind, source: 'process', since: 0, detail: null },
  ...more,
});
const show = (...runs: readonly Run[]): void => {
  useMirror.setState({ runs: new Map(runs.map((one) => [one.id, one])) });
};
const receiving = (): readonly string[] => Array.from(useSeveral.getState().receiving.keys());
const several = () => useSeveral.getState();

beforeEach(() => {
  vi.useFakeTimers();
  useView.getState().enterProject(project);
  useMirror.setState({ settings: settingsSchema.parse({ severalIdleMinutes: 2 }) });
  show(run('a'), run('b'), run('c'), run('d', {}, 'exited'));
});
afterEach(() => {
  useView.getState().enterProject(null);
  vi.useRealTimers();
});

const startWith = (...names: readonly string[]): void => {
  several().choose();
  several().toggleAll(names.map(id));
  several().startTyping();
};

describe('choosing', () => {
  it('ticks one and one more, all of a group, and none of it again', () => {
    several().toggle(id('a'));
    several().toggle(id('b'));
    expect(several().isChoosing).toBe(true);
    several().toggleAll([id('b'), id('c')]);
    expect(Array.from(several().chosen).toSorted()).toEqual(['a', 'b', 'c']);
    several().toggleAll([id('b'), id('c')]);
    expect(Array.from(several().chosen)).toEqual(['a']);
  });
});

describe('typing into several', () => {
  it('goes to those chosen that run, and brings their terminals in sight', () => {
    useView.getState().arrangePanes([id('c'), id('a')]);
    useView.getState().toggleMaximised(id('c'));
    startWith('a', 'b', 'd');
    expect(receiving()).toEqual(['a', 'b']);
    const { grid, centre } = useView.getState();
    expect(grid).toMatchObject({ runIds: ['c', 'a', 'b'], maximised: null });
    expect(centre.kind).toBe('grid');
  });

  it('does not begin with fewer than two', () => {
    startWith('a', 'd');
    expect(receiving()).toEqual([]);
    expect(several().isChoosing).toBe(true);
  });

  it('never gets a run by itself: neither one that is spawned meanwhile nor one that is started again', () => {
    startWith('a', 'b', 'c');
    show(run('a'), run('b'), run('c'), run('new'));
    useView.getState().openTerminal(id('new'));
    expect(receiving()).toEqual(['a', 'b', 'c']);
    show(run('a'), run('b'), run('c', { terminalId: 't-again' as TerminalId }), run('new'));
    expect(receiving()).toEqual(['a', 'b']);
    show(run('a'), run('b'), run('c'), run('new'));
    expect(receiving()).toEqual(['a', 'b']);
  });

  it('lets go of what has ended, was deleted or is out of sight, and ends when one is left', () => {
    show(run('a'), run('b'), run('c'), run('d'), run('e'));
    startWith('a', 'b', 'c', 'd', 'e');
    show(run('a'), run('b'), run('c', {}, 'exited'), run('d'), run('e'));
    expect(receiving()).toEqual(['a', 'b', 'd', 'e']);
    show(run('a'), run('b'), run('e'));
    expect(receiving()).toEqual(['a', 'b', 'e']);
    useView.getState().closeTerminal(id('b'));
    expect(receiving()).toEqual(['a', 'e']);
    show(run('a'));
    expect(receiving()).toEqual([]);
  });

  it('ends after the chosen time without a key, and each key begins it anew', () => {
    startWith('a', 'b');
    vi.advanceTimersByTime(90_000);
    several().touch();
    vi.advanceTimersByTime(90_000);
    expect(receiving()).toEqual(['a', 'b']);
    vi.advanceTimersByTime(31_000);
    expect(receiving()).toEqual([]);
  });

  it('ends with the project, and when the person leaves the terminals', () => {
    startWith('a', 'b');
    useView.getState().showReview(id('a'));
    expect(receiving()).toEqual([]);
    startWith('a', 'b');
    useView.getState().enterProject('p2' as ProjectId);
    expect(receiving()).toEqual([]);
    expect(several().chosen.size).toBe(0);
  });
});
