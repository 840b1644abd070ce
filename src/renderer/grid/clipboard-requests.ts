import type { Disposable } from '#shared/disposable.ts';
import type { TerminalId } from '#shared/ids.ts';

import { sanitizePaste } from './paste.ts';

/** Text that a program wants on the clipboard, for the question that is asked first. */
export interface PendingCopy {
  text: string;
  /** The first lines, cut to a size that can be shown. */
  preview: string;
}

/** Longer texts are no selection that a person made in a program. */
export const mostCopiedChars = 100_000;
const previewLines = 4;
const previewColumns = 120;
/** Of requests that follow each other closely the last one counts. */
const pauseMilliseconds = 100;
/** Between an answer and the next question: a press that was meant for the first must not answer what nobody has read. */
const nextQuestionMilliseconds = 800;

/**
 * What OSC 52 asks to be put on the clipboard: `52;TARGETS;BASE64`. Null when it asks for anything else: to read it (`?`,
 * which is never answered), to empty it, or for what is no text or too long.
 */
export function readCopyRequest(data: string): PendingCopy | null {
  const [, payload] = /^[cpqs0-7]*;([A-Za-z0-9+/=]+)$/.exec(data) ?? [];
  // Four characters of base64 are three bytes, and a character is at most three bytes in a string of this kind.
  if (payload === undefined || payload.length > mostCopiedChars * 4 + 4) return null;
  const text = decode(payload);
  if (text === null || text.length > mostCopiedChars) return null;
  const clean = sanitizePaste(text);
  if (clean === '') return null;
  return { text: clean, preview: previewOf(clean) };
}

function previewOf(text: string): string {
  const lines = text.replace(/\n+$/, '').split('\n');
  const shown = lines
    .slice(0, previewLines)
    .map((line) => (line.length > previewColumns ? `${line.slice(0, previewColumns)}…` : line));
  const more = lines.length - shown.length;
  return [...shown, ...(more > 0 ? [`… and ${String(more)} more`] : [])].join('\n');
}

function decode(base64: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

export type CopyAnswer = 'once' | 'always' | 'never';

export interface ClipboardRequestsOptions {
  id: TerminalId;
  terminal: { parser: { registerOscHandler(id: number, handler: (data: string) => boolean): Disposable } };
  /** Whether the person is at this terminal now: nothing else may touch the clipboard. */
  isForemost: () => boolean;
  /** Whether the settings let programs ask at all. */
  mayAsk: () => boolean;
  show: (pending: PendingCopy | null) => void;
  copy: (text: string) => void;
}

/** The person's word on a terminal, for as long as the page is open. */
const answers = new Map<TerminalId, 'always' | 'never'>();

/** Lets a program put text on the clipboard (OSC 52) when the person at its terminal says so. It is never read for one. */
export class ClipboardRequests implements Disposable {
  readonly #options: ClipboardRequestsOptions;
  readonly #handler: Disposable;
  #latest: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #pending: PendingCopy | null = null;

  constructor(options: ClipboardRequestsOptions) {
    this.#options = options;
    this.#handler = options.terminal.parser.registerOscHandler(52, (data) => {
      this.#receive(data);
      return true;
    });
  }

  answer(answer: CopyAnswer): void {
    const { id, copy } = this.#options;
    const pending = this.#pending;
    if (answer !== 'once') answers.set(id, answer);
    this.#show(null);
    if (pending && answer !== 'never') copy(pending.text);
    if (this.#latest !== null) this.#considerIn(answer === 'once' ? nextQuestionMilliseconds : pauseMilliseconds);
  }

  dispose(): void {
    this.#handler.dispose();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #receive(data: string): void {
    const { id, isForemost, mayAsk } = this.#options;
    if (!mayAsk() || answers.get(id) === 'never' || !isForemost()) return;
    this.#latest = data;
    // Decoded once in a while, however many a program sends.
    this.#considerIn(pauseMilliseconds);
  }

  #considerIn(milliseconds: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#consider();
    }, milliseconds);
  }

  #consider(): void {
    const { id, copy } = this.#options;
    // The question stays the one that is being read; what is newer waits for its answer.
    if (this.#pending) return;
    const request = this.#latest === null ? null : readCopyRequest(this.#latest);
    this.#latest = null;
    if (!request || answers.get(id) === 'never') return;
    if (answers.get(id) === 'always') copy(request.text);
    else this.#show(request);
  }

  #show(pending: PendingCopy | null): void {
    this.#pending = pending;
    this.#options.show(pending);
  }
}
