import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ProjectId, RunId, SpecSlug } from '#shared/ids.ts';

import { maximumPanes, useView, withoutPane, withPane, type GridView } from './view.ts';

const id = (number: number): RunId => `run-${String(number).padStart(4, '0')}` as RunId;
const grid = (count: number, focused: number | null = null): GridView => ({
  runIds: Array.from({ length: count }, (_, index) => id(index)),
  focused: focused === null ? null : id(focused),
  maximised: null,
});
const project = 'project-1' as ProjectId;

/** Web storage as the page has it. */
function memoryStorage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  };
}

describe('panes', () => {
  it('are added once and focused', () => {
    expect(withPane(grid(2), id(7))).toEqual({ runIds: [id(0), id(1), id(7)], focused: id(7), maximised: null });
    expect(withPane(grid(2), id(1)).runIds).toHaveLength(2);
  });

  it('never are more than sixteen, and the one that is focused is not the one that leaves', () => {
    const full = withPane(grid(maximumPanes, 0), id(99));
    expect(full.runIds).toHaveLength(maximumPanes);
    expect(full.runIds[0]).toBe(id(0));
    expect(full.runIds[1]).toBe(id(99));
  });

  it('give the focus to their neighbour when they are closed', () => {
    expect(withoutPane(grid(3, 1), id(1)).focused).toBe(id(2));
    expect(withoutPane(grid(3, 2), id(2)).focused).toBe(id(1));
    expect(withoutPane(grid(1, 0), id(0))).toEqual({ runIds: [], focused: null, maximised: null });
  });
});

describe('the view of a project', () => {
  let storage: ReturnType<typeof memoryStorage>;
  beforeEach(() => {
    storage = memoryStorage();
    vi.stubGlobal('localStorage', storage);
    useView.getState().enterProject(null);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('is there again when the project is opened again', () => {
    const view = useView.getState();
    view.enterProject(project);
    view.openTerminal(id(1));
    view.openTerminal(id(2));
    view.showSpec('match-history' as SpecSlug);
    view.enterProject(null);
    expect(useView.getState().centre).toEqual({ kind: 'welcome' });
    view.enterProject(project);
    expect(useView.getState()).toMatchObject({
      centre: { kind: 'spec', slug: 'match-history' },
      grid: { runIds: [id(1), id(2)], focused: id(2) },
    });
  });

  it('begins anew when what was kept cannot be read', () => {
    storage.kept.set(`switchyard.view.${project}`, '{"centre":{"kind":"teapot"}}');
    useView.getState().enterProject(project);
    expect(useView.getState().centre).toEqual({ kind: 'welcome' });
  });

  it('lets go of runs that are no longer there', () => {
    const view = useView.getState();
    view.enterProject(project);
    view.openTerminal(id(1));
    view.openTerminal(id(2));
    view.showReview(id(2));
    view.forgetRuns((run) => run === id(1));
    expect(useView.getState()).toMatchObject({
      grid: { runIds: [id(1)], focused: id(1) },
      centre: { kind: 'grid' },
      openReview: null,
      selectedRunId: null,
    });
  });
});
