import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Project } from '#shared/contract/projects.ts';
import type { Run, RunFeed } from '#shared/contract/runs.ts';
import { testRun } from '#shared/contract/test-run.ts';

import { followProject, useMirror } from './mirror.ts';

type Host = Parameters<typeof followProject>[0];

const run = (id: string, activity: string): Run => testRun(id, { activity });

describe('the mirror of runs', () => {
  let push: (feed: RunFeed) => void = () => undefined;
  const feed = { onDidChange: () => ({ dispose: () => undefined }) };
  const host = {
    projects: feed,
    specs: feed,
    prompts: feed,
    agents: feed,
    radar: feed,
    gates: feed,
    invariants: feed,
    pairs: feed,
    train: feed,
    pullRequests: feed,
    attention: feed,
    runs: {
      onDidChange: (_id: string, listener: (feed: RunFeed) => void) => {
        push = listener;
        return { dispose: () => undefined };
      },
    },
  } as unknown as Host;
  const shown = (): string[] => Array.from(useMirror.getState().runs?.values() ?? [], (each) => each.activity ?? '');

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('shows the first push at once, and a burst of pushes in one go, in their order', () => {
    const following = followProject(host, { id: 'p' } as Project);
    push({ kind: 'all', runs: [run('a', 'one'), run('b', 'one')] });
    expect(shown()).toEqual(['one', 'one']);

    let updates = 0;
    const heard = useMirror.subscribe(() => {
      updates += 1;
    });
    for (let n = 2; n <= 50; n++) push({ kind: 'changed', run: run('a', String(n)) });
    push({ kind: 'removed', id: run('b', '').id });
    push({ kind: 'changed', run: run('c', 'last') });
    vi.runAllTimers();
    expect(shown()).toEqual(['50', 'last']);
    expect(updates).toBe(1);

    heard();
    following.dispose();
  });

  it('shows nothing of a project that was left meanwhile', () => {
    const following = followProject(host, { id: 'p' } as Project);
    push({ kind: 'all', runs: [run('a', 'one')] });
    push({ kind: 'changed', run: run('a', 'two') });
    following.dispose();
    vi.runAllTimers();
    expect(useMirror.getState().runs).toBeNull();
  });
});
