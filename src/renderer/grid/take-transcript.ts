import { host } from '#renderer/app/host.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { notify, perform } from '#renderer/ui/notify.ts';
import type { TranscriptEvent } from '#shared/contract/terminals.ts';
import { counted } from '#shared/counted.ts';
import type { RunId, TerminalId } from '#shared/ids.ts';
import { assertNever } from '#shared/result.ts';

import { terminalSessions } from './terminal-sessions.ts';
import { download, formWords, markdownOf, transcriptName, type TranscriptForm } from './transcript.ts';
import type { TerminalSession } from './xterm-session.ts';

const runOf = (id: RunId) => useMirror.getState().runs?.get(id) ?? null;

/** The session of a run's terminal, while the page shows it. */
export const sessionOf = (id: RunId): TerminalSession | null => terminalSessions.find(runOf(id)?.terminalId ?? null);

const cannotRead = {
  title: 'The terminal’s text could not be read',
  description: 'The terminal is gone, or its host was started by an older version. Nothing was copied or saved.',
};

/** Copies what is selected, or else everything that the terminal keeps. */
export function copyTranscript(id: RunId, form: TranscriptForm): void {
  perform('Copy from the terminal', async () => {
    const session = sessionOf(id);
    const isSelection = session?.getState().hasSelection === true;
    const text = isSelection && session ? selected(id, session, form) : await whole(id, form);
    if (text === null) {
      notify.warn(cannotRead);
      return;
    }
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
    const text = await whole(id, form);
    if (!run || text === null) notify.warn(cannotRead);
    else download(transcriptName(run, form, new Date()), formWords[form].type, text);
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

function selected(id: RunId, session: TerminalSession, form: TranscriptForm): string | null {
  switch (form) {
    case 'text':
      return session.getSelection();
    case 'ansi':
      return session.reading.selectionAnsi();
    case 'markdown': {
      const run = runOf(id);
      return run && markdownOf(run, session.getSelection(), new Date());
    }
    default:
      return assertNever(form);
  }
}

async function whole(id: RunId, form: TranscriptForm): Promise<string | null> {
  const run = runOf(id);
  if (!run || run.terminalId === null) return null;
  const text = await readTranscript(run.terminalId, form === 'ansi' ? 'ansi' : 'text');
  return text !== null && form === 'markdown' ? markdownOf(run, text, new Date()) : text;
}

/** Everything that a terminal keeps at the host; null when it cannot be had any more. */
function readTranscript(id: TerminalId, form: 'text' | 'ansi'): Promise<string | null> {
  return new Promise((resolve) => {
    let pieces: string[] = [];
    let isOver = false;
    const end = (value: string | null): void => {
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
      else end(event.kind === 'ended' ? pieces.join('') : null);
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
