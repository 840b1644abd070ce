import { create } from 'zustand';

import type { ProjectId, RunId, SpecSlug } from '#shared/ids.ts';

import { readSavedView, saveView } from './saved-view.ts';

/** What the centre shows. */
export type Centre =
  | { kind: 'welcome' }
  | { kind: 'grid' }
  | { kind: 'inbox' }
  | { kind: 'figures' }
  | { kind: 'radar' }
  | { kind: 'prompts' }
  | { kind: 'spec'; slug: SpecSlug }
  | { kind: 'review'; runId: RunId }
  | { kind: 'variants'; slug: SpecSlug }
  | { kind: 'search' }
  | ({ kind: 'file' } & OpenFile);

/** A file of a run's worktree that is looked at. */
export interface OpenFile {
  runId: RunId;
  /** From the worktree's top, with `/`. */
  path: string;
}

/** Two branches that are looked at together: two runs, or a run and its base. */
export interface ChosenPair {
  a: RunId;
  b: RunId | null;
}

/** The terminals in view, in their order. `focused` and `maximised` are one of `runIds`, or null. */
export interface GridView {
  runIds: readonly RunId[];
  focused: RunId | null;
  maximised: RunId | null;
}

/** A dialog that any part of the page can ask for; the workbench shows it. */
export type DialogRequest =
  | { kind: 'spawn'; slugs: readonly SpecSlug[] }
  | { kind: 'new-spec' }
  /** Specs of other tools, of issues, or of a text. */
  | { kind: 'import' }
  | { kind: 'split'; slug: SpecSlug }
  /** What a run has drafted that was asked to split its spec. */
  | { kind: 'split-drafts'; runId: RunId }
  /** What two runs were told; null: the person chooses the other one. */
  | { kind: 'compare-prompts'; runId: RunId; otherId: RunId | null }
  | { kind: 'rename-spec'; slug: SpecSlug }
  | { kind: 'delete-spec'; slug: SpecSlug }
  | { kind: 'remove-run'; runId: RunId }
  /** The run's worktree in another program; its work with another agent. */
  | { kind: 'open-in'; runId: RunId }
  | { kind: 'continue-with'; runId: RunId }
  /** What pushing its branch and opening a pull request would do. */
  | { kind: 'pull-request'; runId: RunId }
  | { kind: 'set-up' }
  | { kind: 'trust' }
  | { kind: 'settings'; page?: 'general' | 'attention' | 'keyboard' }
  | { kind: 'snapshots' }
  /** Where a line of a run's file comes from. */
  | { kind: 'why-line'; runId: RunId; path: string; line: number; side: 'before' | 'after' }
  | { kind: 'message-several' }
  | { kind: 'keys' }
  | { kind: 'palette' };

export const maximumPanes = 16;

/** What the person is looking at. Never sent to the host; remembered per project on this machine. */
export interface View {
  projectId: ProjectId | null;
  centre: Centre;
  /** The spec and the review that were open last: the centre keeps a tab for each. */
  openSpec: SpecSlug | null;
  openReview: RunId | null;
  /** The spec whose runs were compared last. */
  openVariants: SpecSlug | null;
  /** Whether the radar has a tab, and the pair that is looked at in it. */
  isRadarOpen: boolean;
  chosenPair: ChosenPair | null;
  radarView: 'collisions' | 'order' | 'train';
  /** A spec that was just made, until its editor is there and has taken the keyboard. */
  specToWrite: SpecSlug | null;
  /** The file that was looked at last, and whether the search over all terminals has a tab. */
  openFile: OpenFile | null;
  isSearchOpen: boolean;
  selectedRunId: RunId | null;
  grid: GridView;
  /** Counts how often a terminal was asked for: the focused pane takes the keyboard each time, wherever it was. */
  terminalRequests: number;
  dialog: DialogRequest | null;
  /**
   * Specs, and files of prompts (`prompt:…`), of this project with edits that are not saved. The editor says so; the board
   * marks them and leaving the page asks.
   */
  unsavedSpecs: ReadonlySet<string>;
  /** The same of every project that this page has edits of, also of one that is out of view. None has an empty set. */
  unsavedIn: ReadonlyMap<ProjectId, ReadonlySet<string>>;

