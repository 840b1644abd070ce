import type { AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

export const qwen: AgentDefinition = {
  id: agentId.parse('qwen'),
  label: 'Qwen Code',
  description: 'Qwen’s coding agent.',
  source: 'built-in',
  isForDemos: false,
  command: 'qwen',
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
      args: ['--approval-mode', 'auto-edit'],
    },
    { id: 'auto', description: 'It decides itself what is safe to do unasked.', args: ['--approval-mode', 'auto'] },
    { id: 'skip', description: 'It runs any command, with your rights.', args: ['--approval-mode', 'yolo'] },
  ],
  prompt: { via: 'flag', flag: '--prompt-interactive' },
  readyPattern: /Type your message|\? for shortcuts/i,
  message: 'paste',
  session: { kind: 'preset', start: ['--session-id', '{session}'], resume: ['--resume', '{session}'] },
  rules: [{ path: 'QWEN.md' }, { path: 'AGENTS.md' }],
  env: {},
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g @qwen-code/qwen-code',
  // Its stream of events goes to a file that somebody would have to follow; the titles of 0.24 and newer tell its state.
  hooks: null,
  status: {
    titles: [
      { pattern: /^[◐◑◒◓\u2800-\u28ff]/u, means: 'working' },
      // Unlike Claude Code's, this one is a question.
      { pattern: /^✳/u, means: 'waiting', asks: 'permission' },
    ],
    // 0.15 has titles without a sign: they must not end the work.
    otherTitles: 'resting',
    notifications: [],
    reports: [],
  },
};
