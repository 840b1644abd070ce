import { describe, expect, it } from 'vitest';

import { Emitter } from '#main/base/lifecycle.ts';
import { silentLog } from '#main/base/log.ts';
import type { RunFeed, RunStatusKind } from '#shared/contract/runs.ts';
import { testRun } from '#shared/contract/test-run.ts';
import type { ProjectId } from '#shared/ids.ts';

import { AtWork } from './at-work.ts';
import { FollowedProjects } from './followed-projects.ts';

const project = { id: 'p' as ProjectId, path: '/srv/notes', name: 'notes' };

/** A project that the host has opened, of whose runs is told what `run` says. */
function opened() {
  const feed = new Emitter<RunFeed>();
  const api = { runs: { onDidChange: (_id: ProjectId, listener: (push: RunFeed) => void) => feed.event(listener) } };
  const atWork = new AtWork({ api: api as never, log: silentLog });
  const told: string[] = [];
  const windows = { isOpening: false };
  const followed = new FollowedProjects({
    atWork,
    hasWindow: () => windows.isOpening,
    tell: ({ name }) => {
      told.push(name);
      return { dispose: () => void told.pop() };
    },
  });
  followed.add(project);
  atWork.follow(project.id);
  const run = (kind: RunStatusKind): void => {
    const made = testRun('a');
    feed.fire({ kind: 'changed', run: { ...made, status: { ...made.status, kind } } });
  };
  return { followed, told, run, windows };
}

describe('a project', () => {
  it('that nothing runs in is followed while a window shows it', () => {
    const { followed, told, run } = opened();
    run('exited');
    expect(told).toEqual([]);
    const window = followed.show(project);
    expect(told).toEqual(['notes']);
    window.dispose();
    expect(told).toEqual([]);
  });

  it('is followed on when its window is closed on agents, also after they have ended: that is what is told', () => {
    const { followed, told, run } = opened();
    const window = followed.show(project);
    run('working');
    window.dispose();
    expect(told).toEqual(['notes']);
    run('failed');
    expect(told).toEqual(['notes']);
    const again = followed.show(project);
    expect(told).toEqual(['notes']);
    again.dispose();
    expect(told).toEqual([]);
  });

  it('that never had a window is followed once an agent is at work in it, or waits for its place', () => {
    const { told, run } = opened();
    run('queued');
    expect(told).toEqual(['notes']);
    run('working');
    expect(told).toEqual(['notes']);
  });

  it('that a window is about to show is followed from then on: its page comes first', () => {
    const { followed, told, run, windows } = opened();
    windows.isOpening = true;
    run('working');
    expect(told).toEqual([]);
    followed.show(project);
    expect(told).toEqual(['notes']);
  });

  it('is followed by nobody once the app ends', () => {
    const { followed, told, run } = opened();
    followed.show(project);
    followed.dispose();
    run('working');
    expect(told).toEqual([]);
  });
});
