/** A longer unfinished sequence is not kept: it is a string, and half of what it says would mean something else. */
const keptChars = 4096;
/** Begins a string that says nothing, whatever follows until its end. */
const meaningless = '\x1b]!';

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
    if (open === '' || isFinished(open)) this.#tail = '';
    else this.#tail = open.length <= keptChars ? open : endsWithBell(open) ? meaningless : open.slice(0, keptChars);
  }
}

/** Every character of a terminal comes by here, and hardly any is of eight bits: those are looked for in what ESC leaves. */
function lastIntroducer(output: string): number {
  const escape = output.lastIndexOf('\x1b');
  if (!eightBitIntroducer.test(escape < 0 ? output : output.slice(escape + 1))) return escape;
  return Object.keys(eightBit).reduce((last, each) => Math.max(last, output.lastIndexOf(each)), escape);
}

const endsWithBell = (text: string): boolean => text.startsWith('\x1b]') || text.startsWith('\x9d');

/* What the parser obeys or passes over inside of sequences, and what ends any of them. */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const passedOver = /[\x00-\x17\x19\x1c-\x1f]/g;
// oxlint-disable-next-line no-control-regex -- as above
const ends = /[\x18\x1a\x80-\x9f]/;

// Parameters, then intermediates; the parser of xterm.js takes DEL in some places and not in others.
const openControl = /^\x7f*[<-?]?[0-;]*(?:[ -/][ -/\x7f]*)?$/;
const openEscape = /^\x7f*[ -/]*$/;
/** Out of order: everything up to a final character is passed over. */
const ignoredControl = /^\x7f*(?:[<-?0-;][0-;]*[<-?]|[<-?]?[0-;]*[ -/][ -/\x7f]*[0-?])/;
const openDeviceHeader = /^[<-?]?[0-;\x7f]*(?:[ -/][ -/\x7f]*)?$/;
const deviceBody = /^[<-?]?[0-;\x7f]*(?:[ -/][ -/\x7f]*)?[@-~]/;

/** Whether the one sequence at the start of `text` ends in it. The rules are those of xterm.js's parser. */
function isFinished(text: string): boolean {
  const isSevenBit = text.startsWith('\x1b');
  // An escape may have control characters before its second half.
  const rest = (isSevenBit ? text.slice(1) : (eightBit[text.charAt(0)] ?? '') + text.slice(1)).replace(/^\x7f+/, '');
  if (ends.test(rest)) return true;
  const body = rest.replace(passedOver, '');
  if (body === '') return false;
  const kind = body.charAt(0);
  const payload = body.slice(1);
  if (kind === ']') return rest.includes('\x07');
  if ('X^_'.includes(kind)) return /[^ -\x7f]/.test(payload);
  if (kind === 'P')
    return !(openDeviceHeader.test(payload) || deviceBody.test(payload) || ignoredControl.test(payload));
  if (kind !== '[') return !openEscape.test(body);
  if (openControl.test(payload)) return false;
  const ignored = ignoredControl.exec(payload);
  return ignored === null || /[@-~]/.test(payload.slice(ignored[0].length));
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
