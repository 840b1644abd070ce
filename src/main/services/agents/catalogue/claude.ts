import { type AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

export const claude: AgentDefinition = {
  id: agentId.parse('claude'),
  label: 'Claude Code',
  description: 'Anthropic’s coding agent. It asks before it does what your Claude settings do not allow.',
  source: 'built-in',
  isForDemos: false,
  command: 'claude',
  // Its messages as OSC 9, which carries the words; its own default is none. Merged with the person's settings.
  args: ['--settings', '{"preferredNotifChannel":"iterm2"}'],
  prompt: { via: 'arg', endOfOptions: '--' },
  readyPattern: /\? for shortcuts|^\s*[>❯]/m,
  message: 'paste',
  session: { kind: 'preset', start: ['--session-id', '{session}'], resume: ['--resume', '{session}'] },
  env: {},
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g @anthropic-ai/claude-code',
  rules: ['CLAUDE.md|AGENTS.md'],
  status: {
    titles: [
      // Half circles since 2.1.3xx, braille before.
      { pattern: /^[◐◑◒◓\u2800-\u28ff]/u, means: 'working' },
      { pattern: /^✳/u, means: 'resting' },
    ],
    otherTitles: null,
    notifications: [
      // Sent a minute after it has finished; the words of a question, and none.
      { pattern: /waiting for your input/i, means: 'idle' },
      { pattern: /permission|approval|needs your|needs input/i, means: 'waiting' },
    ],
  },
};
