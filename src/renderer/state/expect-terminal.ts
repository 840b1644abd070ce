import type { TerminalId } from '#shared/ids.ts';

/** Whoever shows terminals. */
export interface Prepare {
  /** Asks for a terminal's screen, and calls back when it has come. `isPressed`: it will be shown, as far as anybody knows. */
  expect: (id: TerminalId, onCome: () => void, isPressed: boolean) => void;
  expectNoLonger: (id: TerminalId) => void;
}

interface Expected {
  id: TerminalId;
  hasCome: boolean;
  /** What waits for it. */
  action: (() => void) | null;
}

/** To be shown with what it holds is worth so much of a wait, milliseconds: a page that is drawn twice takes longer. */
const patience = 50;

let prepare: Prepare | null = null;
let expected: Expected | null = null;

/** Whoever shows terminals says here how one is asked for that is about to be shown. */
export function prepareExpected(how: Prepare): void {
  prepare = how;
}

/**
 * A press has begun that may show this terminal, or the pointer or the keyboard rests where one would: what it holds is on its
 * way before the press ends, or begins.
 */
export function expectTerminal(id: TerminalId, isPressed: boolean): void {
  if (!prepare) return;
  const one: Expected = { id, hasCome: false, action: null };
  expected = one;
  prepare.expect(
    id,
    () => {
      one.hasCome = true;
      one.action?.();
    },
    isPressed,
  );
}

/** The person has gone elsewhere. */
export function expectNoLonger(id: TerminalId): void {
  if (expected?.id === id) expected = null;
  prepare?.expectNoLonger(id);
}

/**
 * The press has ended, and this shows the terminal: at once when its screen is there, or was not asked for; else as soon as
 * it comes, or after a moment without it.
 */
export function showExpected(id: TerminalId, show: () => void): void {
  const one = expected;
  expected = null;
  if (one?.id !== id || one.hasCome) {
    show();
    return;
  }
  const timer = setTimeout(() => one.action?.(), patience);
  one.action = () => {
    clearTimeout(timer);
    one.action = null;
    show();
  };
}
