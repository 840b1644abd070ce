import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { until } from '#main/base/test-until.ts';
import { childEnvironment } from '#main/ptyhost/child-environment.ts';
import type { TerminalEvent } from '#main/ptyhost/protocol.ts';
import { PtyHost } from '#main/ptyhost/pty-host.ts';
import { ReportListener } from '#main/ptyhost/report-listener.ts';
import { openCodePlugin } from '#main/services/agents/plugins/opencode-plugin.ts';
import { piExtension } from '#main/services/agents/plugins/pi-extension.ts';
import type { TerminalId } from '#shared/ids.ts';

const id = 'test-1' as TerminalId;
const reporter = join(import.meta.dirname, 'main.ts');
const env = childEnvironment({ PATH: process.env['PATH'] }, {}, process.platform);
const empty = { type: null, session: null, agent: null, tool: null, subject: null, message: null };
const stop = JSON.stringify({ hook_event_name: 'Stop', session_id: 's1', last_assistant_message: 'Done.' });

let folder: string;
let address: string;
let host: PtyHost;
let listener: ReportListener;
let events: TerminalEvent[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'));
  address = join(folder, 'rept.sock');
  const grace = { hangupMilliseconds: 100, terminateMilliseconds: 100, killMilliseconds: 1000 };
  host = new PtyHost({
    platform: process.platform,
    stateFolder: folder,
    grace,
    reportAddress: address,
    log: silentLog,
  });
  events = [];
  host.onDidChange((event) => events.push(event));
  listener = new ReportListener({
    address,
    platform: process.platform,
    heard: (token, report) => host.report(token, report),
    log: silentLog,
  });
  await listener.listen();
});

afterEach(async () => {
  await host.remove(id);
  listener.dispose();
  host.dispose();
  rmSync(folder, { recursive: true });
});

/** Runs a script in the terminal, as an agent runs there. */
function runInTerminal(script: string): void {
  host.create({ id, cols: 80, rows: 24, scrollback: 100 });
  const terminal = host.find(id);
  const started = terminal?.start({ command: 'sh', args: ['-c', script], cwd: folder, env }, host.marker(id));
  if (started?.ok !== true) throw new Error('it could not be started');
}

const reported = (): string[] => (host.find(id)?.reports ?? []).map(({ report }) => report.event);
const ended = (): boolean => events.some(({ kind }) => kind === 'exited');

/** Runs the reporter outside of a terminal. */
function runReporter(
  variables: Record<string, string>,
  input: string | null,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [reporter], { env: { ...env, ...variables } });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.stdin.on('error', () => undefined);
    // Null: a hook whose input never ends.
    if (input !== null) child.stdin.end(input);
    child.on('close', (code) => {
      resolve({ code, output });
    });
  });
}

