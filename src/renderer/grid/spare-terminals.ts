import type { Disposable } from '#shared/disposable.ts';
import type { WindowsPty } from '#shared/terminal/windows-pty.ts';

import { BlankTerminal } from './blank-terminal.ts';
import type { TerminalAppearance } from './terminal-appearance.ts';
import styles from './SpareTerminals.module.css';

/** How the terminals of this page look and behave just now. */
export interface TerminalKind {
  appearance: TerminalAppearance;
  windowsPty: WindowsPty | null;
}

/**
 * xterm measures each character when it is drawn for the first time, which lays out the page. Bold ones are others. In
 * pieces that take about 10 ms each.
 */
const primers: readonly string[] = ['', '\x1b[1m'].flatMap((style) =>
  [' !"#$%&\'()*+,-./0123456789:;<=>?@', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`', 'abcdefghijklmnopqrstuvwxyz{|}~'].map(
    (characters) => `${style}${characters}\x1b[m`,
  ),
);
/** What a person has just asked for comes first, however busy the page is. Milliseconds. */
const restMilliseconds = 300;
/** One for the card that a person points at on the way, and one for the card that is pressed then. */
const kept = 2;

/**
 * Terminals that are made before anybody asks for them. To make one, open it and measure its characters takes the page
 * longer than to show what it holds: with one at hand, a hidden terminal is there a third sooner.
 */
export class SpareTerminals implements Disposable {
  readonly #place = document.createElement('div');
  #kind: TerminalKind | null = null;
  readonly #spares: BlankTerminal[] = [];
  /** Not ready yet. */
  #making: BlankTerminal | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #idle = 0;

  constructor() {
    this.#place.className = styles['place'] ?? '';
    this.#place.inert = true;
  }

  /** Whether the next one of the same kind is there without a wait. */
  get isAtHand(): boolean {
    return this.#spares.length > 0;
  }

  /** A terminal of this kind: a spare one if there is one, else a new one. Another spare is made when the page rests. */
  take(kind: TerminalKind): BlankTerminal {
    const isSame = this.#kind?.appearance === kind.appearance && this.#kind.windowsPty === kind.windowsPty;
    if (!isSame) this.#disposeSpares();
    this.#kind = kind;
    const taken = this.#spares.shift();
    this.#makeAtRest();
    return taken ?? new BlankTerminal(kind.appearance, kind.windowsPty);
  }

  dispose(): void {
    this.#cancel();
    this.#disposeSpares();
    this.#place.remove();
  }

  #makeAtRest(): void {
    this.#cancel();
    this.#timer = setTimeout(() => {
      this.#whenIdle(() => {
        this.#make();
      });
    }, restMilliseconds);
  }

  #make(): void {
    if (!this.#kind) return;
    document.body.append(this.#place);
    const spare = new BlankTerminal(this.#kind.appearance, this.#kind.windowsPty);
    this.#place.append(spare.root);
    spare.open();
    this.#making = spare;
    this.#prime(spare, primers);
  }

  /** One piece at a time, each when there is nothing else to do. Only then is it of use. */
  #prime(spare: BlankTerminal, [next, ...rest]: readonly string[]): void {
    if (next === undefined) {
      spare.terminal.reset();
      this.#making = null;
      this.#spares.push(spare);
      if (this.#spares.length < kept) this.#makeAtRest();
      return;
    }
    const drawn = spare.terminal.onRender(() => {
      drawn.dispose();
      this.#whenIdle(() => {
        this.#prime(spare, rest);
      });
    });
    spare.terminal.write(`${next}\r\n`);
  }

  #whenIdle(action: () => void): void {
    this.#idle = requestIdleCallback(action);
  }

  #disposeSpares(): void {
    for (const spare of this.#spares.splice(0)) spare.dispose();
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    cancelIdleCallback(this.#idle);
    this.#making?.dispose();
    this.#making = null;
  }
}
