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

/** Outside React, so that half a sentence is still there after a look at something else. */
export const useCommentDraft = create<{ draft: CommentDraft | null }>()(() => ({ draft: null }));

export const writeComment = (draft: CommentDraft | null): void => {
  useCommentDraft.setState({ draft });
};
