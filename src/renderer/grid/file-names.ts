/** A part of a line that may name a file: what to ask the host about, and what it says of a place in it. */
export interface NamedPlace {
  /** Where it stands in the line: what is underlined when it is a file. */
  offset: number;
  length: number;
  name: string;
  line: number | null;
  column: number | null;
}

/** Longer lines are minified code and progress bars: nobody clicks in those. */
const longestLine = 2000;
const mostPlaces = 48;
/** Names with spaces are tried with so many words before the one with the line number. */
const wordsBefore = 3;

/** Behind a name: `:12:5`, `:12`, `(12,5)`, `#L12`. What follows must not go on with the number. */
const placeBehind =
  /^(.+?)(?::(\d{1,7})(?:[:.](\d{1,6}))?|\((\d{1,7})(?:[,:] ?(\d{1,6}))?\)|#L(\d{1,7})(?:C(\d{1,6}))?)(?![\w/\\])/u;
const opening = /^[([{<"'`«“]+/u;
const closing = /[)\]}>"'`»”,;:.!?]+$/u;
/** A name has a folder in it, or an end of its own. */
const looksLikeName = /[/\\]|\.[\p{L}\p{N}_]{1,12}$/u;
const isAddress = /^[a-z][a-z0-9+.-]*:\/\//iu;

/**
 * What in a line of output may name a file, as compilers, test runners and agents print them; the longest first where several
 * begin or end alike. Only the host can say which are files.
 */
export function namesInLine(text: string): NamedPlace[] {
  if (text.length > longestLine) return [];
  const found: NamedPlace[] = [];
  for (const match of text.matchAll(/\bFile "([^"]{1,500})", line (\d{1,7})/gu)) {
    found.push(placeAt(match.index, match[0].length, match[1] ?? '', match[2], undefined));
  }
  for (const match of text.matchAll(/(["'`])([^"'`]{1,500})\1(?::(\d{1,7})(?::(\d{1,6}))?)?/gu)) {
    const [whole, , inner = '', line, column] = match;
    if (inner.includes(' ') && looksLikeName.test(inner)) {
      found.push(placeAt(match.index, whole.length, inner, line, column));
    }
  }
  const words = Array.from(text.matchAll(/\S+/gu));
  words.forEach((word, index) => {
    const place = placeInWord(word[0], word.index);
    if (!place) return;
    if (place.line !== null || looksLikeName.test(place.name)) {
      // The name may have begun in a word before: `my notes/a file.md:3`.
      for (let before = Math.min(wordsBefore, index); before > 0; before--) {
        const start = words[index - before];
        if (!start) continue;
        const lead = opening.exec(start[0])?.[0].length ?? 0;
        const offset = start.index + lead;
        const name = text.slice(offset, place.offset) + place.name;
        found.push({ ...place, offset, length: place.offset + place.length - offset, name });
      }
    }
    if (!looksLikeName.test(place.name)) return;
    found.push(place);
    // As `git diff` names the two sides.
    if (/^[ab]\//u.test(place.name)) found.push({ ...place, name: place.name.slice(2) });
  });
  return found.slice(0, mostPlaces);
}

function placeInWord(word: string, at: number): NamedPlace | null {
  const lead = opening.exec(word)?.[0].length ?? 0;
  let rest = word.slice(lead);
  let offset = at + lead;
  // `Update(src/a.ts)`, `at run(src/a.ts:1:2)`: the name is inside.
  const inner = /^[\p{L}_$][\p{L}\p{N}_$.]*\((?=[^()\s]*[./\\])/u.exec(rest)?.[0].length ?? 0;
  if (inner > 0 && !/^\d/u.test(rest.slice(inner))) {
    rest = rest.slice(inner);
    offset += inner;
  }
  if (rest.startsWith('file://')) {
    rest = rest.slice('file://'.length);
    offset += 'file://'.length;
  }
  if (isAddress.test(rest)) return null;
  const match = placeBehind.exec(rest);
  if (match) {
    const [whole, name = '', line1, column1, line2, column2, line3, column3] = match;
    return placeAt(offset, whole.length, name, line1 ?? line2 ?? line3, column1 ?? column2 ?? column3);
  }
  const name = rest.replace(closing, '');
  return name === '' ? null : placeAt(offset, name.length, name, undefined, undefined);
}

function placeAt(
  offset: number,
  length: number,
  name: string,
  line: string | undefined,
  column: string | undefined,
): NamedPlace {
  return {
    offset,
    length,
    name,
    line: line === undefined || line === '0' ? null : Number(line),
    column: column === undefined || column === '0' ? null : Number(column),
  };
}
