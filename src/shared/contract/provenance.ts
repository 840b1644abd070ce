import { z } from 'zod';

import { runId, type RunId, type SpecSlug } from '#shared/ids.ts';

import { commentSide } from './comments.ts';
import { call, fails, returns } from './define.ts';
import type { Decision } from './runs.ts';

export interface OriginCommit {
  hash: string;
  subject: string;
  author: string;
  at: number;
}

/** The run that wrote a line, as far as it is still on record. */
export interface OriginRun {
  id: RunId;
  title: string;
  agent: string;
  branch: string;
  decision: Decision;
  /** Whether the prompt that it was sent can be asked for. */
  hasPrompt: boolean;
  /** Whether it was deleted; it can be brought back from its snapshot. */
  isDeleted: boolean;
  /** Whether it is the one whose file is looked at. */
  isThis: boolean;
}

/** Where a line comes from: the commit that wrote it, how that came into the base, and the run, spec and decision behind it. */
export interface LineOrigin {
  path: string;
  line: number;
  text: string;
  /** Null: it is not committed yet. */
  commit: OriginCommit | null;
  /** The commit with which it came into the base: a merge, a squash, or itself. Null: it is not in the base. */
  arrival: (OriginCommit & { base: string }) | null;
  /** What the arrival's message says of it: the spec's slug, the run's id, the agent. */
  trailers: readonly { key: string; value: string }[];
  run: OriginRun | null;
  spec: { slug: SpecSlug; title: string } | null;
}

export const provenance = {
  /** Why a line of a run's file is there. `before`: of the file as the run found it. */
  line: call(
    z.object({
      id: runId,
      path: z.string().min(1).max(4096),
      side: commentSide,
      line: z.number().int().min(1).max(10_000_000),
    }),
    returns<LineOrigin>(),
    fails<{ kind: 'run-missing' } | { kind: 'line-missing' } | { kind: 'git-failed'; message: string }>(),
  ),
};
