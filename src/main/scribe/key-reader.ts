/** What a person's keys, or a pipe, say. */
export type Key =
  | { kind: 'text'; text: string }
  /** Pasted in one piece; may have several lines. */
  | { kind: 'paste'; text: string }
  | { kind: 'enter' }
  | { kind: 'backspace' }
  | { kind: 'clear' }
  /** Ctrl-C */
  | { kind: 'interrupt' }
  /** Ctrl-D */
  | { kind: 'end' };

const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';

const controls: Readonly<Record<string, Key>> = {
  '\x03': { kind: 'interrupt' },
  '\x04': { kind: 'end' },
  '\x08': { kind: 'backspace' },
  '\x7f': { kind: 'backspace' },
  '\x15': { kind: 'clear' },
  '\r': { kind: 'enter' },
  '\n': { kind: 'enter' },
};

/** Takes apart what a terminal or a pipe sends, in whatever pieces it comes. */
export class KeyReader {
  #rest = '';
  #afterReturn = false;

  read(chunk: string): readonly Key[] {
    const keys: Key[] = [];
    let rest = this.#rest + chunk;
    while (rest !== '') {
      const taken = this.#takeOne(rest);
      if (taken === null) break;
      if (taken.key) keys.push(taken.key);
      rest = rest.slice(taken.length);
    }
    this.#rest = rest;
    return keys;
  }

  /** Null: more has to come before anything can be said. */
  #takeOne(text: string): { length: number; key: Key | null } | null {
    const first = text.charAt(0);
    const isEndOfPair = first === '\n' && this.#afterReturn;
    this.#afterReturn = first === '\r';
    if (isEndOfPair) return { length: 1, key: null };
    if (first === '\x1b') return takeSequence(text);
    const control = controls[first];
    if (control) return { length: 1, key: control };
    // oxlint-disable-next-line no-control-regex -- text ends where a control character begins
    const plain = /^[^\x00-\x1f\x7f]+/.exec(text)?.[0];
    return plain === undefined
      ? { length: 1, key: null }
      : { length: plain.length, key: { kind: 'text', text: plain } };
  }
}

function takeSequence(text: string): { length: number; key: Key | null } | null {
  if (text.startsWith(pasteStart)) {
    const end = text.indexOf(pasteEnd);
    if (end === -1) return null;
    const pasted = text.slice(pasteStart.length, end).replaceAll(/\r\n?/g, '\n');
    return { length: end + pasteEnd.length, key: { kind: 'paste', text: pasted } };
  }
  // Arrow keys and the like; an escape that nothing has followed yet may still become one.
  // oxlint-disable-next-line no-control-regex -- escape sequences start with one
  const sequence = /^\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|[^[O])/s.exec(text)?.[0];
  if (sequence !== undefined) return { length: sequence.length, key: null };
  return text.length > 32 ? { length: 1, key: null } : null;
}
