import { describe, expect, it } from 'vitest';

import type { Report } from '#main/ptyhost/report.ts';
import type { RunStatus } from '#shared/contract/runs.ts';

import { noStatusRules, type AgentDefinition } from './agent-definition.ts';
import { claude } from './catalogue/claude.ts';
import { codex } from './catalogue/codex.ts';
import { gemini } from './catalogue/gemini.ts';
import { kilo } from './catalogue/kilo.ts';
import { opencode } from './catalogue/opencode.ts';
import { droid } from './catalogue/droid.ts';
import { scribe } from './catalogue/scribe.ts';
import { shell } from './catalogue/shell.ts';
import { nextStatus, type StatusEvent } from './status.ts';

const sh = shell('/bin/sh');
const our = scribe({ execPath: 'node', args: [], env: {} });
const unknownCli = { ...opencode, status: noStatusRules };
const begun = 1000;

/** `working/title` as a status since `begun`. */
const status = (short: string, detail: string | null = null): RunStatus => {
  const [kind, source] = short.split('/') as [RunStatus['kind'], RunStatus['source']];
  return { kind, source, since: begun, detail };
};
const after = (
  before: string | RunStatus,
  event: StatusEvent,
  definition: AgentDefinition | undefined,
  now = 50_000,
): string => {
  const current = typeof before === 'string' ? status(before) : before;
  const { kind, source, detail } = nextStatus(current, event, definition, now);
  return `${kind}/${source}${detail === null ? '' : `: ${detail}`}`;
};
const title = (text: string): StatusEvent => ({ kind: 'title', title: text });
const says = (text: string): StatusEvent => ({ kind: 'notification', text });
const quiet = (seconds: number, lastLines = ''): StatusEvent => ({
  kind: 'quiet',
  milliseconds: seconds * 1000,
  lastLines,
});
const gone = (hasAsked: boolean, lastLines = '❯ '): StatusEvent => ({
  kind: 'quiet',
  milliseconds: 5000,
  lastLines,
  hasAsked,
});
const activity: StatusEvent = { kind: 'activity' };
const typed: StatusEvent = { kind: 'typed' };

describe('titles', () => {
  it.each<[AgentDefinition | undefined, string, string, string]>([
    [claude, 'idle/output', '◐ Reading files', 'working/title'],
    [claude, 'idle/output', '⠂ Reading files', 'working/title'],
    // Its `✳` stands for a question as well as for the end.
    [claude, 'working/title', '✳ Reading files', 'working/output'],
    [claude, 'waiting/notification', '✳ Reading files', 'waiting/notification'],
    [claude, 'working/title', 'something else', 'working/title'],
    [codex, 'idle/output', '⠋ Working', 'working/title'],
    [codex, 'working/title', '[ ! ] Action Required | repo', 'waiting/title: Action Required | repo'],
    // It blinks while it waits.
    [codex, 'working/title', '[ . ] Action Required | repo', 'waiting/title: Action Required | repo'],
    [codex, 'working/title', 'repo', 'idle/title'],
    [codex, 'working/process', '', 'working/process'],
    [codex, 'working/title', '', 'idle/title'],
    [gemini, 'idle/title', '✦  Working… (dir)', 'working/title'],
    [gemini, 'working/title', '✋  Action Required (dir)', 'waiting/title: Action Required (dir)'],
    [gemini, 'working/title', '◇  Ready (dir)', 'idle/title'],
    [gemini, 'working/title', 'gemini', 'working/title'],
    [our, 'working/title', '✋ Which colour?', 'waiting/title: Which colour?'],
    [our, 'waiting/title', '◐ Writing src/a.ts', 'working/title'],
    [our, 'working/title', '✳ Done', 'idle/title'],
    [kilo, 'working/output', 'Kilo CLI | a session', 'working/output'],
    [opencode, 'idle/output', 'OC | a session', 'idle/output'],
    [unknownCli, 'idle/output', '⠹ thinking', 'working/title'],
    [unknownCli, 'idle/output', '◓ thinking', 'working/title'],
    [unknownCli, 'working/output', '✋ answer me', 'waiting/title: answer me'],
    [unknownCli, 'working/title', '✳ done', 'idle/title'],
    [unknownCli, 'working/title', 'done', 'idle/title'],
    [unknownCli, 'working/output', 'vim', 'working/output'],
    [undefined, 'working/output', '⠹ thinking', 'working/title'],
  ])('%#: after the title it is what it says', (definition, before, text, expected) => {
    expect(after(before, title(text), definition)).toBe(expected);
  });
});

