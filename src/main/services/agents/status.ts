import { constants } from 'node:os';

import type { Report } from '#main/ptyhost/report.ts';
import type { RunStatus } from '#shared/contract/runs.ts';

import type { AgentDefinition, ReportMeaning, TitleMeaning } from './agent-definition.ts';
import { findQuestion, isRequest, oneLine } from './questions.ts';

/** A sign of what an agent does, as its terminal gives it. */
export type StatusEvent =
  | { kind: 'title'; title: string }
  /** A message of the program's own. Empty: the bell. */
  | { kind: 'notification'; text: string }
  /** What its own hooks told. */
  | { kind: 'report'; report: Report }
  /** How far it is, as OSC 9;4 has it. */
  | { kind: 'progress'; state: 'none' | 'normal' | 'error' | 'indeterminate' | 'paused' }
  /** The text in view has changed. */
  | { kind: 'activity' }
  /** The text in view has not changed for so long. `lastLines` is what it ends with. */
  | {
      kind: 'quiet';
      milliseconds: number;
      lastLines: string;
      /** Whether the screen has shown a question since the agent waits for the person. */
      hasAsked?: boolean;
    }
  | { kind: 'exited'; code: number | null; signal: number | null }
  /** A whole message was typed and sent, by the person or for them. */
  | { kind: 'typed' };

/**
 * While at work, no CLI that was measured kept its screen still for longer than 2.6 s; while waiting or finished, all did
 * nearly always.
 */
const quietMilliseconds = 4000;
/** A large TUI shows nothing, or only its frame, for up to 8 s after its start, and longer on a busy machine. */
const startUpMilliseconds = 20_000;
/** A program whose title has said for so long that it works, while nothing moved, hangs or has been cut off. */
const staleMilliseconds = 120_000;

/** After a report the title and the screen still show for a moment what was before. */
const settleMilliseconds = 2000;
/** An agent whose hooks said that it works, and whose screen is still for so long, was interrupted: few report that. */
const interruptedMilliseconds = 10_000;

type Rules = Pick<AgentDefinition, 'status' | 'prompt'>;

/**
 * What a sign makes of a status. The process has the last word; then what the agent's hooks report; then what the program
 * says in its title and its notifications; then whether its screen moves. `since` stays while the kind does; a status that stays as it is stays
 * the same object.
 */
export function nextStatus(
  current: RunStatus,
  event: StatusEvent,
  definition: Rules | undefined,
  now: number,
): RunStatus {
  const become: Become = (kind, source, detail = null, asks, asker) => {
    const isSame =
      current.kind === kind && current.source === source && current.detail === detail && current.asker === asker;
    if (isSame) return current;
    const since = current.kind === kind ? current.since : now;
    return { kind, source, detail, since, ...(asks && { asks }), ...(asker !== undefined && { asker }) };
  };
  if (current.kind === 'exited' || current.kind === 'failed') return current;
  if (event.kind === 'exited') return become('exited', 'process', exitInWords(event));
  // While it is being made, other programs than the agent run in its terminal.
  if (current.kind === 'queued' || current.kind === 'preparing') return current;

  switch (event.kind) {
    case 'title':
      if (isSettling(current, now)) return current;
      return afterTitle(current, event.title, definition, now, become);
    case 'notification':
      return afterNotification(current, event.text, definition, now, become);
    case 'report':
      return afterReport(current, event.report, definition, become);
    case 'progress':
      return afterProgress(current, event.state, definition, become);
    case 'activity':
      return afterActivity(current, definition, now, become);
    case 'quiet':
      return afterQuiet(current, event, definition, become);
    case 'typed':
      return current.kind === 'working' ? current : become('working', 'output');
  }
}

type Become = (
  kind: RunStatus['kind'],
  source: RunStatus['source'],
  detail?: string | null,
  asks?: RunStatus['asks'],
  asker?: string,
) => RunStatus;

/** Whether it has just been started: it says that it rests before it begins with the prompt that it was started with. */
const isBeginning = ({ source, since }: RunStatus, definition: Rules | undefined, now: number): boolean =>
  source === 'process' && takesPrompt(definition) && now - since < startUpMilliseconds;

/** Whether a report has just told that the agent rests. */
const isSettling = ({ kind, source, since }: RunStatus, now: number): boolean =>
  source === 'report' && kind !== 'working' && now - since < settleMilliseconds;

/** What a report says of the agent's state; null: nothing. */
export function meaningOfReport(report: Report, definition: Rules | undefined): ReportMeaning | null {
  const rule = definition?.status.reports.find(
    ({ event, type }) => event === report.event && (type === undefined || type.test(report.type ?? '')),
  );
  return rule?.means ?? null;
}

