import type { AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

import { hooksByCommand } from './hooks-by-command.ts';

const events = [
  'SessionStart',
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'PermissionRequest',
  'Notification',
  'SubagentStop',
  'Stop',
  'StopFailure',
];

export const claude: AgentDefinition = {
  id: agentId.parse('claude'),
  label: 'Claude Code',
  description: 'Anthropic’s coding agent.',
  source: 'built-in',
  isForDemos: false,
  command: 'claude',
  args: [],
  modes: [
    { id: 'plan', description: 'It reads and plans, and changes nothing.', args: ['--permission-mode', 'plan'] },
    {
      id: 'ask',
      description: 'It asks before each edit and command that your Claude settings do not allow.',
      args: ['--permission-mode', 'default'],
    },
    {
      id: 'edits',
      description: 'It edits files of its worktree unasked, and asks before commands.',
      args: ['--permission-mode', 'acceptEdits'],
    },
    {
      id: 'auto',
      description: 'A model of Anthropic’s decides what is safe to do unasked.',
      args: ['--permission-mode', 'auto'],
    },
    { id: 'skip', description: 'It runs any command, with your rights.', args: ['--dangerously-skip-permissions'] },
  ],
  prompt: { via: 'arg', endOfOptions: '--' },
  readyPattern: /\? for shortcuts|^\s*[>❯](?!\s*\d+\.)/m,
  message: 'paste',
  session: { kind: 'preset', start: ['--session-id', '{session}'], resume: ['--resume', '{session}'] },
  rules: [{ path: 'CLAUDE.md' }, { path: 'AGENTS.md', unless: 'CLAUDE.md' }],
  env: {},
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g @anthropic-ai/claude-code',
  // Merged with the person's settings for this start. Its messages come as OSC 9 too, which carries the words; its own
  // default is none.
  hooks: (place) => ({
    args: [
      '--settings',
      JSON.stringify({ preferredNotifChannel: 'iterm2', ...(place.command && hooksByCommand(place.command, events)) }),
    ],
    env: {},
    files: [],
  }),
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
    reports: [
      { event: 'UserPromptSubmit', means: 'working' },
      { event: 'PreToolUse', means: 'working' },
      { event: 'PostToolUse', means: 'working' },
      // At once; its notification of the same comes six seconds later.
      { event: 'PermissionRequest', means: 'waiting' },
      { event: 'Notification', type: /permission_prompt|agent_needs_input|elicitation/, means: 'waiting' },
      { event: 'Notification', type: /idle_prompt/, means: 'idle' },
      { event: 'Stop', means: 'idle' },
      { event: 'StopFailure', means: 'error' },
    ],
  },
};
