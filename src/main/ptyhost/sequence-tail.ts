/** More of an unfinished sequence is not kept: what is cut is the payload of an oversized string, which shows nothing. */
const keptChars = 4096;

/** What can begin a sequence beside ESC. Whatever the parser was in the middle of, each of these makes it start over. */
const eightBitIntroducer = /[\x90\x98\x9b\x9d-\x9f]/;

/**
 * Follows a stream of terminal output and knows the beginning of the sequence that it broke off in. A snapshot of a
 * screen is exact only together with it: without, the rest of the sequence would be shown as text.
 */
export class SequenceTail {
  #tail = '';

  /** The unfinished sequence, or nothing. */
  get text(): string {
    return this.#tail;
  }

  forget(): void {
    this.#tail = '';
  }

  follow(output: string): void {
    const start = lastIntroducer(output);
    // `ESC \` alone is the end of a string; the rule for two-character sequences covers it.
    const open = start >= 0 ? output.slice(start) : this.#tail === '' ? '' : this.#tail + output;
    this.#tail = open === '' || isFinished(open) ? '' : open.slice(0, keptChars);
  }
}

/** Every character of a terminal comes by here, and hardly any is of eight bits: those are looked for in what ESC leaves. */
function lastIntroducer(output: string): number {
  const escape = output.lastIndexOf('\x1b');
  if (!eightBitIntroducer.test(escape < 0 ? output : output.slice(escape + 1))) return escape;
  return Object.keys(eightBit).reduce((last, each) => Math.max(last, output.lastIndexOf(each)), escape);
}

/** Whether the one sequence at the start of `text` ends in it. The rules are those of xterm.js's parser. */
function isFinished(text: string): boolean {
  const kind = text.startsWith('\x1b') ? text[1] : eightBit[text.charAt(0)];
  if (kind === undefined) return false;
  const payload = text.startsWith('\x1b') ? 2 : 1;
  if (kind === ']') return contains(text, payload, (code) => code === bell || endsString(code));
  if ('PX^_'.includes(kind)) return contains(text, payload, endsString);
  if (kind === '[') return contains(text, payload, (code) => endsControl(code, 0x40));
  return contains(text, 1, (code) => endsControl(code, 0x30));
}

/** The introducers of 8 bits, as the second character of those of 7. */
const eightBit: Readonly<Record<string, string>> = {
  '\x9b': '[',
  '\x9d': ']',
  '\x90': 'P',
  '\x98': 'X',
  '\x9e': '^',
  '\x9f': '_',
};

const bell = 0x07;
const cancel = 0x18;
const substitute = 0x1a;

function endsString(code: number): boolean {
  return code === cancel || code === substitute || code === 0x9c;
}

/** A final character, a cancellation, or one that has no place in a sequence. */
function endsControl(code: number, firstFinal: number): boolean {
  return (code >= firstFinal && code <= 0x7e) || code === cancel || code === substitute || code >= 0xa0;
}

function contains(text: string, from: number, test: (code: number) => boolean): boolean {
  for (let index = from; index < text.length; index++) if (test(text.charCodeAt(index))) return true;
  return false;
}
