import headless from '@xterm/headless';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { terminalId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';

import { TerminalInput } from './terminal-input.ts';
import { TerminalStateHolder } from './terminal-state.ts';

describe('TerminalInput', () => {
  let terminal: InstanceType<typeof headless.Terminal>;
  let input: TerminalInput;
  let state: TerminalStateHolder;
  let written: string[];
  let faults: string[];
  let hostIsThere: boolean;
  /** So many pieces the program takes. */
  let mostTaken: number;
  let notRead: number;
  let typed: string[];

  beforeEach(() => {
    terminal = new headless.Terminal({ allowProposedApi: true, logLevel: 'off' });
    state = new TerminalStateHolder();
    written = [];
    faults = [];
    typed = [];
    hostIsThere = true;
    mostTaken = Infinity;
    notRead = 0;
    input = new TerminalInput({
      id: terminalId.parse('term-1'),
      terminals: {
        write: ({ data }) => {
          if (!hostIsThere) return Promise.reject(new Error('the host is gone'));
          written.push(data);
          return Promise.resolve(written.length > mostTaken ? fail({ kind: 'not-read' as const }) : ok(undefined));
        },
      },
      terminal: {
        parser: terminal.parser,
        get modes() {
          return terminal.modes; // made anew at each look
        },
        onData: (listener) => terminal.onData(listener),
        onBinary: (listener) => terminal.onBinary(listener),
        getSelection: () => '',
        input: (data) => {
          terminal.input(data);
        },
        paste: (text) => {
          terminal.input(text); // the headless one has no clipboard
        },
      },
      state,
      onFault: (doing) => faults.push(doing),
      onNotRead: () => (notRead += 1),
      onTyped: (data) => typed.push(data),
    });
  });
  afterEach(() => {
    input.dispose();
    terminal.dispose();
  });

  const print = (data: string): Promise<void> => new Promise((resolve) => terminal.write(data, resolve));

  it('sends what is typed, and nothing that the terminal answers', async () => {
    await print('\x1b[c\x1b[6n');
    terminal.input('ls\r');
    expect(written).toEqual(['ls\r']);
  });

  it('leaves the rest of a text out after a piece that was not taken, says so, and types on', async () => {
    mostTaken = 1;
    input.paste('x'.repeat(200_000));
    terminal.input('key');
    await vi.waitFor(() => {
      expect(written.at(-1)).toBe('key');
    });
    expect(written.map((data) => data.length)).toEqual([65_536, 65_536, 3]);
    expect(notRead).toBe(2);
    mostTaken = Infinity;
    input.paste(`${'x'.repeat(200_000)}end`);
    terminal.input('key');
    await vi.waitFor(() => {
      expect(written).toHaveLength(3 + 4 + 1);
    });
    expect(written.slice(3).join('')).toBe(`${'x'.repeat(200_000)}endkey`);
    expect(notRead).toBe(2);
  });

  it('keeps lines back until the person has said so', () => {
    input.paste('one\ntwo');
    expect(written).toEqual([]);
    expect(state.get().pendingPaste?.lines).toBe(2);
    input.answerPaste('cancel');
    expect([written, state.get().pendingPaste]).toEqual([[], null]);
    input.paste('one\ntwo');
    input.answerPaste('paste');
    expect(written.join('')).toBe('one\ntwo');
  });

  it('pastes lines at once where the program asked for marked pastes', async () => {
    await print('\x1b[?2004h');
    input.paste('one\ntwo');
    expect(written.join('')).toBe('one\ntwo');
  });

  it('sends a huge paste in pieces that the host takes', async () => {
    const text = 'x'.repeat(2_500_000);
    input.paste(text);
    await vi.waitFor(() => {
      expect(written.join('') === text).toBe(true);
    });
    expect(Math.max(...written.map((piece) => piece.length))).toBeLessThan(1_000_000);
  });

  it('tells what was typed, for others to have it, but neither pastes nor what the wheel becomes', async () => {
    await print('\x1b[?2004h');
    terminal.input('a');
    input.paste('pasted');
    input.receive('from elsewhere');
    input.noteHand('wheel');
    terminal.input('\x1b[A');
    input.noteHand('keys');
    terminal.input('b');
    expect(typed).toEqual(['a', 'b']);
    expect(written.join('')).toBe('apastedfrom elsewhere\x1b[Ab');
  });

  it('takes a cursor key from elsewhere as its own program wants it', async () => {
    input.receive('\x1bOA');
    await print('\x1b[?1h');
    input.receive('\x1b[A');
    expect(written).toEqual(['\x1b[A', '\x1bOA']);
  });

  it('reports typing that did not arrive', async () => {
    hostIsThere = false;
    terminal.input('lost');
    await Promise.resolve();
    expect(faults).toEqual(['Type into the terminal']);
  });
});
