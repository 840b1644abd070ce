import { create } from 'zustand';

import type { RunId } from '#shared/ids.ts';

/** Messages of merges as they are being written, outside React, so that a look elsewhere before the merge loses none. */
const useMergeMessages = create<{ drafts: ReadonlyMap<RunId, string> }>()(() => ({ drafts: new Map() }));

/** Null: nothing was written, or it went with its merge; what is proposed stands in the field. */
export function writeMergeMessage(id: RunId, text: string | null): void {
  useMergeMessages.setState(({ drafts }) => {
    const next = new Map(drafts);
    if (text === null) next.delete(id);
    else next.set(id, text);
    return { drafts: next };
  });
}

export const useMergeMessage = (id: RunId): string | null => useMergeMessages(({ drafts }) => drafts.get(id)) ?? null;
