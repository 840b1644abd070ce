import { create } from 'zustand';

import type { Run } from '#shared/contract/runs.ts';
import type { RunId } from '#shared/ids.ts';

/** Reasons as they are being written, outside React, so that half a sentence is still there after a look at the terminal. */
const useReasonDrafts = create<{ drafts: ReadonlyMap<RunId, string> }>()(() => ({ drafts: new Map() }));

export function writeReason(id: RunId, text: string): void {
  useReasonDrafts.setState(({ drafts }) => ({ drafts: new Map(drafts).set(id, text) }));
}

/** It was kept with the decision. Only this text: the person may have written on meanwhile. */
export function reasonWasKept(id: RunId, text: string): void {
  useReasonDrafts.setState((state) => {
    if (state.drafts.get(id) !== text) return state;
    const rest = new Map(state.drafts);
    rest.delete(id);
    return { drafts: rest };
  });
}

/** What stands in the field: what is being written, else what was kept. */
export const reasonOf = ({ id, decision }: Pick<Run, 'id' | 'decision'>): string =>
  useReasonDrafts.getState().drafts.get(id) ?? decision.reason;

export const useReason = ({ id, decision }: Pick<Run, 'id' | 'decision'>): string =>
  useReasonDrafts(({ drafts }) => drafts.get(id)) ?? decision.reason;
