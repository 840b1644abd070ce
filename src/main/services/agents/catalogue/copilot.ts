import type { AgentDefinition } from '#main/services/agents/agent-definition.ts';
import { agentId } from '#shared/ids.ts';

const events = [
  'sessionStart',
  'userPromptSubmitted',
  'preToolUse',
  'postToolUse',
  'notification',
  'agentStop',
  'errorOccurred',
];

export const copilot: AgentDefinition = {
  id: agentId.parse('copilot'),
  label: 'GitHub Copilot CLI',
  description: 'GitHub’s coding agent.',
  source: 'built-in',
  isForDemos: false,
  command: 'copilot',
  args: [],
  modes: [
    { id: 'ask', description: 'It asks before it edits a file or runs a command.', args: [] },
    { id: 'edits', description: 'It edits files unasked, and asks before commands.', args: ['--allow-tool', 'write'] },
    {
      id: 'auto',
      description: 'It uses every tool unasked, and asks before it leaves its worktree.',
      args: ['--allow-all-tools'],
    },
    { id: 'skip', description: 'It runs any command, anywhere, with your rights.', args: ['--allow-all'] },
  ],
  prompt: { via: 'flag', flag: '-i' },
  readyPattern: /\? for shortcuts|Enter @ to mention|\/ for commands/i,
  message: 'paste',
  session: { kind: 'preset', start: ['--session-id', '{session}'], resume: ['--resume={session}'] },
  rules: [
    { path: 'AGENTS.md' },
    { path: 'CLAUDE.md' },
    { path: 'GEMINI.md' },
    { path: '.github/copilot-instructions.md' },
  ],
  env: {},
  version: { args: ['--version'], pattern: /(\d+\.\d+\.\d+)/ },
  install: 'npm install -g @github/copilot',
  hooks: ({ command, folder }) =>
    command === null
      ? { args: [], env: {}, files: [] }
      : {
          args: ['--plugin-dir', folder],
          env: {},
          files: [
            {
              name: 'plugin.json',
              text: JSON.stringify({ name: 'run-status', version: '1.0.0', hooks: 'hooks.json' }),
            },
            {
              name: 'hooks.json',
              text: JSON.stringify({
                version: 1,
                hooks: Object.fromEntries(
                  // Its events do not say in themselves what they are.
                  events.map((event) => [event, [{ type: 'command', bash: `${command} ${event}`, timeoutSec: 5 }]]),
                ),
              }),
            },
          ],
        },
  status: {
    // Its titles are the prompt's words.
    titles: [],
    otherTitles: null,
    notifications: [],
    reports: [
      { event: 'userPromptSubmitted', means: 'working' },
      { event: 'preToolUse', means: 'working' },
      { event: 'postToolUse', means: 'working' },
      // Its `permissionRequest` comes for what needs no answer too.
      { event: 'notification', type: /permission_prompt|elicitation/, means: 'waiting' },
      { event: 'agentStop', means: 'idle' },
      { event: 'errorOccurred', means: 'error' },
    ],
  },
};
