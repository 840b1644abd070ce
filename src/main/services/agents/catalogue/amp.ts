import { noStatusRules, type AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

export const amp: AgentDefinition = {
  id: agentId.parse('amp'),
  label: 'Amp',
  description: 'Sourcegraph’s coding agent. It needs an account of its own.',
  source: 'built-in',
  isForDemos: false,
  command: 'amp',
  args: [],
  // Its permissions are set in its own settings.
  modes: [],
  // It takes no prompt as an argument.
  prompt: { via: 'type' },
  readyPattern: /\? for (?:help|shortcuts)|Welcome to Amp/i,
  message: 'paste',
  session: { kind: 'none' },
  rules: [{ path: 'AGENTS.md' }],
  env: {},
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g @sourcegraph/amp',
  hooks: null,
  status: noStatusRules,
};
