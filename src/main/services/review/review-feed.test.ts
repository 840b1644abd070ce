import { rm } from 'node:fs/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { GitError } from '#main/services/git/git.ts';
import type { ReviewState } from '#shared/contract/review.ts';

import { Recomputer } from './recomputer.ts';
import { TestReviews } from './test-reviews.ts';

let world: TestReviews;
beforeEach(async () => {
  world = await TestReviews.create();
});
afterEach(() => world.remove());

/** Collects what a listener is pushed, and waits for the next. */
function listen(): { next(): Promise<string>; pushed: ReviewState[]; dispose(): void } {
  const pushed: ReviewState[] = [];
  let seen = 0;
  let wake = (): void => undefined;
  const feed = world.reviews.onDidChange({ id: world.id }, (state) => {
    pushed.push(state);
    wake();
  });
  return {
    pushed,
    next: async () => {
      while (pushed.length <= seen) await new Promise<void>((resolve) => (wake = resolve));
      const state = pushed[seen++];
      return state?.kind === 'review' ? state.review.files.map(({ path }) => path).join(' ') : (state?.reason ?? '');
    },
    dispose: () => feed.dispose(),
  };
}

const moved = (worktreePath: string | null = world.worktree): void =>
  world.changed.fire({ projectPath: world.repository.path, worktreePath });

describe('a review that is looked at', () => {
  it('is pushed at once, and again when the worktree or a ref moves', async () => {
    const feed = listen();
    expect(await feed.next()).toBe('');
    await world.write('a.ts', 'a\n');
    moved();
    expect(await feed.next()).toBe('a.ts');
    await world.inWorktree('switch', '-q', '--detach');
    await world.inWorktree('branch', '-D', '-q', 'topic');
    moved(null);
    expect(await feed.next()).toBe('branch-missing');
    feed.dispose();
  });

  it('is pushed to a second listener as it is, and to nobody when nothing is new', async () => {
    await world.write('a.ts', 'a\n');
    const one = listen();
    expect(await one.next()).toBe('a.ts');
    const two = listen();
    expect(two.pushed).toHaveLength(1);
    moved();
    await world.write('b.ts', 'b\n');
    moved();
    expect(await one.next()).toMatch('b.ts');
    expect(one.pushed.map((state) => JSON.stringify(state))).toHaveLength(
      new Set(one.pushed.map((state) => JSON.stringify(state))).size,
    );
    one.dispose();
    two.dispose();
  });

  it('follows the run: its branch, and that it is gone', async () => {
    await world.repository.git('branch', 'other');
    const feed = listen();
    expect(await feed.next()).toBe('');
    await world.write('a.ts', 'a\n');
    await world.commit();
    world.run = { ...world.run!, base: 'other' };
    world.runChanged.fire(world.id);
    expect(await feed.next()).toBe('a.ts');
    world.run = null;
    world.runChanged.fire(world.id);
    expect(await feed.next()).toBe('run-missing');
    feed.dispose();
  });

  it('costs nothing when nobody looks any more', async () => {
    let calls = 0;
    world.reviews = world.reviewsOn({
      read: (call) => (calls++, world.git.read(call)),
      direct: (call) => (calls++, world.git.direct(call)),
      gitDir: (cwd) => world.git.gitDir(cwd),
      commonDir: (cwd) => world.git.commonDir(cwd),
    });
    const feed = listen();
    await feed.next();
    feed.dispose();
    const before = calls;
    expect(before).toBeGreaterThan(0);
    expect(world.changed.listenerCount + world.runChanged.listenerCount).toBe(0);
    moved();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls).toBe(before);
  });

  it('is tried again when Git failed', async () => {
    let failures = 2;
    world.reviews = world.reviewsOn({
      read: (call) => {
        if (failures-- > 0) throw new GitError({ call: call.name, args: [], exitCode: 128, stderr: 'fatal: once' });
        return world.git.read(call);
      },
      direct: (call) => world.git.direct(call),
      gitDir: (cwd) => world.git.gitDir(cwd),
      commonDir: (cwd) => world.git.commonDir(cwd),
    });
    await world.write('a.ts', 'a\n');
    const feed = listen();
    expect(await feed.next()).toBe('a.ts');
    feed.dispose();
  });

  it('survives that its worktree goes away meanwhile', async () => {
    await world.write('a.ts', 'a\n');
    await world.commit();
    await world.write('b.ts', 'b\n');
    const feed = listen();
    expect(await feed.next()).toBe('a.ts b.ts');
    await rm(world.worktree, { recursive: true });
    moved();
    expect(await feed.next()).toBe('a.ts');
    feed.dispose();
  });
});

describe('working out again', () => {
  it('never happens twice at once, and happens once more for any number of changes meanwhile', async () => {
    let running = 0;
    let most = 0;
    let count = 0;
    const done: (() => void)[] = [];
    let started = (): void => undefined;
    const recomputer = new Recomputer({
      task: async () => {
        most = Math.max(most, ++running);
        count++;
        started();
        await new Promise<void>((resolve) => done.push(resolve));
        running--;
      },
      onFailure: () => undefined,
      pace: { settle: 1, rest: 1 },
    });
    recomputer.start();
    for (let change = 0; change < 10; change++) recomputer.ask();
    const again = new Promise<void>((resolve) => (started = resolve));
    done[0]?.();
    await again;
    done[1]?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
    recomputer.dispose();
    expect({ most, count }).toEqual({ most: 1, count: 2 });
  });
});
