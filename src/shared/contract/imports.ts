import { z } from 'zod';

import { projectId, runId, specSlug, type SpecSlug } from '#shared/ids.ts';
import type { SpecSource } from '#shared/spec/spec-source.ts';

import { call, fails, returns } from './define.ts';

/** A spec of another tool that lies in the repository. */
export interface ForeignSpec {
  kind: 'kiro' | 'spec-kit';
  /** Its folder, from the project's top. */
  at: string;
  title: string;
  acceptanceCount: number;
  /** The spec that was made from it; null: none yet. */
  slug: SpecSlug | null;
}

export interface Issue {
  number: number;
  title: string;
  labels: readonly string[];
  updatedAt: string;
  url: string;
  /** The spec that was made from it; null: none yet. */
  slug: SpecSlug | null;
}

/** A spec that would be made. Nothing is written yet. */
export interface SpecDraft {
  slug: SpecSlug;
  title: string;
  /** The whole file. */
  text: string;
  /** What the person should know about it, in sentences. */
  notes: readonly string[];
  /** Another spec has that name already. */
  isTaken: boolean;
}

const specText = z.string().max(2_000_000);

const draftOrigin = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['kiro', 'spec-kit']), at: z.string().min(1).max(300) }),
  z.object({ kind: z.literal('github'), issue: z.number().int().positive().max(9_999_999_999) }),
  z.object({ kind: z.literal('pasted'), text: z.string().max(500_000) }),
]);
export type DraftOrigin = z.output<typeof draftOrigin>;

/** `gh` is GitHub's own command line tool. `failed`: it is there, and this is what it said. */
export type GhFailure = { kind: 'gh-missing' } | { kind: 'gh-failed'; message: string };
type Gone = { kind: 'source-missing'; at: string };

export const imports = {
  /** What other tools have in this repository. */
  find: call(z.object({ projectId }), returns<readonly ForeignSpec[]>(), fails<never>()),
  /** Open issues of the repository on GitHub, the last changed first. */
  issues: call(z.object({ projectId, search: z.string().max(200) }), returns<readonly Issue[]>(), fails<GhFailure>()),
  /** The specs that this would make. */
  draft: call(z.object({ projectId, from: draftOrigin }), returns<readonly SpecDraft[]>(), fails<Gone | GhFailure>()),
  /** What an agent has drafted that was asked to split a spec. */
  splitDrafts: call(
    z.object({ id: runId }),
    returns<readonly SpecDraft[]>(),
    fails<{ kind: 'run-missing' } | { kind: 'no-drafts'; folder: string }>(),
  ),
  /** Writes drafts as new specs. One whose name is taken by now is left out, and said; nothing is overwritten. */
  write: call(
    z.object({
      projectId,
      drafts: z
        .array(z.object({ slug: specSlug, text: specText }))
        .min(1)
        .max(50),
    }),
    returns<{ written: readonly SpecSlug[]; refused: readonly { slug: SpecSlug; reason: string }[] }>(),
    fails<never>(),
  ),
  /**
   * How a spec and its source differ now. Nothing is written: to take over or to keep is to save one of the two texts. The
   * host keeps nothing for it, so that whatever is saved is what the person has seen.
   */
  compare: call(
    z.object({ projectId, slug: specSlug }),
    returns<{
      source: SpecSource;
      /** The spec as it is on disk, and its version. */
      text: string;
      version: string;
      isInStep: boolean;
      /** With what the source says now, and all that the person has added. */
      takenOver: string;
      /** As it is, with word of the source as it is now. */
      kept: string;
    }>(),
    fails<
      | { kind: 'spec-missing'; slug: SpecSlug }
      | { kind: 'no-source' }
      | { kind: 'broken-front-matter' }
      | Gone
      | GhFailure
    >(),
  ),
};