describe('the reporter', () => {
  it('tells the pty host what the agent of its terminal does, which keeps it and tells it on', async () => {
    runInTerminal(`printf '%s' '${stop}' | '${process.execPath}' '${reporter}'; echo "[$?]"; sleep 300`);
    await until(() => reported().length === 1);
    expect(host.find(id)?.reports[0]).toMatchObject({
      number: 1,
      report: { event: 'Stop', session: 's1', message: 'Done.' },
    });
    expect(events.find(({ kind }) => kind === 'report')).toMatchObject({ id, report: { number: 1 } });
    // Nothing of it is seen in the terminal.
    await until(() => host.find(id)?.text(5).includes('[0]') === true);
    expect(host.find(id)?.text(5)).toBe('[0]');
  });

  it('takes the event as an argument too', async () => {
    const turn = JSON.stringify({ type: 'agent-turn-complete', 'thread-id': 't1' });
    runInTerminal(`'${process.execPath}' '${reporter}' notify '${turn}'; sleep 300`);
    await until(() => reported().length === 1);
    expect(reported()).toEqual(['agent-turn-complete']);
  });

  it('says which sessions of Codex are sub-agents, which Codex says in their transcripts alone', async () => {
    const day = join(folder, 'codex', 'sessions', '2026', '11', '26');
    mkdirSync(day, { recursive: true });
    const sessions: readonly [string, unknown][] = [
      ['session-main', 'cli'],
      ['session-child', { subagent: { thread_spawn: { parent_thread_id: 'session-main', depth: 1 } } }],
      ['session-review', { subagent: 'review' }],
    ];
    const script = sessions.map(([session, source]) => {
      const payload = { id: session, base_instructions: 'x'.repeat(100_000), source };
      const lines = [{ type: 'session_meta', payload }, { type: 'event_msg' }].map((line) => JSON.stringify(line));
      writeFileSync(join(day, `rollout-2026-11-26T10-00-00-${session}.jsonl`), `${lines.join('\n')}\n`);
      const turn = JSON.stringify({ type: 'agent-turn-complete', 'thread-id': session });
      return `CODEX_HOME='${join(folder, 'codex')}' '${process.execPath}' '${reporter}' notify '${turn}'; `;
    });
    runInTerminal(`${script.join('')}sleep 300`);
    await until(() => reported().length === 3);
    expect((host.find(id)?.reports ?? []).map(({ report }) => [report.session, report.agent])).toEqual([
      ['session-main', null],
      ['session-child', 'session-child'],
      ['session-review', 'session-review'],
    ]);
  });

  it('says nothing and fails nowhere: outside a terminal of ours, with a strange event, with nobody there', async () => {
    const nobody = { SWITCHYARD_REPORTS: join(folder, 'gone.sock'), SWITCHYARD_REPORT_TOKEN: 'x' };
    const here = { SWITCHYARD_REPORTS: address, SWITCHYARD_REPORT_TOKEN: 'x' };
    const quiet = { code: 0, output: '' };
    expect(await runReporter({}, stop)).toEqual(quiet);
    expect(await runReporter(nobody, stop)).toEqual(quiet);
    expect(await runReporter(here, 'no JSON')).toEqual(quiet);
    expect(await runReporter(here, stop)).toEqual(quiet);
    expect(events).toEqual([]);
  });

  it('gives up when its input never ends, and when nobody reads what it says', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(join(folder, 'silent.sock'), resolve));
    const variables = { SWITCHYARD_REPORTS: join(folder, 'silent.sock'), SWITCHYARD_REPORT_TOKEN: 'x' };
    expect(await runReporter(variables, null)).toEqual({ code: 0, output: '' });
    expect(await runReporter(variables, stop)).toEqual({ code: 0, output: '' });
    silent.close();
  });
});

describe('the socket for reports', () => {
  const say = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(address, () => socket.end(text));
      socket.on('error', () => resolve());
      socket.on('close', () => resolve());
    });

  it('believes nobody without the token of a terminal, and only what a report can be', async () => {
    runInTerminal('printf %s "$SWITCHYARD_REPORT_TOKEN"; sleep 300');
    await until(() => /^\w{48}$/.test(host.find(id)?.text(2).replaceAll('\n', '') ?? ''));
    const token = host.find(id)?.text(2).replaceAll('\n', '') ?? '';
    const report = { event: 'Stop', type: null, session: null, agent: null, tool: null, subject: null, message: null };
    await say(`${JSON.stringify({ token: 'guess', report })}\n`);
    await say(`${JSON.stringify({ token, report: { ...report, message: 'x'.repeat(9000) } })}\n`);
    await say(`${JSON.stringify({ token, report: { event: 'Stop' } })}\n`);
    await say(`${'x'.repeat(100_000)}\n`);
    await say('no JSON\n');
    await say(JSON.stringify({ token, report }));
    expect(reported()).toEqual([]);
    await say(`${JSON.stringify({ token, report })}\n`);
    await until(() => reported().length === 1);
  });

  it('forgets what a former program has told, and does not believe it any more', async () => {
    runInTerminal(
      `printf '%s' '${stop}' | '${process.execPath}' '${reporter}'; printenv SWITCHYARD_REPORT_TOKEN >token`,
    );
    await until(ended);
    expect(reported()).toEqual(['Stop']);
    const again = `printf '%s' '${stop}' | SWITCHYARD_REPORT_TOKEN="$(cat token)" '${process.execPath}' '${reporter}'; exit 7`;
    runInTerminal(again);
    await until(() => events.filter(({ kind }) => kind === 'exited').length === 2);
    expect(reported()).toEqual([]);
  });

  it('keeps a bounded number of them', async () => {
    runInTerminal(`printf %s "$SWITCHYARD_REPORT_TOKEN"; sleep 300`);
    await until(() => /\w{40}/.test(host.find(id)?.text(2) ?? ''));
    const token = host.find(id)?.text(2).replaceAll('\n', '') ?? '';
    const fields = { type: null, session: null, agent: null, tool: null, subject: null, message: null };
    for (let turn = 0; turn < 400; turn++) host.report(token, { event: `e${String(turn)}`, ...fields });
    expect(reported().length).toBeGreaterThan(50);
    expect(reported().length).toBeLessThanOrEqual(200);
  });
});

