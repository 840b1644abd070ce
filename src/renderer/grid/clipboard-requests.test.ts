import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { TerminalId } from '#shared/ids.ts';

import { ClipboardRequests, mostCopiedChars, readCopyRequest, type PendingCopy } from './clipboard-requests.ts';

const base64OfBytes = (bytes: Iterable<number>): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
const base64 = (text: string): string => base64OfBytes(new TextEncoder().encode(text));

describe('readCopyRequest', () => {
  it.each([
    ['the clipboard', `c;${base64('日本 text')}`, '日本 text'],
    ['no target', `;${base64('text')}`, 'text'],
    ['the selection', `p;${base64('text')}`, 'text'],
  ])('reads what is meant for %s', (_, data, text) => {
    expect(readCopyRequest(data)?.text).toBe(text);
  });

  it.each([
    ['to read it', 'c;?'],
    ['to empty it', 'c;'],
    ['for what is no base64', 'c;***'],
    ['for bytes that are no text', `c;${base64OfBytes([0xff, 0xfe, 0x80])}`],
    ['for too much', `c;${base64('x'.repeat(mostCopiedChars + 1))}`],
    ['for nothing at all', ''],
  ])('takes no request %s', (_, data) => {
    expect(readCopyRequest(data)).toBeNull();
  });

  it('leaves control characters out of what would be pasted, and of what is shown', () => {
    const request = readCopyRequest(`c;${base64('one\x1b[201~\x00two\nthree')}`);
    expect(request).toEqual({ text: 'one[201~two\nthree', preview: 'one[201~two\nthree' });
  });

  it('shows the beginning of a long text, and says how much there is', () => {
    const text = Array.from({ length: 10 }, (_, i) => `${String(i)}${'x'.repeat(200)}`).join('\n');
    const lines = readCopyRequest(`c;${base64(text)}`)?.preview.split('\n') ?? [];
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe(`0${'x'.repeat(119)}…`);
    expect(lines[4]).toBe('… and 6 more');
  });
});

describe('ClipboardRequests', () => {
  let shown: (PendingCopy | null)[];
  let copied: string[];
  let isForemost: boolean;
  let mayAsk: boolean;
  let say: (data: string) => boolean;
  let runs = 0;
  const made: ClipboardRequests[] = [];

  const create = (id = `run-${String(++runs)}` as TerminalId): ClipboardRequests => {
    const requests = new ClipboardRequests({
      id,
      terminal: {
        parser: {
          registerOscHandler: (_number, handler) => {
            say = handler;
            return { dispose: () => undefined };
          },
        },
      },
      isForemost: () => isForemost,
      mayAsk: () => mayAsk,
      show: (pending) => shown.push(pending),
      copy: (text) => copied.push(text),
    });
    made.push(requests);
    return requests;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    shown = [];
    copied = [];
    isForemost = true;
    mayAsk = true;
  });

  afterEach(() => {
    for (const each of made.splice(0)) each.dispose();
    vi.useRealTimers();
  });

  it('asks, and copies when that is allowed once', () => {
    const requests = create();
    say(`c;${base64('text')}`);
    vi.runAllTimers();
    expect(shown).toEqual([{ text: 'text', preview: 'text' }]);
    expect(copied).toEqual([]);
    requests.answer('once');
    expect(copied).toEqual(['text']);
    expect(shown.at(-1)).toBeNull();
    say(`c;${base64('more')}`);
    vi.runAllTimers();
    expect(shown.at(-1)).toEqual({ text: 'more', preview: 'more' });
    expect(copied).toEqual(['text']);
  });

  it('asks no more after always, even when the terminal is shown anew', () => {
    const id = 'always' as TerminalId;
    const requests = create(id);
    say(`c;${base64('one')}`);
    vi.runAllTimers();
    requests.answer('always');
    create(id);
    say(`c;${base64('two')}`);
    vi.runAllTimers();
    expect(copied).toEqual(['one', 'two']);
  });

  it('hears nothing more after never', () => {
    const requests = create();
    say(`c;${base64('one')}`);
    vi.runAllTimers();
    requests.answer('never');
    say(`c;${base64('two')}`);
    vi.runAllTimers();
    expect(copied).toEqual([]);
    expect(shown).toEqual([{ text: 'one', preview: 'one' }, null]);
  });

  it('hears nothing of a terminal that the person is not at, or where the settings say so', () => {
    create();
    isForemost = false;
    say(`c;${base64('one')}`);
    isForemost = true;
    mayAsk = false;
    say(`c;${base64('two')}`);
    vi.runAllTimers();
    expect(shown).toEqual([]);
  });

  it('asks once about many requests, for the last of them', () => {
    create();
    for (let round = 0; round < 1000; round++) say(`c;${base64(String(round))}`);
    vi.runAllTimers();
    expect(shown).toEqual([{ text: '999', preview: '999' }]);
  });

  it('leaves a question as it was read, and asks about a newer text once that is answered', () => {
    const requests = create();
    say(`c;${base64('what was read')}`);
    vi.runAllTimers();
    say(`c;${base64('another')}`);
    say(`c;${base64('the newest')}`);
    vi.runAllTimers();
    expect(shown.map((pending) => pending?.text)).toEqual(['what was read']);
    requests.answer('once');
    expect(copied).toEqual(['what was read']);
    // Not in the place of the first at once: a second press would answer what nobody has read.
    expect(shown.at(-1)).toBeNull();
    vi.runAllTimers();
    expect(shown.at(-1)?.text).toBe('the newest');
    requests.answer('never');
    vi.runAllTimers();
    expect(shown.at(-1)).toBeNull();
    expect(copied).toEqual(['what was read']);
  });

  it.each([
    ['always', ['one', 'two']],
    ['never', []],
  ] as const)('takes the word %s for a text that waited behind the question too', (word, expected) => {
    const requests = create();
    say(`c;${base64('one')}`);
    vi.runAllTimers();
    say(`c;${base64('two')}`);
    vi.runAllTimers();
    requests.answer(word);
    vi.runAllTimers();
    expect(copied).toEqual(expected);
    expect(shown.at(-1)).toBeNull();
  });
});
