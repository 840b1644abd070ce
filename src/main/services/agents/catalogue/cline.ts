import { noStatusRules, type AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

export const cline: AgentDefinition = {
  id: agentId.parse('cline'),
  label: 'Cline',
  description: 'Cline’s coding agent for the terminal.',
  source: 'built-in',
  isForDemos: false,
  command: 'cline',
  // Without it, it does one task and ends.
  args: ['-i'],
  modes: [
    { id: 'ask', description: 'It asks before it uses a tool.', args: ['--auto-approve', 'false'] },
    { id: 'skip', description: 'It runs any command, with your rights: its own default.', args: [] },
  ],
  prompt: { via: 'arg', endOfOptions: null },
  readyPattern: /\? for help|What can I do for you/i,
  message: 'paste',
  // Its id is told only to hooks in the person's own folder, which we leave alone.
  session: { kind: 'none' },
  rules: [{ path: 'AGENTS.md' }, { path: '.clinerules/' }],
  env: {},
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g cline',
  hooks: null,
  // Its titles are the prompt's words, and it asks on its screen alone.
  status: noStatusRules,
};
