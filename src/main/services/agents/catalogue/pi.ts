import { join } from 'node:path';

import type { AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { piExtension } from '#main/services/agents/plugins/pi-extension.ts';
import { agentId } from '#shared/ids.ts';

export const pi: AgentDefinition = {
  id: agentId.parse('pi'),
  label: 'pi',
  description: 'A small coding agent that never asks.',
  source: 'built-in',
  isForDemos: false,
  command: 'pi',
  args: [],
  modes: [{ id: 'skip', description: 'It never asks, and runs any command with your rights.', args: [] }],
  prompt: { via: 'arg', endOfOptions: null },
  readyPattern: /^\s*[>❯](?!\s*\d+\.)|─{20}/m,
  message: 'paste',
  session: { kind: 'reported', resume: ['--session', '{session}'], last: null },
  rules: [{ path: 'AGENTS.md' }, { path: 'CLAUDE.md', unless: 'AGENTS.md' }],
  env: {},
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g @mariozechner/pi-coding-agent',
  hooks: ({ folder }) => ({
    args: ['-e', join(folder, 'run-status.ts')],
    env: {},
    files: [{ name: 'run-status.ts', text: piExtension }],
  }),
  status: {
    titles: [],
    otherTitles: null,
    notifications: [],
    reports: [
      { event: 'agent_start', means: 'working' },
      { event: 'tool_call', means: 'working' },
      { event: 'agent_end', means: 'idle' },
    ],
  },
};
