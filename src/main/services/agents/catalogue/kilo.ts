import { type AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

export const kilo: AgentDefinition = {
  id: agentId.parse('kilo'),
  label: 'Kilo Code',
  description: 'Kilo’s coding agent. It edits files by itself and asks before it runs a command.',
  source: 'built-in',
  isForDemos: false,
  command: 'kilo',
  args: [],
  prompt: { via: 'flag', flag: '--prompt' },
  readyPattern: /ctrl\+p commands|Ask anything/i,
  message: 'paste',
  // `--continue` takes the last session of any worktree of the repository, and works in that one's folder.
  session: { kind: 'none' },
  env: {
    // It then tells what it does, in a protocol of its own.
    KILO_TERMINAL_ACTIVITY: '1',
    // A daemon would be shared by the runs, with the environment of the first.
    KILO_NO_DAEMON: '1',
  },
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g @kilocode/cli',
  rules: ['AGENTS.md', '.kilo/rules/*|.kilocode/rules/*'],
  status: {
    titles: [],
    otherTitles: null,
    notifications: [
      { pattern: /^kilo;activity;\d+;(?:busy|retry)/, means: 'working' },
      { pattern: /^kilo;activity;\d+;waiting/, means: 'waiting' },
      { pattern: /^kilo;activity;\d+;(?:idle|done|error)/, means: 'idle' },
    ],
  },
};
