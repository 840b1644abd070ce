import { z } from 'zod';

import { projectId, runId, specSlug, type RunId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';
import type { ConflictHunk } from './radar.ts';
import type { ReviewContent } from './review.ts';

/** One run of the spec, as it is now, with what is not committed. */
export interface Variant {
  runId: RunId;
  /** Names what was looked at, for `take`; null: there is nothing to compare, and `obstacle` says why. */
  tree: string | null;
  obstacle: string | null;
  hasUncommitted: boolean;
  /** Why some of its worktree is not in `tree`, in a sentence; null when all is. */
  leftOut: string | null;
  /** What it changed since it began. Lines that Git counts. */
  files: number;
  insertions: number;
  deletions: number;
  /** The first line of its last commit; null: it has none of its own. */
  subject: string | null;
  /** How long its agent was at work until `at`, in milliseconds, as far as somebody saw the end of it. */
  worked: number;
  at: number;
  /** When it last came to rest after work, milliseconds since 1970; null: it is at work, or never was. */
  restedAt: number | null;
}

/** What one variant made of a file. */
export interface VariantChange {
  kind: 'added' | 'modified' | 'deleted' | 'renamed' | 'type-changed' | 'mode-changed';
  /** Where it has the file now; the former place when it deleted it. */
  path: string;
  /** Git's mode such as `100644`; null: it deleted it. */
  mode: string | null;
  /** Null where Git counts no lines. */
  insertions: number | null;
  deletions: number | null;
  /** Variants with the same number made the same of it, byte for byte. */
  outcome: number;
}

/**
 * `same`: all variants made the same of it; `some`: those that touched it did, others left it; `only-one`: one alone touched
 * it; `apart`: different, but Git can merge all of it; `disagree`: different, and at least two cannot be merged.
 */
export type Agreement = 'disagree' | 'apart' | 'only-one' | 'some' | 'same';

export interface VariantFile {
  /** Where the file was when the variants began, or was added: names it in `file` and `take`. */
  path: string;
  agreement: Agreement;
  /** In the order of the variants; null: it left the file as it was, or is not compared. */
  changes: readonly (VariantChange | null)[];
  /** Which variants do not go together, and why, in words; by their place in the list of variants. */
  conflicts: readonly { a: number; b: number; reason: string }[];
  /** Why it cannot be taken by itself, in a sentence; null when it can. */
  obstacle: string | null;
}

export interface VariantsState {
  /** When it was worked out last, milliseconds since 1970; null: not yet. */
  at: number | null;
  /** In the order in which they were spawned. Discarded ones are left out. */
  variants: readonly Variant[];
  discarded: number;
  /** The latest commit that all compared variants began from; null where there is none, or nothing is compared. */
  from: string | null;
  /** Whether all began from that very commit. */
  haveSameStart: boolean;
  /** What disagrees first. */
  files: readonly VariantFile[];
  /** More files than are listed. */
  omittedFiles: number;
  /** A free name for a branch that takes from several. */
  proposedBranch: string;
  /** Why nothing can be compared, as a sentence; null when it can. */
  unavailable: string | null;
}

/** A file in two variants, or in one and as it was before. */
export interface VariantSides {
  content: ReviewContent;
  leftPath: string | null;
  rightPath: string | null;
  /**
   * Where the two really disagree: both changed the same place, each in another way. Null where that cannot be told by
   * lines, or one side is no variant.
   */
  places: readonly ConflictHunk[] | null;
}

const hash = z.string().regex(/^[0-9a-f]{40,64}$/);
const path = z.string().min(1).max(4096);

/** More of them are not compared at once. */
export const mostVariants = 12;

export const variants = {
  /** The runs of one spec beside each other, and again whenever one of them changes. Worked out while somebody listens. */
  onDidChange: feed(z.object({ projectId, slug: specSlug }), returns<VariantsState>()),
  /** Two sides of a file of the comparison; null: as it was before that variant began. */
  file: call(
    z.object({
      projectId,
      slug: specSlug,
      path,
      left: runId.nullable(),
      right: runId.nullable(),
      showHuge: z.boolean(),
    }),
    returns<VariantSides>(),
    fails<{ kind: 'not-compared' } | { kind: 'git-failed'; message: string }>(),
  ),
  /**
   * Takes each of these files from one variant, or leaves it as it was (`runId` null), into a commit on a new branch, which
   * becomes a run of the spec without an agent. What is taken is what was seen: `from` and the trees of all variants that
   * are taken from have to be the present ones. The variants themselves are not touched. Returns when the run is recorded;
   * its stages come through the feed of the runs.
   */
  take: call(
    z.object({
      projectId,
      slug: specSlug,
      from: hash,
      seen: z
        .array(z.object({ runId, tree: hash }))
        .min(1)
        .max(mostVariants),
      picks: z
        .array(z.object({ path, runId: runId.nullable() }))
        .min(1)
        .max(20_000),
      branch: z.string().min(1).max(200),
    }),
    returns<{ runId: RunId }>(),
    fails<
      | { kind: 'run-missing'; runs: readonly RunId[] }
      /** They are not as they were seen; empty: it is where they began that is another. */
      | { kind: 'moved'; runs: readonly RunId[] }
      /** What was chosen cannot be in one tree. */
      | { kind: 'clash'; paths: readonly string[]; reason: string }
      | { kind: 'nothing-taken' }
      | { kind: 'bad-branch'; reason: string }
      | { kind: 'branch-exists'; branch: string }
      | { kind: 'not-trusted' }
      | { kind: 'disk-full'; message: string }
      | { kind: 'git-failed'; message: string }
      | { kind: 'refused'; reason: string }
    >(),
  ),
};
