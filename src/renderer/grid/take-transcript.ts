import { host } from '#renderer/app/host.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { notify, perform } from '#renderer/ui/notify.ts';
import type { TranscriptEvent } from '#shared/contract/terminals.ts';
import { counted } from '#shared/counted.ts';
import type { RunId, TerminalId } from '#shared/ids.ts';
import { assertNever, fail, ok, type Result } from '#shared/result.ts';

import { terminalSessions } from './terminal-sessions.ts';
import { download, formWords, markdownOf, transcriptName, type TranscriptForm } from './transcript.ts';
import type { TerminalSession } from './xterm-session.ts';

const runOf = (id: RunId) => useMirror.getState().runs?.get(id) ?? null;

/** The session of a run's terminal, while the page shows it. */
export const sessionOf = (id: RunId): TerminalSession | null => terminalSessions.find(runOf(id)?.terminalId ?? null);

type Unread = Extract<TranscriptEvent, { kind: 'failed' }>['reason'];

const because: Readonly<Record<Unread, string>> = {
  gone: 'The terminal is gone. Nothing was copied or saved.',
  'old-host': 'Its host was started by an older version. Nothing was copied or saved.',
  changing: 'Its width went on changing while it was read. Nothing was copied or saved; try again when it rests.',
};

const sayUnread = (reason: Unread): void => {
  notify.warn({ title: 'The terminal’s text could not be read', description: because[reason] });
};

/** Copies what is selected, or else everything that the terminal keeps. */
export function copyTranscript(id: RunId, form: TranscriptForm): void {
  perform('Copy from the terminal', async () => {
    const session = sessionOf(id);
    const isSelection = session?.getState().hasSelection === true;
    const read = isSelection && session ? selected(id, session, form) : await whole(id, form);
    if (!read.ok) {
      sayUnread(read.error.kind);
      return;
    }
    const text = read.value;
    await navigator.clipboard.writeText(text);
    const lines = counted(text.split('\n').length, 'line');
    notify.success({
      title: isSelection ? 'Copied the selection' : 'Copied the whole terminal',
      description: `As ${formWords[form].name}: ${lines}.`,
      duration: 2500,
      key: 'copied',
    });
  });
}

/** Saves everything that the terminal keeps as a file. */
export function saveTranscript(id: RunId, form: TranscriptForm): void {
  perform('Save the transcript', async () => {
    const run = runOf(id);
    const read = await whole(id, form);
    if (run && read.ok) download(transcriptName(run, form, new Date()), formWords[form].type, read.value);
    else sayUnread(read.ok ? 'gone' : read.error.kind);
  });
}

/** Copies what the command in view has printed. */
export function copyOutput(id: RunId): void {
  perform('Copy the output', async () => {
    const output = sessionOf(id)?.reading.output();
    if (!output) return;
    await navigator.clipboard.writeText(output.text);
    notify.success({
      title: output.command === '' ? 'Copied the output' : `Copied the output of “${output.command.slice(0, 60)}”`,
      description: `${counted(output.text === '' ? 0 : output.text.split('\n').length, 'line')}.`,
      duration: 2500,
      key: 'copied',
    });
  });
}

function selected(id: RunId, session: TerminalSession, form: TranscriptForm): Result<string, { kind: Unread }> {
  switch (form) {
    case 'text':
      return ok(session.getSelection());
    case 'ansi':
      return ok(session.reading.selectionAnsi());
    case 'markdown': {
      const run = runOf(id);
      return run ? ok(markdownOf(run, session.getSelection(), new Date())) : fail({ kind: 'gone' });
    }
    default:
      return assertNever(form);
  }
}

async function whole(id: RunId, form: TranscriptForm): Promise<Result<string, { kind: Unread }>> {
  const run = runOf(id);
  if (!run || run.terminalId === null) return fail({ kind: 'gone' });
  const read = await readTranscript(run.terminalId, form === 'ansi' ? 'ansi' : 'text');
  return read.ok && form === 'markdown' ? ok(markdownOf(run, read.value, new Date())) : read;
}

/** Everything that a terminal keeps at the host. */
function readTranscript(id: TerminalId, form: 'text' | 'ansi'): Promise<Result<string, { kind: Unread }>> {
  return new Promise((resolve) => {
    let pieces: string[] = [];
    let isOver = false;
    const end = (value: Result<string, { kind: Unread }>): void => {
      isOver = true;
      // Not from inside of its own push: the feed may not have been handed over yet.
      queueMicrotask(() => {
        feed.dispose();
      });
      resolve(value);
    };
    const feed = host.terminals.transcript({ id, form }, (event: TranscriptEvent) => {
      if (isOver) return;
      if (event.kind === 'begun') pieces = [];
      else if (event.kind === 'piece') pieces.push(event.text);
      else end(event.kind === 'ended' ? ok(pieces.join('')) : fail({ kind: event.reason }));
    });
  });
}

/** How a regular expression does at the host, where one that takes for ever is given up: it would stop this page. */
export async function tryExpression(id: RunId, text: string, caseSensitive: boolean): Promise<'good' | 'too-slow'> {
  const terminalId = runOf(id)?.terminalId;
  if (terminalId === null || terminalId === undefined) return 'good';
  return new Promise((resolve) => {
    const feed = host.terminals.search({ ids: [terminalId], query: { text, caseSensitive, regex: true } }, (event) => {
      if (event.kind !== 'ended') return;
      queueMicrotask(() => {
        feed.dispose();
      });
      resolve(event.how === 'too-slow' ? 'too-slow' : 'good');
    });
  });
}
