import { create } from 'zustand';

import type { RunId } from '#shared/ids.ts';

/** What a pane has open, apart from its terminal. */
export interface PaneState {
  isFinding: boolean;
  isComposing: boolean;
  /** Every key goes to the terminal, also those that are otherwise the app's. */
  isLocked: boolean;
  /** A message that was begun and not sent. It stays, wherever the person goes meanwhile. */
  draft: string;
}

const closed: PaneState = { isFinding: false, isComposing: false, isLocked: false, draft: '' };

interface PaneStates {
  panes: ReadonlyMap<RunId, PaneState>;
}

const usePaneStates = create<PaneStates>()(() => ({ panes: new Map() }));

export const usePaneState = (id: RunId): PaneState => usePaneStates((states) => states.panes.get(id) ?? closed);

export const readPaneState = (id: RunId): PaneState => usePaneStates.getState().panes.get(id) ?? closed;

export function changePaneState(id: RunId, change: Partial<PaneState>): void {
  usePaneStates.setState(({ panes }) => ({
    panes: new Map(panes).set(id, { ...(panes.get(id) ?? closed), ...change }),
  }));
}
