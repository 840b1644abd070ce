import { create } from 'zustand';

import type { CommentSide } from '#shared/contract/comments.ts';
import type { RunId } from '#shared/ids.ts';

/** A comment as it is being written. */
export interface CommentDraft {
  runId: RunId;
  path: string;
  side: CommentSide;
  line: number | null;
  text: string;
  /** The kept draft that is being changed; null: it is a new one. */
  comment: string | null;
}

/** One for each run, outside React, so that half a sentence is still there after a look at something else. */
export const useCommentDraft = create<{ drafts: ReadonlyMap<RunId, CommentDraft> }>()(() => ({ drafts: new Map() }));

export function writeComment(draft: CommentDraft): void {
  useCommentDraft.setState(({ drafts }) => ({ drafts: new Map(drafts).set(draft.runId, draft) }));
}

export function closeComment(runId: RunId): void {
  useCommentDraft.setState(({ drafts }) => {
    const rest = new Map(drafts);
    rest.delete(runId);
    return { drafts: rest };
  });
}

/** Begins a comment at a place. What is being written already goes there, unless it is the text of one that is kept. */
export function beginComment(place: Pick<CommentDraft, 'runId' | 'path' | 'side' | 'line'>): void {
  const present = useCommentDraft.getState().drafts.get(place.runId);
  const isWritten = present !== undefined && present.text.trim() !== '';
  if (isWritten && present.comment !== null) return;
  writeComment({ ...place, text: isWritten ? present.text : '', comment: null });
}