describe('a program that has just been started', () => {
  it('has not ended its work when it says that it rests', () => {
    const begins = status('working/process');
    expect(nextStatus(begins, title('repo'), codex, begun + 500)).toBe(begins);
    expect(nextStatus(begins, says('kilo;activity;1;idle;0'), kilo, begun + 8000)).toBe(begins);
    expect(after(begins, title('repo'), codex, begun + 25_000)).toBe('idle/title');
    expect(after(begins, title('⠋ repo'), codex, begun + 500)).toBe('working/title');
  });
});

describe('notifications', () => {
  it.each<[AgentDefinition, string, string, string]>([
    [
      claude,
      'working/output',
      'Claude needs your permission to use Bash',
      'waiting/notification: Claude needs your permission to use Bash',
    ],
    [claude, 'working/output', 'Claude is waiting for your input', 'idle/notification'],
    [kilo, 'idle/notification', 'kilo;activity;1;busy;1200', 'working/notification'],
    [kilo, 'working/notification', 'kilo;activity;1;waiting;0', 'waiting/notification'],
    [kilo, 'waiting/notification', 'kilo;activity;1;done;0', 'idle/notification'],
    [unknownCli, 'working/output', 'May I go on?', 'waiting/notification: May I go on?'],
    [unknownCli, 'working/output', 'All done', 'idle/notification: All done'],
    [unknownCli, 'working/output', '', 'idle/notification'],
    [unknownCli, 'idle/output', 'Approval needed', 'waiting/notification: Approval needed'],
    [unknownCli, 'idle/output', '', 'idle/output'],
    [unknownCli, 'waiting/output', '', 'waiting/output'],
    // A bell of a program that it runs.
    [gemini, 'working/title', '', 'working/title'],
    [gemini, 'working/title', 'tests finished', 'working/title'],
  ])('%#: %#', (definition, before, text, expected) => {
    expect(after(before, says(text), definition)).toBe(expected);
  });
});

const report = (event: string, more: Partial<Report> = {}): StatusEvent => ({
  kind: 'report',
  report: { event, type: null, session: null, agent: null, tool: null, subject: null, message: null, ...more },
});

