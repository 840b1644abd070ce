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
