import { z } from 'zod';

import { runId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

/** Which side of a diff a comment is about: the file as the run found it, or as the run has it now. */
export const commentSide = z.enum(['before', 'after']);
export type CommentSide = z.output<typeof commentSide>;

/**
 * Where a comment stands. `draft`: not sent. Once sent: `open` while what it is about is as it was, `addressed` when that line
 * has been changed since (for a line that was removed: when it is back), `outdated` when the place cannot be found any more.
 * The person's own word stands over all of them.
 */
export type CommentStanding = 'draft' | 'open' | 'addressed' | 'outdated';

/** Who said it on the run's pull request, and where. */
export interface CommentOrigin {
  author: string;
  /** Made by us, never taken from an answer. */
  url: string;
  pullRequest: number;
}

/** Something that the person, or a reviewer of the pull request, has to say about a line of a run's changes, or a file of them. */
export interface Comment {
  id: string;
  path: string;
  side: CommentSide;
  /** Where it is now, from 1; where it was last, when it cannot be found. Null: it is about the file. */
  line: number | null;
  /** The line as it was when the comment was written or sent. */
  quote: string;
  text: string;
  createdAt: number;
  sentAt: number | null;
  standing: CommentStanding;
  /** Whether the line can be pointed at in the present text. */
  isFound: boolean;
  /** The person has said where it stands; or its thread was resolved on GitHub. */
  isSettled: boolean;
  /** Null: it is the person's own. Otherwise its text is somebody else's, and can only be sent or left. */
  origin: CommentOrigin | null;
}

/** Longest text of one comment, in characters. */
export const commentLimit = 10_000;

type Missing = { kind: 'run-missing' } | { kind: 'comment-missing' };
const commentId = z.string().regex(/^[0-9a-f]{24}$/);

export const comments = {
  /** All comments on a run, in the order of files and lines, and again when one or the code under them changes. */
  onDidChange: feed(z.object({ id: runId }), returns<readonly Comment[]>()),
  /** Keeps a draft. `line` null: about the whole file. */
  add: call(
    z.object({
      id: runId,
      path: z.string().min(1).max(4096),
      side: commentSide,
      line: z.number().int().min(1).max(10_000_000).nullable(),
      text: z.string().trim().min(1).max(commentLimit),
    }),
    returns<{ comment: string }>(),
    fails<
      | { kind: 'run-missing' }
      | { kind: 'not-in-review' }
      | { kind: 'line-missing' }
      | { kind: 'too-many'; most: number }
    >(),
  ),
  /** Changes the text of a draft. What was sent stays as it was sent, and what others wrote as they wrote it. */
  edit: call(
    z.object({ id: runId, comment: commentId, text: z.string().trim().min(1).max(commentLimit) }),
    returns<void>(),
    fails<Missing | { kind: 'already-sent' } | { kind: 'not-yours' }>(),
  ),
  /** One of the pull request is only left out here: it stays there, and does not come in again. */
  remove: call(z.object({ id: runId, comment: commentId }), returns<void>(), fails<Missing>()),
  /** The person's word on a comment that was sent; null takes it back. */
  settle: call(
    z.object({ id: runId, comment: commentId, standing: z.enum(['open', 'addressed']).nullable() }),
    returns<void>(),
    fails<Missing | { kind: 'not-sent' }>(),
  ),
  /** The one message that all drafts make, as it would be sent; empty without drafts. `others`: how many of them others wrote. */
  message: call(
    z.object({ id: runId }),
    returns<{ text: string; drafts: number; others: number }>(),
    fails<{ kind: 'run-missing' }>(),
  ),
  /**
   * Sends all drafts as one message into the run's terminal, the way its agent takes one; an agent that has exited is resumed
   * for it. When it fails, every draft is still one.
   */
  send: call(
    z.object({ id: runId }),
    returns<{ sent: number; resumed: boolean }>(),
    fails<
      | { kind: 'run-missing' }
      | { kind: 'nothing-to-send' }
      | { kind: 'too-long'; characters: number; most: number }
      /** It waits for an answer, and a message would be taken for that. */
      | { kind: 'asks' }
      | { kind: 'not-running'; reason: string }
    >(),
  ),
};
