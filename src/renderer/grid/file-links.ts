import type { ILink, ILinkProvider, Terminal } from '@xterm/xterm';

import { firstRowOf, placeInLine, readLine } from '#shared/terminal/lines.ts';

import { namesInLine, type NamedPlace } from './file-names.ts';
import { isOpening } from './link-address.ts';

/** A place in a file that is there. */
export interface FilePlace {
  path: string;
  line: number | null;
  column: number | null;
}

export interface FileLinkHost {
  /** For each name the path of the file in the worktree that it means, or null. */
  find: (names: readonly string[]) => Promise<readonly (string | null)[]>;
  open: (place: FilePlace) => void;
}

/** What is there is asked anew after so long: agents make files all the time. */
const knownMilliseconds = 3000;
const mostKnown = 500;

/** Makes links of the files that a terminal names, when the pointer is on their line. */
export class FileLinks implements ILinkProvider {
  readonly #terminal: Terminal;
  readonly #onHover: (place: FilePlace | null) => void;
  readonly #known = new Map<string, { path: string | null; at: number }>();
  #host: FileLinkHost | null = null;

  constructor(terminal: Terminal, onHover: (place: FilePlace | null) => void) {
    this.#terminal = terminal;
    this.#onHover = onHover;
  }

  /** Who knows the files of this terminal's run; null: nobody, and there are no links. */
  setHost(host: FileLinkHost | null): void {
    this.#host = host;
    this.#known.clear();
  }

  provideLinks(bufferLineNumber: number, callback: (links: ILink[] | undefined) => void): void {
    void this.#answer(bufferLineNumber - 1, callback);
  }

  async #answer(row: number, callback: (links: ILink[] | undefined) => void): Promise<void> {
    let links: ILink[] | undefined;
    try {
      links = await this.#linksIn(row);
    } catch {
      // The host is away: the banner says so, and nothing is a link meanwhile.
    }
    callback(links);
  }

  async #linksIn(row: number): Promise<ILink[] | undefined> {
    const host = this.#host;
    const buffer = this.#terminal.buffer.active;
    const line = readLine(buffer, firstRowOf(buffer, row), this.#terminal.cols);
    if (!host || !line) return undefined;
    const names = namesInLine(line.text);
    if (names.length === 0) return undefined;
    const paths = await this.#find(host, names);
    const taken: NamedPlace[] = [];
    return names.flatMap((named, index) => {
      const path = paths[index];
      if (path === undefined || path === null) return [];
      if (taken.some((other) => overlap(named, other))) return [];
      taken.push(named);
      const from = placeInLine(buffer, line, named.offset);
      const last = placeInLine(buffer, line, named.offset + named.length - 1);
      const place: FilePlace = { path, line: named.line, column: named.column };
      return [
        {
          range: { start: { x: from.col + 1, y: from.row + 1 }, end: { x: last.col + 1, y: last.row + 1 } },
          text: line.text.slice(named.offset, named.offset + named.length),
          activate: (event) => {
            // A plain click selects text and belongs to the program.
            if (isOpening(event)) host.open(place);
          },
          hover: () => {
            this.#onHover(place);
          },
          leave: () => {
            this.#onHover(null);
          },
        },
      ];
    });
  }

  async #find(host: FileLinkHost, names: readonly NamedPlace[]): Promise<readonly (string | null)[]> {
    const now = performance.now();
    const unknown = Array.from(new Set(names.map(({ name }) => name))).filter((name) => {
      const known = this.#known.get(name);
      return known === undefined || now - known.at > knownMilliseconds;
    });
    if (unknown.length > 0) {
      const found = await host.find(unknown);
      if (this.#known.size > mostKnown) this.#known.clear();
      unknown.forEach((name, index) => this.#known.set(name, { path: found[index] ?? null, at: now }));
    }
    return names.map(({ name }) => this.#known.get(name)?.path ?? null);
  }
}

const overlap = (a: NamedPlace, b: NamedPlace): boolean =>
  a.offset < b.offset + b.length && b.offset < a.offset + a.length;

/** `src/a.ts:12:5`, as it is shown. */
export const placeInWords = ({ path, line, column }: FilePlace): string =>
  [path, line, column].filter((part) => part !== null).join(':');
