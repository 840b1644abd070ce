import type { Program } from '#main/base/programs.ts';
import { type AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

/** Our own agent that needs no model. */
export const scribe = (program: Program): AgentDefinition => ({
  id: agentId.parse('scribe'),
  label: 'Scribe',
  description:
    'For demos and offline trials. No model: it writes the files that the spec quotes, runs the checks and commits.',
  source: 'built-in',
  isForDemos: true,
  command: program.execPath,
  args: program.args,
  modes: [],
  prompt: { via: 'file' },
  // The text of a screen has no spaces at the ends of its lines.
  readyPattern: /^›(?: |$)/m,
  message: 'paste',
  session: { kind: 'last', resume: ['--resume', '{promptFile}'] },
  rules: [],
  env: program.env,
  version: null,
  install: 'It comes with Switchyard; build it with `npm run build`.',
  hooks: null,
  status: {
    titles: [
      { pattern: /^[◐◓◑◒]/u, means: 'working' },
      { pattern: /^✋/u, means: 'waiting' },
      { pattern: /^✳/u, means: 'idle' },
    ],
    otherTitles: null,
    notifications: [],
    reports: [],
  },
});
