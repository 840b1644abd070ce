import { z } from 'zod';

import { projectId, specSlug } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

/** A Markdown file that can be a part of a prompt. */
export interface PromptSource {
  kind: 'invariant' | 'module';
  /** File name without `.md`. */
  id: string;
  title: string;
  path: string;
  /** First 12 hex digits of the SHA-256 of its text. */
  version: string;
  tokens: number;
}

export interface PromptPart {
  kind: 'invariant' | 'module' | 'spec' | 'task';
  id: string;
  title: string;
  version: string;
  /** An estimate, made with the tokeniser of OpenAI's o200k models; other models count a little differently. */
  tokens: number;
  /** Where in the prompt's text this part stands, in characters. */
  from: number;
  to: number;
}

/** The exact text that an agent is sent, and what it is made of: invariants, then modules, then the spec, then the task. */
export interface Prompt {
  text: string;
  tokens: number;
  parts: readonly PromptPart[];
  /** What is missing or unclear: a module that is not there, a variable that nothing fills. */
  problems: readonly string[];
  /** First 12 hex digits of the SHA-256 of the text. */
  version: string;
}

export const prompts = {
  onDidChange: feed(projectId, returns<readonly PromptSource[]>()),
  /** What an agent would be sent for this text of the spec, saved or not. Variables: {{branch}}, {{base}}, {{slug}}, {{agent}}. */
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
};