describe('reports that come faster than they may', () => {
  it('are told later, without what is of no use any more: the last state, a question and an end are not lost', async () => {
    runInTerminal(`printf %s "$SWITCHYARD_REPORT_TOKEN"; sleep 300`);
    await until(() => /\w{40}/.test(host.find(id)?.text(2) ?? ''));
    const token = host.find(id)?.text(2).replaceAll('\n', '') ?? '';
    const tell = (event: string, more: object = {}): boolean => host.report(token, { event, ...empty, ...more });
    for (let turn = 0; turn < 300; turn++) tell('PreToolUse', { subject: String(turn) });
    tell('PermissionRequest', { tool: 'Bash' });
    for (let turn = 0; turn < 100; turn++) tell('PreToolUse', { agent: 'a1', subject: String(turn) });
    for (const answer of ['one', 'two']) tell('usage', { message: answer });
    tell('Stop', { agent: 'a1' });
    const told = () => (host.find(id)?.reports ?? []).map(({ report }) => report);
    await until(() => told().at(-1)?.event === 'Stop');
    const late = told().slice(told().findIndex(({ subject }) => subject === '299'));
    expect(late.map(({ event, agent, subject, message }) => [event, agent, subject, message])).toEqual([
      ['PreToolUse', null, '299', null],
      ['PermissionRequest', null, null, null],
      ['PreToolUse', 'a1', '99', null],
      ['usage', null, null, 'one'],
      ['usage', null, null, 'two'],
      ['Stop', 'a1', null, null],
    ]);
    const heard = events.flatMap((event) => (event.kind === 'report' ? [event.report.number] : []));
    expect(heard).toEqual(told().map((_report, index) => index + 1));
  });

  it('are told before the end of the program that told them', async () => {
    const told = JSON.stringify({ event: 'PreToolUse', ...empty });
    const stopped = JSON.stringify({ event: 'Stop', ...empty });
    writeFileSync(
      join(folder, 'flood.mjs'),
      `import { connect } from 'node:net';
       const { SWITCHYARD_REPORTS: address, SWITCHYARD_REPORT_TOKEN: token } = process.env;
       const say = (report) => new Promise((done) => {
         const socket = connect(address).on('close', done);
         socket.end('{"token":"' + token + '","report":' + report + '}\\n');
       });
       for (let turn = 0; turn < 200; turn++) await say('${told}');
       await say('${stopped}');`,
    );
    runInTerminal(`'${process.execPath}' flood.mjs`);
    await until(ended);
    const kinds = events.filter(({ kind }) => kind === 'report' || kind === 'exited');
    expect(kinds.at(-1)?.kind).toBe('exited');
    expect(kinds.at(-2)).toMatchObject({ report: { report: { event: 'Stop' } } });
  });
});