function afterReport(current: RunStatus, report: Report, definition: Rules | undefined, become: Become): RunStatus {
  const means = meaningOfReport(report, definition);
  const isOfSubAgent = report.agent !== null;
  switch (means) {
    case null:
      return current;
    case 'working':
      // While one asks, others go on.
      return isOfSubAgent && current.kind === 'waiting' && current.asker !== report.agent
        ? current
        : become('working', 'report');
    case 'waiting': {
      const wasTold = current.kind === 'waiting' && current.source === 'report';
      // The same is told a second time, in fewer words.
      if (wasTold && current.detail !== null && report.tool === null) return current;
      // Where several ask, the work of none of them says that all were answered.
      const asker = wasTold && current.asker !== report.agent ? undefined : (report.agent ?? undefined);
      return become('waiting', 'report', requestIn(report), askedIn(report), asker);
    }
    case 'idle':
      // One that has been interrupted says both, and the first says why.
      if (current.kind === 'idle' && current.source === 'report') return current;
      return isOfSubAgent ? current : become('idle', 'report');
    case 'error': {
      if (isOfSubAgent) return current;
      return become(
        'idle',
        'report',
        `It stopped with an error${report.message === null ? '.' : `: ${report.message}`}`,
      );
    }
  }
}

/** A tool that is asked for needs permission, unless it is the one by which the agent asks. */
function askedIn({ event, type, tool }: Report): RunStatus['asks'] {
  if (tool !== null) return isAskingTool(tool) ? 'question' : 'permission';
  return /permission|approval/i.test(`${event} ${type ?? ''}`) ? 'permission' : 'question';
}

const isAskingTool = (tool: string): boolean => /ask|question/i.test(tool);

/** What a program's own title or message says of it; nothing where it does not. */
const askedInWords = (text: string): RunStatus['asks'] =>
  /permission|approv(?:e|al)|action required|\b(?:allow|trust)\b/i.test(text) ? 'permission' : undefined;

/** What is asked of the person, for a card. */
function requestIn({ tool, subject, message }: Report): string | null {
  if (tool === null) return message === null ? null : oneLine(message);
  if (isAskingTool(tool) && subject !== null) return oneLine(subject);
  return oneLine(`Asks to use ${tool}${subject === null ? '' : `: ${subject}`}`);
}

function afterProgress(
  current: RunStatus,
  state: Extract<StatusEvent, { kind: 'progress' }>['state'],
  definition: Rules | undefined,
  become: Become,
): RunStatus {
  // Who has better ways to say it uses those; a bar may be that of a program which it runs.
  if (current.source === 'report' || tellsOfWork(definition)) return current;
  if (state === 'normal' || state === 'indeterminate') return become('working', 'notification');
  if (current.kind !== 'working' || state === 'paused') return current;
  return become('idle', 'notification', state === 'error' ? 'It stopped with an error.' : null);
}

function afterTitle(
  current: RunStatus,
  title: string,
  definition: Rules | undefined,
  now: number,
  become: Become,
): RunStatus {
  const meaning = meaningOf(title, current, definition);
  if (meaning === 'idle' && isBeginning(current, definition, now)) return current;
  switch (meaning) {
    case null:
      return current;
    case 'working':
    case 'idle':
      return current.kind === meaning && current.source === 'report' ? current : become(meaning, 'title');
    case 'waiting':
      return become(
        'waiting',
        'title',
        withoutGlyph(title) ?? current.detail,
        askedInWords(title) ?? ruleOf(title, definition)?.asks ?? current.asks,
      );
    case 'resting':
      // Whether it waits or has finished, its screen will tell once it is quiet.
      return current.kind === 'working' ? become('working', 'output') : current;
  }
}

const ruleOf = (
  title: string,
  definition: Rules | undefined,
): AgentDefinition['status']['titles'][number] | undefined =>
  definition?.status.titles.find(({ pattern }) => pattern.test(title));

function meaningOf(title: string, current: RunStatus, definition: Rules | undefined): TitleMeaning | null {
  const { titles = [], otherTitles = null } = definition?.status ?? {};
  const ruled = ruleOf(title, definition);
  if (ruled) return ruled.means;
  // An empty title is what a terminal begins with, before the program has set one.
  if (titles.length > 0) return title.trim() === '' && current.source !== 'title' ? null : otherTitles;
  // Of a CLI without rules: the signs that many of them use.
  if (/^\s*[\u2801-\u28ff◐◑◒◓]/u.test(title)) return 'working';
  if (/^\s*(?:✋|\[\s?!\s?\])|\bAction Required\b/u.test(title)) return 'waiting';
  if (/^\s*✳/u.test(title)) return 'idle';
  // No sign says something only from a program that gave one before.
  return current.source === 'title' ? 'idle' : null;
}

function afterNotification(
  current: RunStatus,
  text: string,
  definition: Rules | undefined,
  now: number,
  become: Become,
): RunStatus {
  const ruled = definition?.status.notifications.find(({ pattern }) => pattern.test(text));
  // What hooks have reported is more exact, and was earlier.
  if (current.source === 'report' && (!ruled || ruled.means === current.kind)) return current;
  if (ruled?.means === 'idle' && isBeginning(current, definition, now)) return current;
  if (ruled?.means === 'waiting') return become('waiting', 'notification', wordsOf(text), askedInWords(text));
  if (ruled) return become(ruled.means, 'notification', null);
  if (isRequest(text)) return become('waiting', 'notification', wordsOf(text), askedInWords(text));
  // Something rang. A program that says by its title that it works is only passing on another's bell.
  if (current.kind === 'working' && current.source !== 'title') return become('idle', 'notification', oneLine(text));
  return current;
}