  /** Takes up where the person left this project; null: no project. */
  enterProject: (id: ProjectId | null) => void;
  showGrid: () => void;
  /** The radar, with this pair chosen, or with the one that was. */
  showRadar: (pair?: ChosenPair) => void;
  choosePair: (pair: ChosenPair | null) => void;
  showInRadar: (radarView: View['radarView']) => void;
  closeRadar: () => void;
  showInbox: () => void;
  showFigures: () => void;
  showPrompts: () => void;
  showSpec: (slug: SpecSlug) => void;
  /** Shows a spec that was just made, to be written: its text takes the keyboard. */
  writeSpec: (slug: SpecSlug) => void;
  showReview: (runId: RunId) => void;
  showVariants: (slug: SpecSlug) => void;
  closeVariants: () => void;
  closeSpec: () => void;
  closeReview: () => void;
  showSearch: () => void;
  closeSearch: () => void;
  showFile: (file: OpenFile) => void;
  closeFile: () => void;
  selectRun: (runId: RunId | null) => void;
  /** Shows the run's terminal: adds a pane unless there is one, focuses it, brings the grid to the centre. */
  openTerminal: (runId: RunId) => void;
  closeTerminal: (runId: RunId) => void;
  focusTerminal: (runId: RunId) => void;
  toggleMaximised: (runId: RunId) => void;
  /** Puts the pane at `from` where the one at `to` is. */
  movePane: (from: number, to: number) => void;
  arrangePanes: (runIds: readonly RunId[]) => void;
  /** Drops what refers to runs that are no longer there. */
  forgetRuns: (present: (id: RunId) => boolean) => void;
  openDialog: (dialog: DialogRequest) => void;
  closeDialog: () => void;
  setUnsaved: (projectId: ProjectId, slug: string, unsaved: boolean) => void;
}

const emptyGrid: GridView = { runIds: [], focused: null, maximised: null };

const nothing = {
  centre: { kind: 'welcome' } as Centre,
  openSpec: null,
  openReview: null,
  openVariants: null,
  isRadarOpen: false,
  chosenPair: null,
  radarView: 'collisions' as const,
  openFile: null,
  isSearchOpen: false,
  selectedRunId: null,
  grid: emptyGrid,
};

/** The grid with a pane for this run, focused. With 16 panes already, it takes the place of the first unfocused one. */
export function withPane(grid: GridView, runId: RunId): GridView {
  if (grid.runIds.includes(runId)) {
    return { ...grid, focused: runId, maximised: grid.maximised === null ? null : runId };
  }
  const leaving = grid.runIds.length < maximumPanes ? undefined : grid.runIds.find((id) => id !== grid.focused);
  const runIds = leaving ? grid.runIds.map((id) => (id === leaving ? runId : id)) : [...grid.runIds, runId];
  return { runIds, focused: runId, maximised: grid.maximised === null ? null : runId };
}

/** The grid without this run's pane; the neighbour takes the focus. */
export function withoutPane(grid: GridView, runId: RunId): GridView {
  const index = grid.runIds.indexOf(runId);
  if (index < 0) return grid;
  const runIds = grid.runIds.filter((id) => id !== runId);
  const neighbour = runIds[Math.min(index, runIds.length - 1)] ?? null;
  return {
    runIds,
    focused: grid.focused === runId ? neighbour : grid.focused,
    maximised: grid.maximised === runId ? null : grid.maximised,
  };
}

