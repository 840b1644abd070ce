import type { TerminalQuery } from '#shared/contract/terminals.ts';

/** A hit in a line of text: where, and how long. */
export type LineMatch = readonly [offset: number, length: number];

/** A query as a regular expression: its source and its flags. */
export interface Pattern {
  source: string;
  flags: string;
}

/** Throws a SyntaxError, in V8's words, when it should be a regular expression and is none. */
export function patternOf({ text, caseSensitive, regex }: TerminalQuery): Pattern {
  const source = regex ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  const flags = caseSensitive ? 'gu' : 'giu';
  if (!regex) return { source, flags };
  // What is loosely written, such as an escaped dash, is no error to a person: those flags are tried, too.
  try {
    new RegExp(source, flags);
    return { source, flags };
  } catch {
    const loose = flags.replace('u', '');
    new RegExp(source, loose);
    return { source, flags: loose };
  }
}

/** The hits in each line, at most so many a line. An empty hit is none. */
export function findMatches(lines: readonly string[], { source, flags }: Pattern, mostPerLine: number): LineMatch[][] {
  const expression = new RegExp(source, flags);
  return lines.map((line) => {
    const found: LineMatch[] = [];
    expression.lastIndex = 0;
    for (let match; found.length < mostPerLine && (match = expression.exec(line));) {
      if (match[0] === '') expression.lastIndex += 1;
      else found.push([match.index, match[0].length]);
    }
    return found;
  });
}