describe('the plugins that run within an agent', () => {
  const runPlugin = (text: string, script: string): void => {
    writeFileSync(join(folder, 'plugin.mjs'), text);
    writeFileSync(join(folder, 'agent.mjs'), script);
    runInTerminal(`'${process.execPath}' agent.mjs; sleep 300`);
  };

  it('tell what sessions of opencode and Kilo Code do, and which are sub-agents', async () => {
    const sent = [
      { type: 'session.created', properties: { info: { id: 'main' } } },
      { type: 'session.status', properties: { sessionID: 'main', status: { type: 'busy' } } },
      { type: 'session.created', properties: { info: { id: 'child', parentID: 'main' } } },
      { type: 'session.status', properties: { sessionID: 'child', status: { type: 'idle' } } },
      {
        type: 'message.part.updated',
        properties: {
          part: {
            type: 'tool',
            sessionID: 'main',
            callID: 'c',
            tool: 'bash',
            state: { status: 'running', input: { command: 'npm test' } },
          },
        },
      },
      { type: 'permission.asked', properties: { sessionID: 'main', permission: 'bash', patterns: ['npm test'] } },
      { type: 'message.part.updated', properties: { part: { type: 'text', sessionID: 'main', text: 'All\ndone.' } } },
      { type: 'strange' },
      ...[1, 2].map((completed) => ({
        type: 'message.updated',
        properties: {
          sessionID: 'main',
          info: {
            id: 'm1',
            role: 'assistant',
            sessionID: 'main',
            time: { created: 0, completed },
            cost: 0.25,
            tokens: { input: 10, output: 20, reasoning: 5, cache: { read: 3, write: 4 } },
          },
        },
      })),
      { type: 'session.idle', properties: { sessionID: 'main' } },
    ];
    runPlugin(
      openCodePlugin,
      `import { RunStatus } from './plugin.mjs';
       const { event } = await RunStatus();
       for (const each of ${JSON.stringify(sent)}) await event({ event: each });
       console.log(process.env.SWITCHYARD_REPORT_TOKEN ?? 'no token for others');`,
    );
    await until(() => reported().at(-1) === 'session.idle');
    const told = (host.find(id)?.reports ?? []).map(({ report }) => report);
    expect(
      told.map(({ event, type, agent, tool, subject, message }) => [event, type, agent, tool, subject, message]),
    ).toEqual([
      ['session.created', null, null, null, null, null],
      ['session.status', 'busy', null, null, null, null],
      ['session.status', 'idle', 'child', null, null, null],
      ['tool', null, null, 'bash', 'npm test', null],
      ['permission.asked', null, null, 'bash', 'npm test', null],
      [
        'usage',
        null,
        null,
        null,
        null,
        '{"answer":"m1","input":10,"output":25,"cacheRead":3,"cacheWrite":4,"cost":0.25}',
      ],
      ['session.idle', null, null, null, null, 'All done.'],
    ]);
    expect(told.every(({ session }) => session === 'main' || session === 'child')).toBe(true);
    await until(() => host.find(id)?.text(5).includes('no token for others') === true);
  });

  it('tell what pi does', async () => {
    runPlugin(
      piExtension,
      `import watch from './plugin.mjs';
       const hooks = new Map();
       watch({ on: (name, hook) => hooks.set(name, hook) });
       const context = { sessionManager: { getSessionId: () => 's3' } };
       await hooks.get('agent_start')({}, context);
       await hooks.get('tool_call')({ toolName: 'bash', input: { command: 'ls' } }, context);
       const usage = { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, cost: { total: 0 } };
       const content = [{ type: 'text', text: 'Bye' }];
       await hooks.get('agent_end')({ messages: [{ role: 'assistant', timestamp: 7, usage, content }] }, {});`,
    );
    await until(() => reported().at(-1) === 'agent_end');
    expect(
      (host.find(id)?.reports ?? []).map(({ report }) => [report.session, report.subject, report.message]),
    ).toEqual([
      ['s3', null, null],
      ['s3', 'ls', null],
      [null, null, '{"answer":"7","input":1,"output":2,"cacheRead":3,"cacheWrite":4,"cost":null}'],
      [null, null, 'Bye'],
    ]);
  });
});
