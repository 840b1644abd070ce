import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { openCodePlugin } from '#main/services/agents/plugins/opencode-plugin.ts';
import { agentId } from '#shared/ids.ts';

export const opencode: AgentDefinition = {
  id: agentId.parse('opencode'),
  label: 'opencode',
  description: 'The open-source coding agent.',
  source: 'built-in',
  isForDemos: false,
  command: 'opencode',
  args: [],
  modes: [
    {
      id: 'plan',
      description: 'It reads and plans, and changes nothing.',
      args: ['--agent', 'plan'],
    },
    {
      id: 'ask',
      description: 'It asks before it edits a file or runs a command.',
      args: [],
      env: { OPENCODE_PERMISSION: '{"edit":"ask","bash":"ask"}' },
    },
    {
      id: 'edits',
      description: 'It edits files unasked, and asks before commands.',
      args: [],
      env: { OPENCODE_PERMISSION: '{"edit":"allow","bash":"ask"}' },
    },
    {
      id: 'auto',
      description: 'As your opencode settings say; without any, it edits and runs commands unasked.',
      args: [],
    },
    {
      id: 'skip',
      description: 'It asks about nothing that is not forbidden, and runs any command with your rights.',
      args: ['--auto'],
    },
  ],
  prompt: { via: 'flag', flag: '--prompt' },
  readyPattern: /ctrl\+p commands|Ask anything/i,
  message: 'paste',
  // `--continue` takes the last session of any worktree of the repository, and works in that one's folder
  // (https://github.com/anomalyco/opencode/issues/41562).
  session: { kind: 'reported', resume: ['--session', '{session}'], last: null },
  rules: [{ path: 'AGENTS.md' }, { path: 'CLAUDE.md', unless: 'AGENTS.md' }],
  env: {},
  jsonVariables: { config: 'OPENCODE_CONFIG_CONTENT', permission: 'OPENCODE_PERMISSION' },
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g opencode-ai',
  // Merged with the person's own configuration for this start.
  hooks: ({ folder }) => ({
    args: [],
    env: { OPENCODE_CONFIG_CONTENT: JSON.stringify({ plugin: [pathToFileURL(join(folder, 'run-status.js')).href] }) },
    files: [{ name: 'run-status.js', text: openCodePlugin }],
  }),
  status: {
    // Its titles name the session and no state.
    titles: [],
    otherTitles: null,
    notifications: [],
    reports: [
      { event: 'session.status', type: /busy|retry/, means: 'working' },
      { event: 'session.status', type: /idle/, means: 'idle' },
      { event: 'permission.asked', means: 'waiting' },
      { event: 'question.asked', means: 'waiting' },
      { event: 'permission.replied', means: 'working' },
      { event: 'question.replied', means: 'working' },
      { event: 'question.rejected', means: 'working' },
      { event: 'session.idle', means: 'idle' },
      { event: 'session.error', means: 'error' },
      { event: 'tool', means: 'working' },
    ],
  },
};
