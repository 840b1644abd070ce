import { z } from 'zod';

import { runId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

/** How a file's content can be shown. */
export type ReviewContentKind = 'text' | 'binary' | 'image' | 'submodule' | 'symlink' | 'huge';

export interface ReviewFile {
  /** Relative to the worktree's top, with `/`. */
  path: string;
  /** Where a renamed or copied file was. */
  oldPath: string | null;
  change: 'added' | 'modified' | 'deleted' | 'renamed' | 'copied' | 'type-changed' | 'mode-changed';
  content: ReviewContentKind;
  /** Lines; 0 where lines mean nothing. */
  insertions: number;
  deletions: number;
  /** Octal file modes such as `100644`; null on the side where there is no file. */
  oldMode: string | null;
  newMode: string | null;
  /** Whether some of the change is not committed yet. */
  uncommitted: boolean;
  /** Names the two sides as they are; a viewed mark holds for it alone. */
  version: string;
  viewed: boolean;
}

export interface Review {
  base: string;
  branch: string;
  mergeBase: string;
  head: string;
  commits: readonly { hash: string; subject: string; author: string; at: number }[];
  files: readonly ReviewFile[];
  /** Set when there are more files than are listed. */
  omittedFiles: number;
}

/** Both sides of a file. A side is null where the file is not there. */
export type ReviewContent =
  | { kind: 'text'; original: string | null; modified: string | null; language: string }
  | {
      kind: 'image';
      originalDataUrl: string | null;
      modifiedDataUrl: string | null;
      originalBytes: number;
      modifiedBytes: number;
    }
  | { kind: 'binary'; originalBytes: number | null; modifiedBytes: number | null }
  | { kind: 'submodule'; originalCommit: string | null; modifiedCommit: string | null }
  | { kind: 'symlink'; originalTarget: string | null; modifiedTarget: string | null }
  /** Over `reviewLimitBytes` on a side: not loaded unless asked for. */
  | { kind: 'huge'; originalBytes: number | null; modifiedBytes: number | null };

/** A side larger than this is not shown unless asked for: Monaco's diff of larger files takes seconds. */
export const reviewLimitBytes = 1_000_000;

export type ReviewState =
  | { kind: 'review'; review: Review }
  | {
      kind: 'nothing-there';
      reason: 'branch-missing' | 'base-missing' | 'unrelated-histories' | 'not-started' | 'run-missing';
    };

export const review = {
  /** What a run changed since it left its base: committed and not. Pushed again when the worktree or a ref moves. */
  onDidChange: feed(z.object({ id: runId }), returns<ReviewState>()),
  content: call(
    z.object({ id: runId, path: z.string().min(1).max(4096), showHuge: z.boolean() }),
    returns<ReviewContent>(),
    fails<{ kind: 'not-in-review' }>(),
  ),
  setViewed: call(
    z.object({ id: runId, path: z.string().min(1).max(4096), version: z.string(), viewed: z.boolean() }),
    returns<void>(),
    fails<{ kind: 'run-missing' }>(),
  ),
};
