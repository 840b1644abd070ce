import { create } from 'zustand';

import type { Resolution } from '#shared/contract/conflicts.ts';

/**
 * What the person has made of the files of a conflict so far, by the two commits that it is between. Outside React, so that it
 * is still there when the dialog is closed and opened again; not over a restart of the page.
 */
export const useConflictWork = create<{ work: ReadonlyMap<string, ReadonlyMap<string, Resolution>> }>()(() => ({
  work: new Map(),
}));

export function setResolution(conflict: string, path: string, resolution: Resolution | null): void {
  useConflictWork.setState(({ work }) => {
    const files = new Map(work.get(conflict));
    if (resolution === null) files.delete(path);
    else files.set(path, resolution);
    return { work: new Map(work).set(conflict, files) };
  });
}