function afterActivity(current: RunStatus, definition: Rules | undefined, now: number, become: Become): RunStatus {
  if (current.source === 'report') {
    // Its title tells when a question was answered; without one, its screen does.
    if (current.kind !== 'waiting' || titlesTellOfWork(definition) || isSettling(current, now)) return current;
    return become('working', 'output');
  }
  const saysItself = current.source === 'title' || current.source === 'notification';
  if (saysItself && tellsOfWork(definition)) return current;
  if (current.kind === 'working') {
    const isStarting =
      current.source === 'process' && takesPrompt(definition) && now - current.since < startUpMilliseconds;
    return saysItself || isStarting ? current : become('working', 'output');
  }
  return become('working', 'output');
}

function afterQuiet(
  current: RunStatus,
  { milliseconds, lastLines, hasAsked = false }: Extract<StatusEvent, { kind: 'quiet' }>,
  definition: Rules | undefined,
  become: Become,
): RunStatus {
  if (milliseconds < quietMilliseconds) return current;
  // What a shell has scrolled up may hold questions that were answered long ago.
  const question = takesPrompt(definition) ? findQuestion(lastLines) : findQuestion(lastLine(lastLines));
  const { kind, source } = current;
  if (current.kind === 'waiting') {
    // That a question was turned down is reported by few, and Claude Code is not among them: it only goes from the screen.
    const isReported = current.source === 'report' || current.source === 'notification';
    return isReported && hasAsked && question === null ? become('idle', 'output') : current;
  }
  if (kind !== 'working' && kind !== 'unknown') return current;
  const believed = believedMilliseconds(current, definition);
  // The words of a screen are read where nothing better tells of questions, or what did has been overtaken.
  if (question !== null && (milliseconds >= believed || !tellsOfQuestions(definition))) {
    return become('waiting', 'output', question, askedInWords(question));
  }
  if (milliseconds < believed || (kind === 'unknown' && source === 'output')) return current;
  if (believed === staleMilliseconds) {
    return become('unknown', 'output', 'It says that it works, but nothing has moved for two minutes.');
  }
  const needed = source === 'process' && takesPrompt(definition) ? startUpMilliseconds : quietMilliseconds;
  return milliseconds < needed ? current : become('idle', 'output');
}

/** How long the screen may be still before what was last heard of the agent is believed no more. */
function believedMilliseconds({ kind, source }: RunStatus, definition: Rules | undefined): number {
  if (kind !== 'working') return quietMilliseconds;
  if (source === 'report' && !titlesTellOfWork(definition)) return interruptedMilliseconds;
  return source === 'report' || source === 'title' || source === 'notification' ? staleMilliseconds : quietMilliseconds;
}

/** Whether the program itself says when it waits for the person. */
function tellsOfQuestions(definition: Rules | undefined): boolean {
  const { titles = [], notifications = [], reports = [] } = definition?.status ?? {};
  return [...titles, ...notifications, ...reports].some(({ means }) => means === 'waiting');
}

/** Whether the program itself says when it works, so that its moving screen need not be interpreted. */
const tellsOfWork = (definition: Rules | undefined): boolean =>
  [...(definition?.status.titles ?? []), ...(definition?.status.notifications ?? [])].some(
    ({ means }) => means === 'working',
  );

const titlesTellOfWork = (definition: Rules | undefined): boolean =>
  (definition?.status.titles ?? []).some(({ means }) => means === 'working');

const takesPrompt = (definition: Rules | undefined): boolean => definition?.prompt.via !== 'none';

/** A protocol's own message has no words for a person. */
const wordsOf = (text: string): string | null => (/^\w+;\w+;/.test(text) ? null : oneLine(text));

const withoutGlyph = (title: string): string | null =>
  oneLine(title.replace(/^[\s\p{So}\p{Sk}\uFE0F]+|^\s*\[\s?[!.]\s?\]\s*/u, '').replace(/^[\s|]+/, ''));

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

/** How a process ended, for a person. */
function exitInWords({ code, signal }: { code: number | null; signal: number | null }): string {
  if (signal !== null && signal !== 0) {
    const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
    return `Ended by ${name ?? `signal ${String(signal)}`}`;
  }
  switch (code) {
    case null:
      return 'Ended';
    case 0:
      return 'Ended normally';
    case 126:
      return 'Exit code 126: it may not be executed';
    case 127:
      return 'Exit code 127: a command was not found';
    case 130:
      return 'Interrupted (exit code 130)';
    case 137:
      return 'Killed (exit code 137)';
    case 143:
      return 'Stopped (exit code 143)';
    default:
      return `Ended with exit code ${String(code)}`;
  }
}
