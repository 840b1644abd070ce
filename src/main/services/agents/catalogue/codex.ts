import { noHooks, type AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

export const codex: AgentDefinition = {
  id: agentId.parse('codex'),
  label: 'Codex',
  description: 'OpenAI’s coding agent. It runs its commands in a sandbox.',
  source: 'built-in',
  isForDemos: false,
  command: 'codex',
  args: [],
  modes: [
    {
      id: 'plan',
      description: 'Its sandbox lets it read, and it never asks for more.',
      args: ['--sandbox', 'read-only', '--ask-for-approval', 'never'],
    },
    {
      id: 'ask',
      description: 'Its sandbox lets it read. It asks before it edits a file or needs more.',
      args: ['--sandbox', 'read-only', '--ask-for-approval', 'on-request'],
    },
    {
      id: 'edits',
      description: 'Its sandbox lets it write in its worktree. It asks before it leaves it, to commit for instance.',
      args: ['--sandbox', 'workspace-write', '--ask-for-approval', 'on-request'],
    },
    {
      id: 'auto',
      description: 'Its sandbox lets it write in its worktree, and it never asks for more. It cannot commit then.',
      args: ['--sandbox', 'workspace-write', '--ask-for-approval', 'never'],
    },
    {
      id: 'skip',
      description: 'No sandbox: it runs any command, with your rights.',
      args: ['--dangerously-bypass-approvals-and-sandbox'],
    },
  ],
  prompt: { via: 'arg', endOfOptions: '--' },
  readyPattern: /\? for shortcuts|context left|^\s*›(?!\s*\d+\.)/m,
  message: 'paste',
  // Without an id it looks only at sessions of the folder that it is started in, which for a run is its own worktree.
  session: { kind: 'reported', resume: ['resume', '{session}'], last: ['resume', '--last'] },
  rules: [{ path: 'AGENTS.md' }],
  env: {},
  // It may print a line of warning first.
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g @openai/codex',
  // Its hooks would need a flag that lets the repository's own untrusted hooks run too. Its titles tell its state; a
  // program that it starts after each turn tells session and last words.
  hooks: ({ argv }) =>
    argv === null ? noHooks : { args: ['-c', `notify=${JSON.stringify([...argv, 'notify'])}`], env: {}, files: [] },
  status: {
    titles: [
      { pattern: /\[ ! \]|Action Required/u, means: 'waiting' },
      { pattern: /^[\u2800-\u28ff]/u, means: 'working' },
    ],
    otherTitles: 'idle',
    notifications: [{ pattern: /approval|requested|permission/i, means: 'waiting' }],
    reports: [],
  },
};