export const useView = create<View>()((set) => ({
  projectId: null,
  ...nothing,
  specToWrite: null,
  terminalRequests: 0,
  dialog: null,
  unsavedSpecs: new Set(),
  unsavedIn: new Map(),

  enterProject: (id) => {
    // What is not saved stays so: a host that comes back without the project takes it from view, and not from the page.
    set(({ unsavedIn }) => ({
      projectId: id,
      ...nothing,
      ...(id === null ? {} : readSavedView(id)),
      dialog: null,
      unsavedSpecs: (id === null ? undefined : unsavedIn.get(id)) ?? new Set(),
    }));
  },
  showGrid: () => {
    set({ centre: { kind: 'grid' } });
  },
  showRadar: (pair) => {
    set({
      centre: { kind: 'radar' },
      isRadarOpen: true,
      ...(pair ? { chosenPair: pair, radarView: 'collisions' } : {}),
    });
  },
  choosePair: (chosenPair) => {
    set({ chosenPair });
  },
  showInRadar: (radarView) => {
    set({ radarView });
  },
  closeRadar: () => {
    set((view) => ({ isRadarOpen: false, ...(view.centre.kind === 'radar' ? { centre: { kind: 'grid' } } : {}) }));
  },
  showInbox: () => {
    set({ centre: { kind: 'inbox' } });
  },
  showFigures: () => {
    set({ centre: { kind: 'figures' } });
  },
  showPrompts: () => {
    set({ centre: { kind: 'prompts' } });
  },
  showSpec: (slug) => {
    set({ centre: { kind: 'spec', slug }, openSpec: slug });
  },
  writeSpec: (slug) => {
    set({ centre: { kind: 'spec', slug }, openSpec: slug, specToWrite: slug });
  },
  showReview: (runId) => {
    set({ centre: { kind: 'review', runId }, openReview: runId, selectedRunId: runId });
  },
  showVariants: (slug) => {
    set({ centre: { kind: 'variants', slug }, openVariants: slug });
  },
  closeVariants: () => {
    set((view) => ({ openVariants: null, ...(view.centre.kind === 'variants' ? { centre: { kind: 'grid' } } : {}) }));
  },
  closeSpec: () => {
    set((view) => ({ openSpec: null, ...(view.centre.kind === 'spec' ? { centre: { kind: 'grid' } } : {}) }));
  },
  closeReview: () => {
    set((view) => ({ openReview: null, ...(view.centre.kind === 'review' ? { centre: { kind: 'grid' } } : {}) }));
  },
  showSearch: () => {
    set({ centre: { kind: 'search' }, isSearchOpen: true });
  },
  closeSearch: () => {
    set((view) => ({ isSearchOpen: false, ...(view.centre.kind === 'search' ? { centre: { kind: 'grid' } } : {}) }));
  },
  showFile: ({ runId, path }) => {
    set({ centre: { kind: 'file', runId, path }, openFile: { runId, path }, selectedRunId: runId });
  },
  closeFile: () => {
    set((view) => ({ openFile: null, ...(view.centre.kind === 'file' ? { centre: { kind: 'grid' } } : {}) }));
  },
  selectRun: (selectedRunId) => {
    set({ selectedRunId });
  },
  openTerminal: (runId) => {
    set((view) => ({
      grid: withPane(view.grid, runId),
      centre: { kind: 'grid' },
      selectedRunId: runId,
      terminalRequests: view.terminalRequests + 1,
    }));
  },
  closeTerminal: (runId) => {
    set((view) => ({ grid: withoutPane(view.grid, runId) }));
  },
  focusTerminal: (runId) => {
    set((view) =>
      view.grid.runIds.includes(runId)
        ? { grid: { ...view.grid, focused: runId }, selectedRunId: runId }
        : { selectedRunId: runId },
    );
  },
  toggleMaximised: (runId) => {
    set((view) => ({
      grid: { ...view.grid, focused: runId, maximised: view.grid.maximised === runId ? null : runId },
    }));
  },
  movePane: (from, to) => {
    set((view) => {
      const runIds = Array.from(view.grid.runIds);
      const [moved] = runIds.splice(from, 1);
      if (moved === undefined) return {};
      runIds.splice(to, 0, moved);
      return { grid: { ...view.grid, runIds } };
    });
  },
  arrangePanes: (runIds) => {
    set((view) => ({
      grid: {
        runIds: runIds.slice(0, maximumPanes),
        focused: view.grid.focused && runIds.includes(view.grid.focused) ? view.grid.focused : (runIds[0] ?? null),
        maximised: view.grid.maximised && runIds.includes(view.grid.maximised) ? view.grid.maximised : null,
      },
    }));
  },
  forgetRuns: (present) => {
    set((view) => {
      const gone = view.grid.runIds.filter((id) => !present(id));
      const reviewIsGone = view.openReview !== null && !present(view.openReview);
      const selectedIsGone = view.selectedRunId !== null && !present(view.selectedRunId);
      const fileIsGone = view.openFile !== null && !present(view.openFile.runId);
      if (gone.length === 0 && !reviewIsGone && !selectedIsGone && !fileIsGone) return view;
      return {
        grid: gone.reduce(withoutPane, view.grid),
        ...(selectedIsGone ? { selectedRunId: null } : {}),
        ...(fileIsGone ? { openFile: null, ...(view.centre.kind === 'file' ? { centre: { kind: 'grid' } } : {}) } : {}),
        ...(reviewIsGone
          ? { openReview: null, centre: view.centre.kind === 'review' ? { kind: 'grid' } : view.centre }
          : {}),
      };
    });
  },
  openDialog: (dialog) => {
    set({ dialog });
  },
  closeDialog: () => {
    set({ dialog: null });
  },
  setUnsaved: (projectId, slug, unsaved) => {
    set((view) => {
      const before = view.unsavedIn.get(projectId) ?? new Set<string>();
      if (before.has(slug) === unsaved) return view;
      const now = new Set(before);
      if (unsaved) now.add(slug);
      else now.delete(slug);
      const unsavedIn = new Map(view.unsavedIn);
      if (now.size > 0) unsavedIn.set(projectId, now);
      else unsavedIn.delete(projectId);
      return { unsavedIn, ...(view.projectId === projectId && { unsavedSpecs: now }) };
    });
  },
}));

useView.subscribe((view, before) => {
  if (view.projectId === null || view.projectId !== before.projectId) return;
  if (
    view.centre !== before.centre ||
    view.grid !== before.grid ||
    view.openSpec !== before.openSpec ||
    view.openReview !== before.openReview ||
    view.openVariants !== before.openVariants ||
    view.isRadarOpen !== before.isRadarOpen ||
    view.openFile !== before.openFile ||
    view.isSearchOpen !== before.isSearchOpen ||
    view.selectedRunId !== before.selectedRunId
  ) {
    saveView(view.projectId, view);
  }
});
