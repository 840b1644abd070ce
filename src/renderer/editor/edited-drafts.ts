import type { SpecDraft } from '#shared/contract/imports.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

/** A draft as the person has it before them: edited, and taken or left. */
export interface EditedDraft extends SpecDraft {
  /** As it was drafted. */
  drafted: string;
  isWanted: boolean;
}

export const startDrafts = (drafts: readonly SpecDraft[]): readonly EditedDraft[] =>
  drafts.map((draft) => ({ ...draft, drafted: draft.text, isWanted: !draft.isTaken }));

const isEdited = ({ text, drafted }: EditedDraft): boolean => text !== drafted;

/** Drafts that were read again, with what the person has written into them since they were read before. */
export function withEdits(fresh: readonly EditedDraft[], before: readonly EditedDraft[]): readonly EditedDraft[] {
  const edited = new Map(before.filter(isEdited).map((draft) => [draft.slug, draft]));
  const present = fresh.map((draft): EditedDraft => {
    const own = edited.get(draft.slug);
    if (!own) return draft;
    edited.delete(draft.slug);
    const { text, isWanted } = own;
    const isAnew = draft.text !== own.drafted && draft.text !== text;
    const notes = isAnew ? [...draft.notes, 'It was drafted anew since. What you have written is kept.'] : draft.notes;
    return { ...draft, text, notes, isWanted: isWanted && !draft.isTaken, drafted: own.drafted };
  });
  return [...present, ...edited.values()];
}

const left = new Map<ProjectId | RunId, readonly EditedDraft[]>();

/** What the person has written into drafts that are not specs yet stays when their dialog is closed, for as long as the window. */
export const leftDrafts = {
  of: (of: ProjectId | RunId): readonly EditedDraft[] => left.get(of) ?? [],
  /** Of those that are before the person now. */
  keep: (of: ProjectId | RunId, drafts: readonly EditedDraft[]): void => {
    left.set(of, drafts.filter(isEdited));
  },
};
