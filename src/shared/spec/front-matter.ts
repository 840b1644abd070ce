import { LineIndex } from './line-index.ts';

/** Where a spec's front matter is. Offsets count from the start of the text, its byte order mark included. */
export type FrontMatterPlace =
  | { kind: 'none' }
  | { kind: 'unclosed' }
  | {
      kind: 'found';
      /** What stands between the two fences, without them. */
      yaml: string;
      yamlFrom: number;
      yamlTo: number;
      /** Where the Markdown starts: after the closing fence's line. */
      bodyFrom: number;
    };

export const byteOrderMark = '\uFEFF';

const openingFence = /^---[ \t]*(?:\r?\n|$)/;
const closingFence = /^---[ \t]*(?:\r?\n|$(?![\s\S]))/m;

/** Finds the front matter: it opens with `---` on the very first line and closes with the next such line. */
export function findFrontMatter(text: string): FrontMatterPlace {
  const from = text.startsWith(byteOrderMark) ? 1 : 0;
  const opening = openingFence.exec(text.slice(from, from + 200));
  if (!opening) return { kind: 'none' };
  const yamlFrom = from + opening[0].length;
  const closing = closingFence.exec(text.slice(yamlFrom));
  if (!closing) return { kind: 'unclosed' };
  const yamlTo = yamlFrom + closing.index;
  return {
    kind: 'found',
    yaml: text.slice(yamlFrom, yamlTo),
    yamlFrom,
    yamlTo,
    bodyFrom: yamlTo + closing[0].length,
  };
}

/** Something wrong with front matter, where it stands. Lines and columns count from 1, as Monaco's do. */
export interface FrontMatterProblem {
  severity: 'error' | 'warning';
  message: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** Collects what is reported at places of the YAML, as places of the whole text. */
export function problemsIn(
  text: string,
  place: Extract<FrontMatterPlace, { kind: 'found' }>,
): {
  report: (severity: 'error' | 'warning', message: string, from: number, to: number) => void;
  problems: () => readonly FrontMatterProblem[];
  /** The line on which the body starts. */
  bodyLine: number;
} {
  const mark = text.startsWith(byteOrderMark) ? 1 : 0;
  const head = text.slice(mark, place.bodyFrom);
  const lines = new LineIndex(head);
  const problems: FrontMatterProblem[] = [];
  return {
    report: (severity, message, from, to) => {
      const start = lines.at(place.yamlFrom - mark + from);
      const end = lines.at(place.yamlFrom - mark + Math.max(to, from + 1));
      problems.push({ severity, message, ...start, endLine: end.line, endColumn: end.column });
    },
    problems: () => problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
    // The closing fence can be the last line of the file, without an end of its own.
    bodyLine: lines.at(head.length).line + (head.endsWith('\n') ? 0 : 1),
  };
}