describe('reports of its own hooks', () => {
  it.each<[AgentDefinition, string, StatusEvent, string]>([
    [claude, 'idle/output', report('UserPromptSubmit'), 'working/report'],
    [
      claude,
      'working/report',
      report('PermissionRequest', { tool: 'Bash', subject: 'npm test' }),
      'waiting/report: Asks to use Bash: npm test',
    ],
    [
      claude,
      'working/report',
      report('PermissionRequest', { tool: 'AskUserQuestion', subject: 'Which colour?' }),
      'waiting/report: Which colour?',
    ],
    [claude, 'waiting/report', report('PostToolUse', { tool: 'Bash' }), 'working/report'],
    [claude, 'working/report', report('Stop'), 'idle/report'],
    [
      claude,
      'working/report',
      report('StopFailure', { message: 'overloaded' }),
      'idle/report: It stopped with an error: overloaded',
    ],
    [claude, 'working/report', report('Notification', { type: 'auth_success' }), 'working/report'],
    [claude, 'working/title', report('SessionStart', { type: 'startup' }), 'working/title'],
    // A part of it has ended; it goes on.
    [claude, 'working/report', report('Stop', { agent: 'a1' }), 'working/report'],
    [claude, 'working/report', report('SubagentStop', { agent: 'a1' }), 'working/report'],
    [claude, 'waiting/report', report('PreToolUse', { agent: 'a1', tool: 'Read' }), 'waiting/report'],
    [
      claude,
      'working/report',
      report('PermissionRequest', { agent: 'a1', tool: 'Bash' }),
      'waiting/report: Asks to use Bash',
    ],
    [opencode, 'working/process', report('session.status', { type: 'busy' }), 'working/report'],
    [opencode, 'working/report', report('session.idle', { agent: 'child' }), 'working/report'],
    [opencode, 'working/report', report('session.idle'), 'idle/report'],
    [opencode, 'waiting/report', report('permission.replied'), 'working/report'],
    [opencode, 'waiting/report', report('question.rejected'), 'working/report'],
    [kilo, 'waiting/report', report('question.rejected'), 'working/report'],
    [kilo, 'working/report', report('question.asked', { message: 'Well?' }), 'waiting/report: Well?'],
    [droid, 'working/report', report('Notification', { type: 'idle_prompt' }), 'idle/report'],
  ])('%#: %#', (definition, before, event, expected) => {
    expect(after(before, event, definition)).toBe(expected);
  });

  it('of a sub-agent end its own question, and not that of another', () => {
    const ask = (before: RunStatus, agent: string | null): RunStatus =>
      nextStatus(before, report('PermissionRequest', { agent, tool: 'Bash' }), claude, 2000);
    const goesOn = (before: RunStatus, agent: string | null): string =>
      nextStatus(before, report('PostToolUse', { agent, tool: 'Bash' }), claude, 3000).kind;
    const one = ask(status('working/report'), 'a1');
    expect([goesOn(one, 'a2'), goesOn(one, 'a1'), goesOn(one, null)]).toEqual(['waiting', 'working', 'working']);
    // Where several ask, what one of them does says nothing of the others.
    const two = ask(one, 'a2');
    expect([goesOn(two, 'a1'), goesOn(two, 'a2'), goesOn(two, null)]).toEqual(['waiting', 'waiting', 'working']);
    expect(goesOn(ask(status('working/report'), null), 'a1')).toBe('waiting');
    const child = nextStatus(status('working/report'), report('permission.asked', { agent: 'child' }), kilo, 2000);
    expect(after(child, report('permission.replied', { agent: 'child' }), kilo)).toBe('working/report');
  });

  it('are believed over a title or a screen that lags behind', () => {
    const waits = status('waiting/report', 'Asks to use Bash');
    expect(nextStatus(waits, title('◐ Testing'), claude, begun + 300)).toBe(waits);
    expect(nextStatus(waits, activity, droid, begun + 300)).toBe(waits);
    const rests = status('idle/report');
    expect(nextStatus(rests, title('◐ Testing'), claude, begun + 300)).toBe(rests);
    const works = status('working/report');
    expect(nextStatus(works, title('◐ Testing'), claude, begun + 60_000)).toBe(works);
  });

  it('give way when the person has answered, which is not reported', () => {
    const waits = status('waiting/report', 'Asks to use Bash');
    expect(after(waits, title('◐ Testing'), claude, begun + 3000)).toBe('working/title');
    expect(after(waits, activity, droid, begun + 3000)).toBe('working/output');
    // Its title tells; that its screen moves is the person in its dialog.
    expect(after(waits, activity, claude, begun + 3000)).toBe('waiting/report: Asks to use Bash');
  });

  it('give way when the work was interrupted, which few report', () => {
    expect(after('working/report', title('✳ Testing'), claude)).toBe('working/output');
    expect(after('working/report', quiet(9), droid)).toBe('working/report');
    expect(after('working/report', quiet(10), droid)).toBe('idle/output');
    expect(after('working/report', quiet(60), claude)).toBe('working/report');
    expect(after('working/report', quiet(120), claude)).toContain('unknown/output');
  });

  it('keep the words of the question that came first', () => {
    const waits = status('waiting/report', 'Asks to use Bash: npm test');
    const again = report('Notification', { type: 'permission_prompt', message: 'Claude needs your permission' });
    expect(nextStatus(waits, again, claude, begun + 6000)).toBe(waits);
    expect(nextStatus(waits, says('Claude needs your permission'), claude, begun + 6000)).toBe(waits);
  });
});

describe('a progress bar', () => {
  it('tells of a program that tells in no other way', () => {
    expect(after('idle/output', { kind: 'progress', state: 'indeterminate' }, unknownCli)).toBe('working/notification');
    expect(after('working/notification', { kind: 'progress', state: 'none' }, unknownCli)).toBe('idle/notification');
    expect(after('working/output', { kind: 'progress', state: 'error' }, unknownCli)).toContain(
      'idle/notification: It',
    );
    expect(after('idle/title', { kind: 'progress', state: 'normal' }, gemini)).toBe('idle/title');
    expect(after('idle/report', { kind: 'progress', state: 'normal' }, opencode)).toBe('idle/report');
  });
});

