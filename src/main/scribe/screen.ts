import { withoutControls } from './programs.ts';

export interface Output {
  write(text: string): void;
  isTTY?: boolean;
  columns?: number;
}

const spinner = ['◐', '◓', '◑', '◒'] as const;
const spinnerMilliseconds = 120;

const marks = { done: ['32', '✓'], failed: ['31', '✗'], note: ['2', '·'] } as const;

/** What a person sees. On a terminal with colours, a title and a moving sign of work; on a pipe only the lines. */
export class Screen {
  readonly #output: Output;
  readonly #isTerminal: boolean;
  readonly #hasColours: boolean;
  #spinning: NodeJS.Timeout | null = null;
  #prompting = false;

  constructor(output: Output, env: NodeJS.ProcessEnv) {
    this.#output = output;
    this.#isTerminal = output.isTTY === true;
    this.#hasColours = this.#isTerminal && !env['NO_COLOR'];
    // Pasted text then comes between marks, and not as if each of its lines had been entered.
    if (this.#isTerminal) output.write('\x1b[?2004h');
  }

  /** The title is how others learn the state: its first sign is the one that many agents use. */
  title(state: 'working' | 'waiting' | 'idle', text: string): void {
    if (!this.#isTerminal) return;
    const sign = { working: '◐', waiting: '✋', idle: '✳' }[state];
    this.#output.write(`\x1b]0;${sign} ${oneLine(text).slice(0, 120)}\x07`);
  }

  heading(text: string): void {
    this.#line(this.#paint('1', oneLine(text)));
  }

  say(text = ''): void {
    for (const line of withoutControls(text).split('\n')) this.#line(this.#wrap(line, 0));
  }

  /** Text of another program, set off from ours. */
  quote(text: string): void {
    for (const line of withoutControls(text).split('\n')) this.#line(this.#paint('2', `  │ ${this.#fit(line, 4)}`));
  }

  mark(kind: keyof typeof marks, text: string): void {
    const [colour, sign] = marks[kind];
    this.#line(`${this.#paint(colour, sign)} ${this.#wrap(oneLine(text), 2)}`);
  }

  /** Shows that something goes on until the returned function is called. */
  working(text: string): () => void {
    if (!this.#isTerminal) return () => undefined;
    let frame = 0;
    const draw = (): void => {
      const sign = spinner[frame++ % spinner.length] ?? '';
      this.#output.write(`\r\x1b[2K${this.#paint('36', sign)} ${this.#fit(oneLine(text), 2)}`);
    };
    draw();
    this.#spinning = setInterval(draw, spinnerMilliseconds);
    return () => {
      this.#stopSpinning();
      this.#output.write('\r\x1b[2K');
    };
  }

  /** The line on which the person writes. */
  prompt(draft: string): void {
    this.#prompting = true;
    if (!this.#isTerminal) return;
    const [first = '', ...more] = withoutControls(draft).split('\n');
    const shown = more.length === 0 ? first : `${first} … (${String(more.length + 1)} lines)`;
    this.#output.write(`\r\x1b[2K› ${this.#fitEnd(shown)}`);
  }

  edited(draft: string): void {
    if (this.#prompting) this.prompt(draft);
  }

  /** The person has entered their line. */
  entered(): void {
    this.#prompting = false;
    if (this.#isTerminal) this.#output.write('\r\n');
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.#stopSpinning();
    if (this.#isTerminal) this.#output.write('\x1b[?2004l\x1b[0m\r\n');
  }

  #stopSpinning(): void {
    if (this.#spinning) clearInterval(this.#spinning);
    this.#spinning = null;
  }

  #line(text: string): void {
    this.#output.write(this.#isTerminal ? `${text.replaceAll('\n', '\r\n')}\r\n` : `${text}\n`);
  }

  #paint(code: string, text: string): string {
    return this.#hasColours ? `\x1b[${code}m${text}\x1b[0m` : text;
  }

  get #columns(): number {
    return this.#output.columns ?? 80;
  }

  /** Breaks a long line between words, so that the terminal does not break it within one. */
  #wrap(text: string, indent: number): string {
    if (!this.#isTerminal) return text;
    const room = Math.max(10, this.#columns - indent - 1);
    const lines = [''];
    for (const word of text.split(/(?<=\s)(?=\S)/)) {
      const last = lines.at(-1) ?? '';
      if (last !== '' && last.length + word.trimEnd().length > room) lines.push(word);
      else lines[lines.length - 1] = last + word;
    }
    return lines.join(`\n${' '.repeat(indent)}`);
  }

  #fit(text: string, taken: number): string {
    const room = Math.max(10, this.#columns - taken - 1);
    return this.#isTerminal && text.length > room ? `${text.slice(0, room - 1)}…` : text;
  }

  #fitEnd(text: string): string {
    const room = Math.max(10, this.#columns - 4);
    return text.length > room ? `…${text.slice(1 - room)}` : text;
  }
}

const oneLine = (text: string): string => withoutControls(text).replaceAll(/\s+/g, ' ').trim();
