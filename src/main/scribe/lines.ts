import type { Key } from './key-reader.ts';

/** The lines that a person enters, kept until they are asked for. */
export class Lines {
  readonly #onDidEdit: (draft: string) => void;
  #draft = '';
  #entered: string[] = [];
  #ended = false;
  #waiting: ((line: string | null) => void) | null = null;

  /** `onDidEdit` hears the line that is being written, whenever it changes. */
  constructor(onDidEdit: (draft: string) => void) {
    this.#onDidEdit = onDidEdit;
  }

  get draft(): string {
    return this.#draft;
  }

  take(key: Key): void {
    switch (key.kind) {
      case 'text':
      case 'paste':
        this.#edit(this.#draft + key.text);
        break;
      case 'backspace':
        this.#edit(withoutLast(this.#draft));
        break;
      case 'clear':
        this.#edit('');
        break;
      case 'enter': {
        const line = this.#draft;
        this.#draft = '';
        this.#enter(line);
        break;
      }
      case 'end':
        // As in a shell: on a line with something on it, it does nothing.
        if (this.#draft === '') this.end();
        break;
      case 'interrupt':
        break;
    }
  }

  /** Nothing more will come. What was begun and not entered counts as entered. */
  end(): void {
    if (this.#ended) return;
    if (this.#draft !== '') this.#enter(this.#draft);
    this.#draft = '';
    this.#ended = true;
    this.#waiting?.(null);
    this.#waiting = null;
  }

  /** The next line; null when there will be none. */
  next(): Promise<string | null> {
    const line = this.#entered.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#ended) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** The next line that is entered from now on. Those that are waiting stay for later. */
  async nextNew(): Promise<string | null> {
    const early = this.#entered;
    this.#entered = [];
    const line = await this.next();
    this.#entered = [...early, ...this.#entered];
    return line;
  }

  #edit(draft: string): void {
    this.#draft = draft;
    this.#onDidEdit(draft);
  }

  #enter(line: string): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) waiting(line);
    else this.#entered.push(line);
  }
}

/** One press takes away what a person sees as one character, whatever it is made of. */
function withoutLast(text: string): string {
  const last = [...new Intl.Segmenter().segment(text)].at(-1);
  return last ? text.slice(0, last.index) : '';
}
