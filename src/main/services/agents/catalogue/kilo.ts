import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { openCodePlugin } from '#main/services/agents/plugins/opencode-plugin.ts';
import { agentId } from '#shared/ids.ts';

export const kilo: AgentDefinition = {
  id: agentId.parse('kilo'),
  label: 'Kilo Code',
  description: 'Kilo’s coding agent.',
  source: 'built-in',
  isForDemos: false,
  command: 'kilo',
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
      env: { KILO_PERMISSION: '{"edit":"ask","bash":"ask"}' },
    },
    {
      id: 'edits',
      description: 'It edits files unasked, and asks before commands.',
      args: [],
      env: { KILO_PERMISSION: '{"edit":"allow","bash":"ask"}' },
    },
    {
      id: 'auto',
      description: 'As your Kilo settings say; without any, it edits unasked and asks before commands.',
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
  rules: [{ path: 'AGENTS.md' }, { path: '.kilo/rules/' }, { path: '.kilocode/rules/', unless: '.kilo/rules/' }],
  env: {
    // It then tells what it does, in a protocol of its own.
    KILO_TERMINAL_ACTIVITY: '1',
    // A daemon would be shared by the runs, with the environment of the first.
    KILO_NO_DAEMON: '1',
  },
  jsonVariables: { config: 'KILO_CONFIG_CONTENT', permission: 'KILO_PERMISSION' },
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g @kilocode/cli',
  // Merged with the person's own configuration for this start.
  hooks: ({ folder }) => ({
    args: [],
    env: { KILO_CONFIG_CONTENT: JSON.stringify({ plugin: [pathToFileURL(join(folder, 'run-status.js')).href] }) },
    files: [{ name: 'run-status.js', text: openCodePlugin }],
  }),
  status: {
    // Its titles name the session and no state.
    titles: [],
    otherTitles: null,
    notifications: [
      { pattern: /^kilo;activity;\d+;(?:busy|retry)/, means: 'working' },
      { pattern: /^kilo;activity;\d+;waiting/, means: 'waiting' },
      { pattern: /^kilo;activity;\d+;(?:idle|done|error)/, means: 'idle' },
    ],
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
