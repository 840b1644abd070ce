import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { useSeveral } from '#renderer/state/several.ts';
import type { RunId, TerminalId } from '#shared/ids.ts';

import { inCursorMode } from './cursor-mode.ts';
import { SeveralTyping } from './several-typing.ts';

const terminal = (name: string): TerminalId => `t-${name}` as TerminalId;

describe('SeveralTyping', () => {
  let got: string[];
  let typing: SeveralTyping;
  const receive = (...names: readonly string[]): void => {
    useSeveral.setState({ receiving: new Map(names.map((name) => [name as RunId, terminal(name)])) });
  };

  beforeEach(() => {
    got = [];
    typing = new SeveralTyping((id) => ({
      receive: (data) => got.push(`${id} typed ${JSON.stringify(data)}`),
      pasteUnasked: (text) => got.push(`${id} pasted ${JSON.stringify(text)}`),
    }));
    receive('a', 'b', 'c');
  });
  afterEach(() => {
    useSeveral.getState().endTyping(null);
  });

  it('hands on what was typed to the others, and not back', () => {
    typing.typed(terminal('b'), 'ls\r');
    expect(got).toEqual(['t-a typed "ls\\r"', 't-c typed "ls\\r"']);
  });

  it('leaves a terminal alone that was not chosen', () => {
    typing.typed(terminal('d'), 'x');
    expect(typing.paste(terminal('d'), 'x')).toBe(false);
    expect(got).toEqual([]);
  });

  it('keeps to itself what a terminal says about its own mouse and focus', () => {
    for (const report of ['\x1b[I', '\x1b[O', '\x1b[<0;3;4M', '\x1b[<0;3;4m', '\x1b[M !!'])
      typing.typed(terminal('a'), report);
    expect(got).toEqual([]);
    for (const key of ['\x1b', '\x1bO', '\x1b[A', '\x1bI']) typing.typed(terminal('a'), key);
    expect(got).toHaveLength(8);
  });

  it('pastes a line at once, and asks once before several, for all of them', () => {
    expect(typing.paste(terminal('a'), 'one\x1b')).toBe(true);
    expect(got).toEqual(['t-a pasted "one"', 't-b pasted "one"', 't-c pasted "one"']);
    typing.paste(terminal('a'), 'one\r\ntwo');
    expect(got).toHaveLength(3);
    expect(useSeveral.getState().pendingPaste).toMatchObject({ lines: 2, preview: 'one\ntwo' });
    receive('a', 'b'); // one has ended while the question stood
    useSeveral.getState().pendingPaste?.paste();
    expect(got.slice(3)).toEqual(['t-a pasted "one\\ntwo"', 't-b pasted "one\\ntwo"']);
    expect(useSeveral.getState().pendingPaste).toBeNull();
  });
});

describe('inCursorMode', () => {
  it.each([
    ['\x1b[A', true, '\x1bOA'],
    ['\x1bOH', false, '\x1b[H'],
    ['\x1b[1;5A', true, '\x1b[1;5A'],
    ['\x1bOP', false, '\x1bOP'],
    ['abc', true, 'abc'],
  ])('%j', (data, application, expected) => {
    expect(inCursorMode(data, application)).toBe(expected);
  });
});
