import { z } from 'zod';

import { projectId, specSlug, type SpecSlug } from '#shared/ids.ts';
import type { SpecSourceKind } from '#shared/spec/spec-source.ts';

import { call, fails, feed, returns } from './define.ts';

export interface SpecSummary {
  slug: SpecSlug;
  title: string;
  /** Relative to the project's top folder. */
  path: string;
  agents: readonly string[];
  base: string | null;
  branch: string | null;
  footprint: readonly string[];
  /** Ids of the prompt modules that it names. */
  prompts: readonly string[];
  after: readonly string[];
  /** Where it was taken from; null: it was written here. */
  source: {
    kind: SpecSourceKind;
    at: string;
    /** `unknown`: nobody has asked; an issue is only looked at when the person says so. */
    state: 'in-step' | 'changed' | 'gone' | 'unknown';
  } | null;
  acceptanceCount: number;
  /** What the front matter has wrong; 0 means that it can be spawned as it is. */
  problemCount: number;
  modifiedAt: number;
}

/** A file in `specs/` whose name is no slug: shown, so that it is not a riddle why it cannot be spawned. */
export interface StrayFile {
  path: string;
  reason: string;
}

export interface SpecList {
  specs: readonly SpecSummary[];
  strays: readonly StrayFile[];
}

export interface SpecFile {
  slug: SpecSlug;
  text: string;
  /** Hash of the text as it is on disk: what a save must name to overwrite it. */
  version: string;
}

type Missing = { kind: 'spec-missing'; slug: SpecSlug };
type CouldNotWrite = { kind: 'could-not-write'; path: string; message: string };
/** `taken`: another spec has that slug; `reason` says what is wrong with the title otherwise. */
type BadTitle = { kind: 'slug-taken'; slug: SpecSlug } | { kind: 'bad-title'; reason: string };

export const specs = {
  onDidChange: feed(projectId, returns<SpecList>()),
  read: call(z.object({ projectId, slug: specSlug }), returns<SpecFile>(), fails<Missing>()),
  /**
   * Writes the text if the file is still at `version`; otherwise nothing is written and what is on disk comes back.
   * `version: null` means: I know that the file is gone, write it anew.
   */
  save: call(
    z.object({ projectId, slug: specSlug, text: z.string().max(2_000_000), version: z.string().nullable() }),
    returns<{ version: string }>(),
    fails<{ kind: 'changed-on-disk'; text: string | null; version: string | null } | CouldNotWrite>(),
  ),
  /** A new spec from the project's template, or ours. The slug is made from the title. */
  create: call(
    z.object({ projectId, title: z.string().min(1).max(200) }),
    returns<SpecFile>(),
    fails<BadTitle | CouldNotWrite>(),
  ),
  /** Gives the file another slug and the front matter another title. Runs keep the slug that they were made from. */
  rename: call(
    z.object({ projectId, slug: specSlug, title: z.string().min(1).max(200) }),
    returns<SpecFile>(),
    fails<Missing | BadTitle | CouldNotWrite>(),
  ),
  /** Removes the file. What it said comes back, so that the person can take it back (`save` with `version: null`). */
  remove: call(z.object({ projectId, slug: specSlug }), returns<{ text: string }>(), fails<Missing | CouldNotWrite>()),
};
