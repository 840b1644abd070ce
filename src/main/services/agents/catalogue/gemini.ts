import type { AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

export const gemini: AgentDefinition = {
  id: agentId.parse('gemini'),
  label: 'Gemini CLI',
  description: 'Google’s coding agent.',
  source: 'built-in',
  isForDemos: false,
  command: 'gemini',
  args: [],
  modes: [
    { id: 'plan', description: 'It reads and plans, and changes nothing.', args: ['--approval-mode', 'plan'] },
    {
      id: 'ask',
      description: 'It asks before it edits a file or runs a command.',
      args: ['--approval-mode', 'default'],
    },
    {
      id: 'edits',
      description: 'It edits files unasked, and asks before commands.',
      args: ['--approval-mode', 'auto_edit'],
    },
    { id: 'skip', description: 'It runs any command, with your rights.', args: ['--approval-mode', 'yolo'] },
  ],
  prompt: { via: 'flag', flag: '--prompt-interactive' },
  readyPattern: /Type your message|\? for shortcuts/i,
  message: 'paste',
  session: { kind: 'preset', start: ['--session-id', '{session}'], resume: ['--resume', '{session}'] },
  rules: [{ path: 'GEMINI.md' }],
  env: {},
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g @google/gemini-cli',
  // It takes hooks from its settings files alone; its titles tell its state.
  hooks: null,
  status: {
    titles: [
      { pattern: /^✦/u, means: 'working' },
      { pattern: /^✋/u, means: 'waiting' },
      { pattern: /^◇/u, means: 'idle' },
    ],
    otherTitles: null,
    notifications: [],
    reports: [],
  },
};
