import { useSeveral } from '#renderer/state/several.ts';
import type { TerminalId } from '#shared/ids.ts';

import { askBeforePaste, sanitizePaste } from './paste.ts';

/** A terminal that can be typed into from elsewhere. */
export interface Receiver {
  /** Types what was typed into another terminal, in this one's own encoding. */
  receive(data: string): void;
  /** Pastes without asking, in brackets where this program asked for them. */
  pasteUnasked(text: string): void;
}

/** Hands on what is typed and pasted into one of several terminals to the others. */
export class SeveralTyping {
  readonly #find: (id: TerminalId) => Receiver | null;

  constructor(find: (id: TerminalId) => Receiver | null) {
    this.#find = find;
  }

  /** Something was typed into this terminal, which has it already. */
  typed(id: TerminalId, data: string): void {
    const members = this.#members(id);
    if (!members || isReport(data)) return;
    useSeveral.getState().touch();
    for (const member of members) if (member !== id) this.#find(member)?.receive(data);
  }

  /** A paste into this terminal: true when it was taken over, for all of them. Several lines are asked about once. */
  paste(id: TerminalId, clipboardText: string): boolean {
    const members = this.#members(id);
    if (!members) return false;
    const text = sanitizePaste(clipboardText);
    const question = askBeforePaste(text, false);
    const paste = (): void => {
      useSeveral.setState({ pendingPaste: null });
      // Who receives by now: one may have ended while the question stood.
      for (const member of this.#members(id) ?? []) this.#find(member)?.pasteUnasked(text);
      useSeveral.getState().touch();
    };
    if (question) useSeveral.setState({ pendingPaste: { lines: question.lines, preview: question.preview, paste } });
    else if (text !== '') paste();
    return true;
  }

  #members(id: TerminalId): readonly TerminalId[] | null {
    const members = Array.from(useSeveral.getState().receiving.values());
    return members.includes(id) ? members : null;
  }
}

/** What a terminal says about the mouse and the focus is about that terminal alone. */
// oxlint-disable-next-line no-control-regex -- an escape sequence is what this is about
const isReport = (data: string): boolean => /^\x1b\[(?:[IO]$|<[\d;]+[Mm]|M)/.test(data);
