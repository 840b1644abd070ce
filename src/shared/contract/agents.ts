import { z } from 'zod';

import { projectId, type AgentId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

export type AgentAvailability =
  | { kind: 'checking' }
  | { kind: 'available'; path: string; version: string | null }
  | { kind: 'missing'; command: string; install: string };

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
  availability: AgentAvailability;
}

export const agents = {
  onDidChange: feed(projectId, returns<readonly Agent[]>()),
  /** Looks for every CLI again: the person has just installed one. */
  refresh: call(z.object({ projectId }), returns<void>(), fails<never>()),
};
