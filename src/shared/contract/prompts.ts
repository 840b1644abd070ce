import { z } from 'zod';

import { projectId, specSlug } from '#shared/ids.ts';
import type { ModuleNeeds, ModuleParameter } from '#shared/prompt/module-file.ts';

import { call, fails, feed, returns } from './define.ts';

/** Whose file it is: the project's, for everyone who works on it; or the person's own, for every project. */
export type PromptOrigin = 'project' | 'own';

/** A Markdown file that can be a part of a prompt. */
export interface PromptSource {
  kind: 'invariant' | 'module';
  origin: PromptOrigin;
  /** File name without `.md`. */
  id: string;
  title: string;
  description: string;
  /** From the project's top; of an own module the whole path. */
  path: string;
  /** First 12 hex digits of the SHA-256 of its text. */
  version: string;
  /** An estimate, as everywhere. */
  tokens: number;
  parameters: readonly ModuleParameter[];
  needs: ModuleNeeds;
  /** Which prompts get it without a spec that names it. */
  use: {
    /** Every prompt: because the project's config says so, or the module itself. */
    always: 'config' | 'module' | null;
    agents: readonly string[];
  };
  /** An own module that a module of the project with the same name stands before. */
  isHidden: boolean;
  /** What is wrong with it, in sentences with their lines. */
  problems: readonly string[];
}

export interface PromptPart {
  kind: 'invariant' | 'rules' | 'module' | 'spec' | 'work' | 'task';
  id: string;
  title: string;
  origin: PromptOrigin;
  version: string;
  /** An estimate, made with the tokeniser of OpenAI's o200k models; other models count a little differently. */
  tokens: number;
  /** Where in the prompt's text this part stands, in characters. */
  from: number;
  to: number;
  /** The values of a module's parameters, as they went in. */
  values: Readonly<Record<string, string>>;
  /** What is missing or unclear in this part; also among the prompt's problems. */
  problems: readonly string[];
}

/** A rules file that the repository has for agents: AGENTS.md, CLAUDE.md and the like. */
export interface RulesFile {
  path: string;
  version: string;
  tokens: number;
  /**
   * `read`: the agent reads it itself, so it is not repeated. `included`: it does not, and the project says that it goes
   * in. `left-out`: it does not, and nobody said so. `undecided`: no agent is chosen yet.
   */
  state: 'read' | 'included' | 'left-out' | 'undecided';
  /** Whether the project says that it goes in for an agent that does not read it. */
  isWanted: boolean;
}

/**
 * The exact text that an agent is sent, and what it is made of: invariants, then rules, then modules, then the spec, then
 * what another agent has done of it, if one has, then the task.
 */
export interface Prompt {
  text: string;
  tokens: number;
  parts: readonly PromptPart[];
  /** What the agent reads beside it, or would not. */
  rules: readonly RulesFile[];
  /** What is missing or unclear: a module that is not there, a variable that nothing fills. */
  problems: readonly string[];
  /** First 12 hex digits of the SHA-256 of the text. */
  version: string;
}

/** A module that comes with Switchyard, to be taken into a project or among one's own. */
export interface LibraryModule {
  id: string;
  title: string;
  description: string;
  tokens: number;
  text: string;
}

export interface PromptFile {
  text: string;
  /** Hash of the text as it is on disk: what a save must name to overwrite it. */
  version: string;
}

export const promptFileId = z.string().regex(/^(?!readme$)[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/i);

/** Names a file: an invariant or a module of the project, or a module of the person's own. */
export const promptPlace = z
  .object({ kind: z.enum(['invariant', 'module']), origin: z.enum(['project', 'own']), id: promptFileId })
  .refine(({ kind, origin }) => kind === 'module' || origin === 'project', 'an invariant is the project’s');
export type PromptPlace = z.output<typeof promptPlace>;

const promptText = z.string().max(500_000);

type Missing = { kind: 'prompt-missing' };
type CouldNotWrite = { kind: 'could-not-write'; path: string; message: string };

export const prompts = {
  onDidChange: feed(projectId, returns<readonly PromptSource[]>()),
  /**
   * What an agent would be sent for this text of the spec, saved or not. Variables: {{branch}}, {{base}}, {{slug}},
   * {{agent}}, {{title}}, and in a module its parameters.
   */
  compose: call(
    z.object({
      projectId,
      slug: specSlug,
      text: z.string().max(2_000_000),
      agentId: z.string().nullable(),
      branch: z.string().nullable(),
      base: z.string().nullable(),
    }),
    returns<Prompt>(),
    fails<never>(),
  ),
  /** The modules that come with Switchyard. */
  library: call(z.object({}), returns<readonly LibraryModule[]>(), fails<never>()),
  read: call(z.object({ projectId, place: promptPlace }), returns<PromptFile>(), fails<Missing>()),
  /**
   * Writes the text if the file is still at `version`; otherwise nothing is written and what is on disk comes back.
   * `version: null` means: there is no such file, write it anew.
   */
  save: call(
    z.object({ projectId, place: promptPlace, text: promptText, version: z.string().nullable() }),
    returns<{ version: string }>(),
    fails<{ kind: 'changed-on-disk'; text: string | null; version: string | null } | CouldNotWrite>(),
  ),
  /** Gives the file another name. Specs and modules that name it keep the former one, and say so. */
  rename: call(
    z.object({ projectId, place: promptPlace, id: promptFileId }),
    returns<void>(),
    fails<Missing | { kind: 'name-taken'; id: string } | CouldNotWrite>(),
  ),
  /** Removes the file. What it said comes back, so that the person can take it back (`save` with `version: null`). */
  remove: call(
    z.object({ projectId, place: promptPlace }),
    returns<{ text: string }>(),
    fails<Missing | CouldNotWrite>(),
  ),
  /** Says in the project's config whether a rules file goes in for agents that do not read it themselves. */
  includeRules: call(
    z.object({ projectId, path: z.string().min(1).max(500), include: z.boolean() }),
    returns<void>(),
    fails<CouldNotWrite>(),
  ),
};
