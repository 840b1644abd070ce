import type { Disposable } from '#shared/disposable.ts';

/** What of an xterm.js terminal is needed here. */
export interface LinkTerminal {
  readonly parser: {
    registerEscHandler(id: { final: string }, callback: () => boolean): Disposable;
    registerOscHandler(id: number, callback: (data: string) => boolean): Disposable;
  };
}

/** One line that a link is on. xterm.js moves it with the scrollback and forgets the link with its last line. */
interface LinkLine extends Disposable {
  readonly isDisposed: boolean;
}

/** What xterm.js 6.0.0 keeps its links in. The version is pinned, and a test fails when another names things otherwise. */
interface LinkCore {
  _oscLinkService?: {
    _dataByLinkId: Map<number, { readonly lines: readonly LinkLine[] }>;
    registerLink(data: unknown): number;
    addLineToLink(link: number, line: number): void;
  };
}

/** No address that leads anywhere is longer; what carries a longer one is text without a link. */
const longestAddress = 4096;
/** A link that was never closed takes in every line that follows. It stays a link on so many. */
const mostLinesOfLink = 64;
/** All lines of all links: each is asked whenever a line scrolls, so that 80,000 of them stopped a terminal for minutes. */
const mostLines = 500;

/**
 * Keeps the links (OSC 8) of a terminal to those printed last; the text of older ones stays, as text. Without it each
 * line of output costs as much as there are links above it, and a screen that was cleared (RIS) is kept in memory for as
 * long as the terminal lives if there was a link on it.
 */
export function guardLinks(terminal: LinkTerminal): Disposable {
  const links = (terminal as { _core?: LinkCore })._core?._oscLinkService;
  if (!links) return { dispose: () => undefined };
  let lines: LinkLine[] = [];

  const keepLast = (): void => {
    if (lines.length <= mostLines) return;
    lines = lines.filter((line) => !line.isDisposed);
    if (lines.length <= mostLines) return;
    // More than one at a time, so that the next ones cost nothing.
    const surplus = lines.length - Math.floor(mostLines * 0.75);
    for (const line of lines.splice(0, surplus)) line.dispose();
  };
  /** Notes the line that a call has added to a link, if it has. */
  const follow = (link: number, before: number): void => {
    const after = links._dataByLinkId.get(link)?.lines;
    const added = after && after.length > before ? after.at(-1) : undefined;
    if (!added) return;
    lines.push(added);
    keepLast();
  };

  const registerLink = links.registerLink.bind(links);
  const addLineToLink = links.addLineToLink.bind(links);
  links.registerLink = (data) => {
    const known = links._dataByLinkId.size;
    const link = registerLink(data);
    // One that was there has got its line from `addLineToLink`.
    if (links._dataByLinkId.size > known) follow(link, 0);
    return link;
  };
  links.addLineToLink = (link, line) => {
    const before = links._dataByLinkId.get(link)?.lines.length;
    if (before === undefined || before >= mostLinesOfLink) return;
    addLineToLink(link, line);
    follow(link, before);
  };
  const handlers = [
    terminal.parser.registerOscHandler(8, (data) => data.length > longestAddress),
    terminal.parser.registerEscHandler({ final: 'c' }, () => {
      for (const line of lines.splice(0)) line.dispose();
      return false;
    }),
  ];
  return {
    dispose: () => {
      for (const handler of handlers) handler.dispose();
      links.registerLink = registerLink;
      links.addLineToLink = addLineToLink;
    },
  };
}
