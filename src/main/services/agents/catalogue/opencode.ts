import { noStatusRules, type AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

export const opencode: AgentDefinition = {
  id: agentId.parse('opencode'),
  label: 'opencode',
  description: 'The open-source coding agent. Unless your settings say otherwise, it edits and runs commands unasked.',
  source: 'built-in',
  isForDemos: false,
  command: 'opencode',
  args: [],
  prompt: { via: 'flag', flag: '--prompt' },
  readyPattern: /ctrl\+p commands|Ask anything/i,
  message: 'paste',
  // `--continue` takes the last session of any worktree of the repository, and works in that one's folder
  // (https://github.com/anomalyco/opencode/issues/41562).
  session: { kind: 'none' },
  env: {},
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g opencode-ai',
  // Its titles name the session and no state.
  rules: ['AGENTS.md|CLAUDE.md'],
  status: noStatusRules,
};
