import { type AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

export const gemini: AgentDefinition = {
  id: agentId.parse('gemini'),
  label: 'Gemini CLI',
  description: 'Google’s coding agent. It asks before it edits a file or runs a command.',
  source: 'built-in',
  isForDemos: false,
  command: 'gemini',
  args: [],
  prompt: { via: 'flag', flag: '--prompt-interactive' },
  readyPattern: /Type your message|\? for shortcuts/i,
  message: 'paste',
  session: { kind: 'preset', start: ['--session-id', '{session}'], resume: ['--resume', '{session}'] },
  env: {},
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g @google/gemini-cli',
  rules: ['GEMINI.md'],
  status: {
    titles: [
      { pattern: /^✦/u, means: 'working' },
      { pattern: /^✋/u, means: 'waiting' },
      { pattern: /^◇/u, means: 'idle' },
    ],
    otherTitles: null,
    notifications: [],
  },
};
