import { type AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

export const codex: AgentDefinition = {
  id: agentId.parse('codex'),
  label: 'Codex',
  description: 'OpenAI’s coding agent. It runs in its own sandbox and asks before it leaves it.',
  source: 'built-in',
  isForDemos: false,
  command: 'codex',
  args: [],
  prompt: { via: 'arg', endOfOptions: null },
  readyPattern: /\? for shortcuts|context left|^\s*›/m,
  message: 'paste',
  // Looks only at sessions of the folder that it is started in, which for a run is its own worktree.
  session: { kind: 'last', resume: ['resume', '--last'] },
  env: {},
  // It may print a line of warning first.
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g @openai/codex',
  rules: ['AGENTS.md'],
  status: {
    titles: [
      { pattern: /\[ ! \]|Action Required/u, means: 'waiting' },
      { pattern: /^[\u2800-\u28ff]/u, means: 'working' },
    ],
    otherTitles: 'idle',
    notifications: [{ pattern: /approval|requested|permission/i, means: 'waiting' }],
  },
};
