import type { GuardableTerminal } from '#shared/terminal/guard-sequences.ts';

/** Text, background and cursor, by the sequences that set them; `100 +` gives the one that sets each back. */
const own = [10, 11, 12];
const paletteSize = 256;
/** Far more than all colours at once take; whatever is longer is nobody's colours. */
const mostChars = 16_384;
/** As xterm.js reads them: any other it passes over, and so the colour stays what it was. */
const colour =
  /^(?:#(?:[\da-f]{3}|[\da-f]{6}|[\da-f]{9}|[\da-f]{12})|rgb:(?:[\da-f](?:\/[\da-f]){2}|[\da-f]{2}(?:\/[\da-f]{2}){2}|[\da-f]{3}(?:\/[\da-f]{3}){2}|[\da-f]{4}(?:\/[\da-f]{4}){2}))$/iu;

/** The colours that a program has set in place of the theme's (OSC 4, 10, 11, 12). A screen without a window keeps none of them. */
export class ScreenColours {
  readonly #palette = new Map<number, string>();
  readonly #own = new Map<number, string>();
  /** Whoever has seen an earlier screen has to be told also that there are none any more. */
  #wereSet = false;

  /** Hears what is written to a terminal, for as long as that is there. */
  follow({ parser }: Pick<GuardableTerminal, 'parser'>): void {
    const hear = (code: number, heard: (data: string) => void): void => {
      parser.registerOscHandler(code, (data) => {
        if (data.length <= mostChars) heard(data);
        return false;
      });
    };
    hear(4, (data) => {
      const parts = data.split(';');
      for (let at = 0; at + 1 < parts.length; at += 2) this.#setPalette(parts[at] ?? '', parts[at + 1] ?? '');
    });
    hear(104, (data) => {
      if (data === '') this.#palette.clear();
      for (const index of data.split(';')) if (isIndex(index)) this.#palette.delete(Number(index));
    });
    for (const code of own) {
      // More than one is for those that follow: `10;TEXT;BACKGROUND;CURSOR`.
      hear(code, (data) => {
        data.split(';').forEach((value, at) => {
          this.#setOwn(code + at, value);
        });
      });
      hear(100 + code, () => this.#own.delete(code));
    }
  }

  /** What sets them where a terminal has other ones. Empty as long as none was ever set. */
  sequences(): string {
    if (!this.#wereSet) return '';
    let text = leaveColours;
    for (const [index, value] of this.#palette) text += `\x1b]4;${String(index)};${value}\x07`;
    for (const [code, value] of this.#own) text += `\x1b]${String(code)};${value}\x07`;
    return text;
  }

  /** What sets them back for the next program. */
  leave(): string {
    return this.#palette.size > 0 || this.#own.size > 0 ? leaveColours : '';
  }

  #setPalette(index: string, value: string): void {
    if (!isIndex(index) || !colour.test(value)) return;
    this.#palette.set(Number(index), value);
    this.#wereSet = true;
  }

  #setOwn(code: number, value: string): void {
    if (!own.includes(code) || !colour.test(value)) return;
    this.#own.set(code, value);
    this.#wereSet = true;
  }
}

const isIndex = (text: string): boolean => /^\d{1,3}$/u.test(text) && Number(text) < paletteSize;
const leaveColours = ['104', ...own.map((code) => String(100 + code))].map((code) => `\x1b]${code}\x07`).join('');
