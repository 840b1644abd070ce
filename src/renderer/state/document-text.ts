import { byteOrderMark } from '#shared/spec/front-matter.ts';

/** The text without the mark that some editors begin a file with. */
export const withoutMark = (text: string): string => (text.startsWith(byteOrderMark) ? text.slice(1) : text);

/**
 * What a file would hold after the edits in `model`, which knows no byte order mark and only one kind of line end: lines that
 * were not edited end as they do in the file, others as the line before them, and the mark stays. So one edited word is one
 * changed line.
 */
export function documentText({ model, savedText }: { model: { getValue: () => string }; savedText: string }): string {
  return withLineEndsOf(savedText, model.getValue());
}

/** The lines of `edited` with the line ends, and the byte order mark, of `saved`. */
export function withLineEndsOf(saved: string, edited: string): string {
  const mark = saved.startsWith(byteOrderMark) ? byteOrderMark : '';
  const former = linesOf(withoutMark(saved));
  const ends = new Set(former.map(({ end }) => end).filter((end) => end !== ''));
  const [only = null] = ends;
  // Of a text without a line end there is nothing to keep.
  if (only === null) return mark + edited;
  if (ends.size === 1) return mark + edited.replaceAll(lineEnd, only);

  const lines = linesOf(edited);
  const partners = partnersOf(
    former.map(({ text }) => text),
    lines.map(({ text }) => text),
  );
  let end = only;
  let whole = mark;
  for (const [index, { text }] of lines.entries()) {
    const partner = former[partners.get(index) ?? -1];
    if (partner !== undefined && partner.end !== '') ({ end } = partner);
    whole += index === lines.length - 1 ? text : text + end;
  }
  return whole;
}

const lineEnd = /\r\n|\r|\n/gu;

interface Line {
  text: string;
  /** Empty after the last one. */
  end: string;
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let from = 0;
  for (const match of text.matchAll(lineEnd)) {
    lines.push({ text: text.slice(from, match.index), end: match[0] });
    from = match.index + match[0].length;
  }
  return [...lines, { text: text.slice(from), end: '' }];
}

/** Above this many pairs of lines, the lines between the first and the last edit are not compared one with another. */
const maximumPairs = 4_000_000;

/** Which line of `former` each line of `lines` was, as far as that can be told; both by index. */
function partnersOf(former: readonly string[], lines: readonly string[]): ReadonlyMap<number, number> {
  const partners = new Map<number, number>();
  const shorter = Math.min(former.length, lines.length);
  let start = 0;
  while (start < shorter && former[start] === lines[start]) {
    partners.set(start, start);
    start += 1;
  }
  let tail = 0;
  while (tail < shorter - start && former.at(-1 - tail) === lines.at(-1 - tail)) {
    tail += 1;
    partners.set(lines.length - tail, former.length - tail);
  }
  const [oldCount, newCount] = [former.length - start - tail, lines.length - start - tail];
  if (oldCount === newCount) {
    for (let index = start; index < start + newCount; index++) partners.set(index, index);
  } else if (oldCount * newCount <= maximumPairs) {
    const found = commonLines(former.slice(start, start + oldCount), lines.slice(start, start + newCount));
    for (const [now, before] of found) partners.set(now + start, before + start);
  }
  return partners;
}

/** A longest row of lines that both have in this order: from the index in `after` to the one in `before`. */
function commonLines(before: readonly string[], after: readonly string[]): ReadonlyMap<number, number> {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const lengthAt = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        before[i] === after[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const found = new Map<number, number>();
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      found.set(j, i);
      i += 1;
      j += 1;
    } else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i += 1;
    else j += 1;
  }
  return found;
}
