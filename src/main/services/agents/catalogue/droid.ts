import { join } from 'node:path';

import type { AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

import { hooksByCommand } from './hooks-by-command.ts';

const events = [
  'SessionStart',
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'Notification',
  'SubagentStop',
  'Stop',
];

export const droid: AgentDefinition = {
  id: agentId.parse('droid'),
  label: 'Factory droid',
  description: 'Factory’s coding agent.',
  source: 'built-in',
  isForDemos: false,
  command: 'droid',
  args: [],
  modes: [
    { id: 'ask', description: 'It asks before it edits a file or runs a command.', args: [] },
    { id: 'edits', description: 'It does what is of low risk unasked.', args: ['--auto', 'low'] },
    { id: 'auto', description: 'It does what is of medium risk unasked.', args: ['--auto', 'medium'] },
    { id: 'skip', description: 'It runs commands of high risk unasked, with your rights.', args: ['--auto', 'high'] },
  ],
  prompt: { via: 'arg', endOfOptions: null },
  readyPattern: /\? for help|for shortcuts/i,
  message: 'paste',
  session: { kind: 'reported', resume: ['--resume', '{session}'], last: null },
  rules: [{ path: 'AGENTS.md' }, { path: 'CLAUDE.md' }],
  env: {},
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g droid',
  hooks: ({ command, folder }) =>
    command === null
      ? { args: [], env: {}, files: [] }
      : {
          args: ['--settings', join(folder, 'settings.json')],
          env: {},
          files: [{ name: 'settings.json', text: JSON.stringify(hooksByCommand(command, events)) }],
        },
  status: {
    titles: [],
    otherTitles: null,
    notifications: [],
    reports: [
      { event: 'UserPromptSubmit', means: 'working' },
      { event: 'PreToolUse', means: 'working' },
      { event: 'PostToolUse', means: 'working' },
      { event: 'Notification', type: /permission_prompt/, means: 'waiting' },
      // Also what Esc makes of a turn.
      { event: 'Notification', type: /idle_prompt/, means: 'idle' },
      { event: 'Stop', means: 'idle' },
    ],
  },
};