describe('the screen', () => {
  it('says that an agent works which does not say so itself', () => {
    expect(after('idle/output', activity, unknownCli)).toBe('working/output');
    expect(after('waiting/output', activity, unknownCli)).toBe('working/output');
    expect(after('unknown/restored', activity, unknownCli)).toBe('working/output');
    expect(after('idle/notification', activity, unknownCli)).toBe('working/output');
  });

  it('is not asked where the agent says it itself', () => {
    expect(after('idle/title', activity, gemini)).toBe('idle/title');
    expect(after('waiting/title', activity, codex)).toBe('waiting/title');
    expect(after('waiting/notification', activity, kilo)).toBe('waiting/notification');
    expect(after('working/title', quiet(60), codex)).toBe('working/title');
  });

  it('tells by its stillness that the work is over, but not while a large program starts', () => {
    expect(after('working/output', quiet(3.9), unknownCli)).toBe('working/output');
    expect(after('working/output', quiet(4), unknownCli)).toBe('idle/output');
    expect(after('working/process', quiet(19), unknownCli)).toBe('working/process');
    expect(after('working/process', quiet(20), unknownCli)).toBe('idle/output');
    expect(after('working/process', activity, unknownCli, begun + 8000)).toBe('working/process');
    expect(after('working/process', activity, unknownCli, begun + 30_000)).toBe('working/output');
    expect(after('working/process', quiet(4), sh)).toBe('idle/output');
    expect(after('unknown/restored', quiet(4), unknownCli)).toBe('idle/output');
  });

  it('is not believed for ever when it says that it works and nothing moves', () => {
    const before = status('working/title');
    expect(after(before, quiet(119), codex)).toBe('working/title');
    const stale = nextStatus(before, quiet(120), codex, 200_000);
    expect(stale).toMatchObject({ kind: 'unknown', since: 200_000 });
    expect(nextStatus(stale, quiet(125), codex, 205_000)).toBe(stale);
    expect(after(stale, title('⠋ Working'), codex)).toBe('working/title');
  });

  it.each([
    ['Do you want to make this edit to a.ts?\n❯ 1. Yes\n  2. No', '❯ 1. Yes'],
    ['│ Do you trust the files in this folder? │\n│ ● Trust folder │', 'Do you trust the files in this folder?'],
    ['Overwrite? (y/n)', 'Overwrite? (y/n)'],
    ['npm: proceed? [Y/N] ', 'npm: proceed? [Y/N]'],
    ['Approve tool call? ', 'Approve tool call?'],
    ['Press enter to continue', 'Press enter to continue'],
    ['△ Permission required\n  Allow once   Allow always   Reject', 'Allow once Allow always Reject'],
  ])('shows a question that waits: %j', (screen, detail) => {
    for (const before of ['working/output', 'working/process', 'unknown/restored']) {
      expect(after(before, quiet(4, screen), claude)).toBe(`waiting/output: ${detail}`);
    }
  });

  it('is not read for one while hooks, titles or messages of its own say better what it does', () => {
    const dialog = quiet(5, '❯ 1. Yes\n  2. No');
    for (const [definition, before] of [
      [claude, 'working/report'],
      [claude, 'working/title'],
      [kilo, 'working/notification'],
      [droid, 'working/report'],
      [codex, 'idle/title'],
      [droid, 'idle/report'],
    ] as const) {
      const is = status(before);
      expect(nextStatus(is, dialog, definition, 50_000)).toBe(is);
    }
    // What they last said is not believed for ever.
    expect(after('working/report', quiet(10, '❯ 1. Yes\n  2. No'), droid)).toBe('waiting/output: ❯ 1. Yes');
    expect(after('working/title', quiet(120, '❯ 1. Yes\n  2. No'), claude)).toBe('waiting/output: ❯ 1. Yes');
  });

  it('takes what stands above its input for what was said before', () => {
    for (const screen of [
      '❯ 1. Fix the tests\n  2. Commit\n\n● Done.\n\n────\n❯ \n────\n  ? for shortcuts',
      '› 1. Fix the tests\n\n• Done.\n\n› Write tests for @filename\n\n  ? for shortcuts',
      '● Do you want me to go on?\n╭────╮\n│ >  │\n╰────╯',
    ]) {
      expect([screen, after('working/output', quiet(4, screen), claude)]).toEqual([screen, 'idle/output']);
    }
  });

  it('takes no other text for a question', () => {
    for (const screen of ['1. Yes\n2. No', 'Shall I go on?', '> 10 files', 'press enter to send', 'allow list', '']) {
      expect(after('working/output', quiet(4, screen), unknownCli)).toBe('idle/output');
    }
  });

  it('of a shell asks only with its last line', () => {
    expect(after('working/output', quiet(4, 'rm: remove a? (y/n) y\n$ '), sh)).toBe('idle/output');
    expect(after('working/output', quiet(4, '$ rm -i a\nremove a? (y/n) \n\n'), sh)).toBe(
      'waiting/output: remove a? (y/n)',
    );
  });

  it('does not end a wait by staying still', () => {
    // Turned down, it is gone from the screen, and that is all that Claude Code tells of it.
    expect(after('waiting/report', gone(true), claude)).toBe('idle/output');
    expect(after('waiting/report', gone(true, 'Do you want to proceed?\n  1. Yes\n❯ 2. No'), claude)).toBe(
      'waiting/report',
    );
    expect(after('waiting/report', gone(true, '  Red\n❯ 2. Blue'), claude)).toBe('waiting/report');
    // What was never seen on its screen cannot go from there; and a title says itself when it is over.
    expect(after('waiting/report', gone(false), claude)).toBe('waiting/report');
    expect(after('waiting/title', gone(true), codex)).toBe('waiting/title');
    expect(after(status('waiting/notification', 'Well?'), quiet(4000), claude)).toBe('waiting/notification: Well?');
  });
});

