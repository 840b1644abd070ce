import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { stdin, stdout } from 'node:process';

/*
 * Plays, for tests, what a real agent CLI shows and reports while it does one task, as recorded from the CLI itself:
 *   node test-scripted-agent.ts NAME [the CLI's own arguments]
 * It finds its prompt, hooks and plugins where that CLI finds them, asks before it writes, writes `done.txt` with a hash
 * of the prompt, commits, and takes messages. The signals of the same agent are the same, in the same order; only the
 * waits between them are short.
 */

const [, , name = '', ...args] = process.argv;
const env = process.env;

interface Play {
  prompt: string | null;
  session: string;
  begin(): Promise<void>;
  works(): Promise<void>;
  uses(tool: string, subject: string): Promise<void>;
  asks(tool: string, subject: string): Promise<void>;
  rests(words: string): Promise<void>;
}

/** What each shows about its input, by which it is known to be there. */
const inputHints: Readonly<Record<string, string>> = {
  claude: '? for shortcuts',
  codex: '? for shortcuts',
  gemini: 'Type your message',
  kilo: 'ctrl+p commands',
  opencode: 'ctrl+p commands',
};

const after = (flag: string): string | undefined => {
  const at = args.indexOf(flag);
  return at === -1 ? undefined : args[at + 1];
};
const title = (text: string): void => void stdout.write(`\x1b]0;${text}\x07`);
const resumed = args.includes('--resume') || args.includes('resume') || args.includes('--session');

function claude(): Play {
  const settings = JSON.parse(after('--settings') ?? '{}') as {
    hooks?: Record<string, { hooks: { command: string }[] }[]>;
  };
  const session = after('--session-id') ?? after('--resume') ?? 'none';
  const hook = (event: string, fields: object): void => {
    const input = JSON.stringify({ session_id: session, cwd: process.cwd(), hook_event_name: event, ...fields });
    for (const { hooks } of settings.hooks?.[event] ?? []) {
      for (const { command } of hooks)
        spawnSync('sh', ['-c', command], { input, stdio: ['pipe', 'inherit', 'inherit'] });
    }
  };
  const input = (subject: string): object => ({ tool_input: { command: subject } });
  return {
    session,
    prompt: args.includes('--') ? (args.at(-1) ?? null) : null,
    begin: async () => {
      hook('SessionStart', { source: resumed ? 'resume' : 'startup' });
      title('✳ Claude Code');
    },
    works: async () => {
      hook('UserPromptSubmit', { prompt: 'p' });
      title('◐ Claude Code');
    },
    uses: async (tool, subject) => {
      hook('PreToolUse', { tool_name: tool, ...input(subject) });
      hook('PostToolUse', { tool_name: tool, ...input(subject), tool_response: {} });
    },
    asks: async (tool, subject) => {
      hook('PreToolUse', { tool_name: tool, ...input(subject) });
      title('✳ Claude Code');
      hook('PermissionRequest', { tool_name: tool, ...input(subject) });
    },
    rests: async (words) => {
      hook('Stop', { stop_hook_active: false, last_assistant_message: words });
      title('✳ Say hello');
    },
  };
}

function codex(): Play {
  const notify = JSON.parse((after('-c') ?? 'notify=[]').replace('notify=', '')) as string[];
  const session = resumed ? (args.at(-1) ?? '') : 'codex-session-1';
  const tell = (fields: object): void => {
    const [program = 'true', ...rest] = notify;
    spawnSync(program, [...rest, JSON.stringify({ type: 'agent-turn-complete', ...fields })], { stdio: 'inherit' });
  };
  return {
    session,
    prompt: args.includes('--') ? (args.at(-1) ?? null) : null,
    begin: async () => title('project'),
    works: async () => {
      title('⠋ project');
      // The hidden session that makes the title ends a moment after the start.
      tell({ 'thread-id': 'hidden', 'input-messages': ['Generate a concise, single-line task title of at most 36'] });
      title('⠙ project');
    },
    uses: async () => title('⠹ project'),
    asks: async () => title('[ ! ] Action Required | project'),
    rests: async (words) => {
      title('project');
      tell({ 'thread-id': session, 'input-messages': ['p'], 'last-assistant-message': words });
    },
  };
}

