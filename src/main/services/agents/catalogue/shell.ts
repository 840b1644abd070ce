import { noStatusRules, type AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

/** The person's own shell: a worktree to work in by hand. */
export const shell = (command: string): AgentDefinition => ({
  id: agentId.parse('shell'),
  label: 'Shell',
  description: 'Your own shell in a worktree. It is given no prompt: you work there by hand, or start what you like.',
  source: 'built-in',
  isForDemos: false,
  command,
  args: [],
  modes: [],
  prompt: { via: 'none' },
  readyPattern: null,
  message: 'line',
  session: { kind: 'none' },
  rules: [],
  env: {},
  version: null,
  install: 'Set the variable SHELL to your shell.',
  hooks: null,
  status: noStatusRules,
});