describe('the process', () => {
  it.each([
    [0, null, 'Ended normally'],
    [3, null, 'Ended with exit code 3'],
    [127, 0, 'Exit code 127: a command was not found'],
    [130, null, 'Interrupted (exit code 130)'],
    [null, 9, 'Ended by SIGKILL'],
    [0, 15, 'Ended by SIGTERM'],
    [null, 99, 'Ended by signal 99'],
    [null, null, 'Ended'],
  ])('has the last word: code %j, signal %j', (code, signal, words) => {
    for (const before of [
      'working/title',
      'waiting/notification',
      'idle/output',
      'unknown/restored',
      'preparing/stages',
    ]) {
      expect(after(before, { kind: 'exited', code, signal }, claude)).toBe(`exited/process: ${words}`);
    }
  });

  it('has ended for good: no late sign brings it back', () => {
    for (const kind of ['exited/process', 'failed/stages']) {
      const before = status(kind, 'x');
      for (const event of [
        title('◐ x'),
        says('x?'),
        activity,
        quiet(10),
        typed,
        { kind: 'exited', code: 1, signal: null } as const,
      ]) {
        expect(nextStatus(before, event, claude, 1)).toBe(before);
      }
    }
  });

  it('is not there yet while a run is being made', () => {
    for (const kind of ['queued/stages', 'preparing/stages']) {
      const before = status(kind);
      for (const event of [title('◐ x'), says('x?'), activity, quiet(10, '(y/n)'), typed]) {
        expect(nextStatus(before, event, claude, 1)).toBe(before);
      }
    }
  });
});

describe('a message', () => {
  it('sets an agent to work that waited or had finished', () => {
    expect(after('waiting/notification', typed, claude)).toBe('working/output');
    expect(after('idle/title', typed, codex)).toBe('working/output');
    expect(after('working/title', typed, codex)).toBe('working/title');
  });
});

describe('the time', () => {
  it('is when the kind became so, not when another sign confirmed it', () => {
    const working = nextStatus(status('working/process'), title('◐ a'), claude, 5000);
    expect(working).toEqual({ kind: 'working', source: 'title', since: begun, detail: null });
    expect(nextStatus(working, title('◑ b'), claude, 6000)).toBe(working);
    expect(nextStatus(working, says('Need permission?'), claude, 7000)).toMatchObject({ kind: 'waiting', since: 7000 });
  });
});