async function openCode(variable: string, saysActivity: boolean): Promise<Play> {
  const session = after('--session') ?? 'ses_1';
  const config = JSON.parse(env[variable] ?? '{}') as { plugin?: string[] };
  interface Plugin {
    event: (input: { event: object }) => Promise<void>;
  }
  const load = async (path: string): Promise<Plugin> =>
    ((await import(path)) as { RunStatus: () => Promise<Plugin> }).RunStatus();
  const plugins = await Promise.all((config.plugin ?? []).map(load));
  const send = async (type: string, fields: object = {}): Promise<void> => {
    for (const plugin of plugins)
      await plugin.event({ event: { type, properties: { sessionID: session, ...fields } } });
  };
  const activity = (state: string): void => {
    if (saysActivity) stdout.write(`\x1b]777;kilo;activity;1;${state};1200\x07`);
  };
  return {
    session,
    prompt: after('--prompt') ?? null,
    begin: async () => {
      title(saysActivity ? 'Kilo CLI' : 'OpenCode');
      activity('idle');
      if (!resumed) await send('session.created', { info: { id: session } });
    },
    works: async () => {
      await send('session.status', { status: { type: 'busy' } });
      activity('busy');
      // A sub-agent that is done before the work is.
      await send('session.created', { info: { id: 'child', parentID: session }, sessionID: 'child' });
      await send('session.idle', { sessionID: 'child' });
    },
    uses: async (tool, subject) => {
      const state = { status: 'running', input: { command: subject } };
      const part = { type: 'tool', sessionID: session, callID: subject, tool, state };
      await send('message.part.updated', { part });
    },
    asks: async (tool, subject) => {
      await send('permission.asked', { permission: tool, patterns: [subject] });
      activity('waiting');
    },
    rests: async (words) => {
      await send('message.part.updated', { part: { type: 'text', sessionID: session, text: words } });
      const tokens = { input: 100, output: 20, reasoning: 0, cache: { read: 1000, write: 0 } };
      const time = { created: 1, completed: 2 };
      await send('message.updated', { info: { id: `answer ${words}`, role: 'assistant', time, cost: 0.5, tokens } });
      await send('session.status', { status: { type: 'idle' } });
      await send('session.idle');
      activity('done');
    },
  };
}

function gemini(): Play {
  return {
    session: after('--session-id') ?? after('--resume') ?? '',
    prompt: after('--prompt-interactive') ?? null,
    begin: async () => title('◇  Ready (project)'),
    works: async () => title('✦  Working… (project)'),
    uses: async () => title('✦  Working… (project)'),
    asks: async () => title('✋  Action Required (project)'),
    rests: async () => title('◇  Ready (project)'),
  };
}

async function playOf(): Promise<Play> {
  switch (name) {
    case 'claude':
      return claude();
    case 'codex':
      return codex();
    case 'kilo':
      return openCode('KILO_CONFIG_CONTENT', true);
    case 'opencode':
      return openCode('OPENCODE_CONFIG_CONTENT', false);
    default:
      return gemini();
  }
}

if (args.includes('--version')) {
  stdout.write('1.0.0\n');
  process.exit(0);
}
const play = await playOf();
stdin.setRawMode(true);
stdin.setEncoding('utf8');
let typed = '';
let wake = (): void => undefined;
stdin.on('data', (chunk: string) => {
  typed += chunk;
  wake();
});
/** What the person has typed up to Enter. A paste holds line ends of its own. */
async function nextLine(): Promise<string> {
  for (;;) {
    // oxlint-disable-next-line no-control-regex -- the marks of a paste
    const line = /^(?:\x1b\[200~([^]*?)\x1b\[201~)?([^\r]*)\r/.exec(typed);
    if (line) {
      typed = typed.slice(line[0].length);
      return line[1] ?? line[2] ?? '';
    }
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

await play.begin();
stdout.write(`\x1b[?2004h${inputHints[name] ?? ''}${resumed ? ', resumed' : ''}\r\n`);
if (play.prompt !== null) {
  await play.works();
  await play.uses('Read', 'readme.md');
  await play.asks('Bash', 'git commit');
  await nextLine();
  await play.works();
  const prompt = /^Read the file (\S+) and do/.exec(play.prompt)?.[1];
  writeFileSync('done.txt', prompt === undefined ? play.prompt : readFileSync(prompt, 'utf8'));
  spawnSync('git', ['add', 'done.txt']);
  spawnSync('git', ['commit', '-qm', 'Do it']);
  await play.rests('I have done it.');
}
for (;;) {
  const message = await nextLine();
  await play.works();
  stdout.write(`heard ${message} in ${play.session}\r\n`);
  await play.rests(`Heard: ${message}`);
}
