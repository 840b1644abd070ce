import { keyPass } from '#renderer/state/key-pass.ts';
import { isMac } from '#renderer/ui/keys.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { TerminalId } from '#shared/ids.ts';

import { controlCharacter } from './control-character.ts';
import { inCursorMode } from './cursor-mode.ts';
import { askBeforePaste, inputPieces, sanitizePaste } from './paste.ts';
import { silenceReplies, type AnsweringTerminal } from './silence-replies.ts';
import { keyAction } from './terminal-keys.ts';
import type { TerminalStateHolder } from './terminal-state.ts';

/** The part of an xterm that input goes through. */
export interface InputTerminal extends AnsweringTerminal {
  onData: (listener: (data: string) => void) => Disposable;
  onBinary: (listener: (data: string) => void) => Disposable;
  paste(text: string): void;
  /** Sends text as if it had been typed. */
  input(data: string): void;
  getSelection(): string;
  readonly modes: { readonly bracketedPasteMode: boolean; readonly applicationCursorKeysMode: boolean };
}

export interface TerminalInputOptions {
  id: TerminalId;
  terminals: Pick<HostApi['terminals'], 'write'>;
  terminal: InputTerminal;
  state: TerminalStateHolder;
  onFault: (doing: string, error: unknown) => void;
  /** The program does not read its input: what the person typed or pasted did not get there, or not to its end. */
  onNotRead: () => void;
  /** What the person typed here, for the other terminals that are to have it as well. */
  onTyped?: (data: string) => void;
  /** Takes a paste over: true when it is for several terminals and done with here. */
  takePaste?: (text: string) => boolean;
}

/** What the person does to a terminal on its way to the host, and nothing that the terminal says of its own accord. */
export class TerminalInput implements Disposable {
  readonly #options: TerminalInputOptions;
  readonly #owned: readonly Disposable[];
  #isPasting = false;
  #isTurningWheel = false;
  /** What is on its way, each text in its pieces. */
  readonly #texts: string[][] = [];
  #isSending = false;

  constructor(options: TerminalInputOptions) {
    this.#options = options;
    const { terminal } = options;
    const silencer = silenceReplies(terminal);
    this.#owned = [
      silencer,
      terminal.onData((data) => {
        if (silencer.isAnswering()) return;
        this.#send(data);
        if (!this.#isPasting && !this.#isTurningWheel) options.onTyped?.(data);
      }),
      terminal.onBinary((data) => {
        // Mouse reports of the oldest kind. Beyond column 95 they are no text, and sent as text they would mean another place.
        if (isAscii(data)) this.#send(data);
      }),
    ];
  }

  /** What to do with a key before xterm sees it: false keeps it from xterm. */
  handleKey(event: KeyboardEvent): boolean {
    const control = controlCharacter(event, isMac);
    const isOurs = !keyPass.isPassed(event) && keyAction(event) !== 'type';
    if (control !== null && !isOurs) {
      event.preventDefault(); // in a browser it may close the tab or open the developer tools
      if (event.type === 'keydown') this.#options.terminal.input(control);
      return false;
    }
    const action = keyPass.isPassed(event) ? 'type' : keyAction(event);
    if (action === 'copy') {
      event.preventDefault(); // in a browser it would open the developer tools
      if (event.type === 'keydown') this.copy();
    }
    return action === 'type';
  }

  /** Puts the selection on the clipboard, if there is one. */
  copy(): void {
    const text = this.#options.terminal.getSelection();
    if (text === '') return;
    navigator.clipboard.writeText(text).catch((error: unknown) => {
      this.#options.onFault('Copy from the terminal', error);
    });
  }

  /** Types text as a paste. Several lines wait for the person's word where each of them would run at once. */
  paste(clipboardText: string): void {
    const { terminal, state, takePaste } = this.#options;
    if (takePaste?.(clipboardText)) return;
    const text = sanitizePaste(clipboardText);
    if (text === '') return;
    const pendingPaste = askBeforePaste(text, terminal.modes.bracketedPasteMode);
    if (pendingPaste) state.change({ pendingPaste });
    else this.pasteUnasked(text);
  }

  /** Pastes into this terminal and no other. */
  pasteUnasked(text: string): void {
    this.#isPasting = true;
    try {
      this.#options.terminal.paste(text);
    } finally {
      this.#isPasting = false;
    }
  }

  /** Types what was typed into another terminal. */
  receive(data: string): void {
    this.#send(inCursorMode(data, this.#options.terminal.modes.applicationCursorKeysMode));
  }

  /** Says what the person does now: in a program that fills the screen, xterm makes cursor keys of the wheel. */
  noteHand(hand: 'wheel' | 'keys'): void {
    this.#isTurningWheel = hand === 'wheel';
  }

  /** The person's word on a paste that waits. */
  answerPaste(answer: 'paste' | 'cancel'): void {
    const { state } = this.#options;
    const { pendingPaste } = state.get();
    state.change({ pendingPaste: null });
    if (pendingPaste && answer === 'paste') this.pasteUnasked(pendingPaste.text);
  }

  dispose(): void {
    for (const owned of this.#owned) owned.dispose();
  }

  #send(data: string): void {
    const pieces = inputPieces(data);
    if (pieces.length === 0) return;
    this.#texts.push(pieces);
    if (!this.#isSending) void this.#sendAll();
  }

  /** Of a long text each piece waits for the one before: after one that was not taken, the rest would be another text. */
  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let text = this.#texts.shift(); text; text = this.#texts.shift()) {
      const last = text.pop();
      let isTaken = true;
      for (const piece of text) {
        isTaken = await this.#write(piece);
        if (!isTaken) break;
      }
      // A key does not wait for the key before.
      if (isTaken && last !== undefined) void this.#write(last);
    }
    this.#isSending = false;
  }

  async #write(data: string): Promise<boolean> {
    const { id, terminals, onFault, onNotRead } = this.#options;
    try {
      const written = await terminals.write({ id, data });
      if (written.ok) return true;
      // A program that has ended meanwhile is no fault: the pane says so.
      if (written.error.kind === 'not-read') onNotRead();
    } catch (error) {
      onFault('Type into the terminal', error);
    }
    return false;
  }
}

const isAscii = (data: string): boolean => Array.from(data).every((character) => character < '\x80');
