import { describe, expect, it } from 'vitest';

import { KeyReader, type Key } from './key-reader.ts';
import { Lines } from './lines.ts';

const all = (...chunks: string[]): readonly Key[] => {
  const reader = new KeyReader();
  return chunks.flatMap((chunk) => reader.read(chunk));
};
const enter: Key = { kind: 'enter' };
const text = (value: string): Key => ({ kind: 'text', text: value });

describe('keys', () => {
  it('are text, and what the control keys mean', () => {
    expect(all('né 😀\x7f\x08\x15\x03\x04\t')).toEqual([
      text('né 😀'),
      { kind: 'backspace' },
      { kind: 'backspace' },
      { kind: 'clear' },
      { kind: 'interrupt' },
      { kind: 'end' },
    ]);
  });

  it('end a line as a terminal, a pipe and Windows do', () => {
    expect(all('a\rb\nc\r\nd\r', '\n\n')).toEqual([
      text('a'),
      enter,
      text('b'),
      enter,
      text('c'),
      enter,
      text('d'),
      enter,
      enter,
    ]);
  });

  it('are not arrows and the like, even when they come in pieces', () => {
    expect(all('a\x1b[A\x1b[1;5Cb\x1bOP\x1bxc\x1b', '[', 'Dd')).toEqual([text('a'), text('b'), text('c'), text('d')]);
  });

  it('are a paste between its marks, however it is cut', () => {
    const sent = 'x\x1b[200~one\r\ntwo\rthree\x03\x1b[A\x1b[201~\r';
    const expected = [text('x'), { kind: 'paste', text: 'one\ntwo\nthree\x03\x1b[A' }, enter];
    expect(all(sent)).toEqual(expected);
    expect(all(...sent.split(''))).toEqual(expected);
  });
});

describe('lines', () => {
  const typed = (...chunks: string[]): { lines: Lines; drafts: string[] } => {
    const drafts: string[] = [];
    const lines = new Lines((draft) => drafts.push(draft));
    for (const key of all(...chunks)) lines.take(key);
    return { lines, drafts };
  };

  it('are kept until they are asked for, and put together from what was typed and pasted', async () => {
    const { lines, drafts } = typed('ab\x7f\x1b[200~1\n2\x1b[201~ c\rsecond\r👩‍👩‍👧x\x7f\x7f!\rgone\x15\r');
    expect(await lines.next()).toBe('a1\n2 c');
    expect(await lines.next()).toBe('second');
    expect(await lines.next()).toBe('!');
    expect(await lines.next()).toBe('');
    expect(drafts.slice(0, 3)).toEqual(['ab', 'a', 'a1\n2']);
  });

  it('end with Ctrl-D on an empty line, and with the input, which enters what was begun', async () => {
    const { lines } = typed('a\x04b\r\x04');
    expect(await lines.next()).toBe('ab');
    expect(await lines.next()).toBeNull();
    const { lines: cut } = typed('begun');
    const waiting = cut.next();
    cut.end();
    expect(await waiting).toBe('begun');
    expect(await cut.next()).toBeNull();
  });

  it('that came before a question are no answer to it, and are not lost', async () => {
    const { lines } = typed('early\r');
    const answer = lines.nextNew();
    for (const key of all('answer\rlater\r')) lines.take(key);
    expect(await answer).toBe('answer');
    expect(await lines.next()).toBe('early');
    expect(await lines.next()).toBe('later');
  });
});
