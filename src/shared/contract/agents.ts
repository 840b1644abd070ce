import { z } from 'zod';

import { agentId, projectId, type AgentId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

export type AgentAvailability =
  | { kind: 'checking' }
  | { kind: 'available'; path: string; version: string | null }
  | { kind: 'missing'; command: string; install: string };

/** How much an agent may do before it asks, from least to most. `skip` asks about nothing at all. */
export const permissionMode = z.enum(['plan', 'ask', 'edits', 'auto', 'skip']);
export type PermissionMode = z.output<typeof permissionMode>;

export interface AgentMode {
  id: PermissionMode;
  /** What this mode lets this agent do, in a sentence. */
  description: string;
}

/** A CLI that can be spawned, as the page needs it. The full declaration stays in the host's catalogue. */
export interface Agent {
  id: AgentId;
  label: string;
  description: string;
  /** `config`: declared in the project's `.switchyard/config.yaml`. */
  source: 'built-in' | 'config';
  /** Not a coding agent of anyone's choice but ours for demos and tests. Said wherever it is offered. */
  isForDemos: boolean;
  /** A bare shell: it is given no prompt, the person types. */
  takesPrompt: boolean;
  /** In rising order of freedom; empty for an agent that has no such choice. */
  modes: readonly AgentMode[];
  /** The one that its next start has: the person's choice for this project, else the safe one; null when there are none. */
  mode: PermissionMode | null;
  availability: AgentAvailability;
}

export const agents = {
  onDidChange: feed(projectId, returns<readonly Agent[]>()),
  /** Looks for every CLI again: the person has just installed one. */
  refresh: call(z.object({ projectId }), returns<void>(), fails<never>()),
  /** The person's choice, for this project and every start from now on. Kept in the app's settings, never in the repository. */
  chooseMode: call(
    z.object({ projectId, agentId, mode: permissionMode }),
    returns<void>(),
    fails<{ kind: 'no-such-mode' }>(),
  ),
};
