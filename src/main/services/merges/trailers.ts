export interface Trailer {
  key: string;
  value: string;
}

/**
 * The message with these trailers at its end, by the rules of `git interpret-trailers --if-exists addIfDifferent`: added
 * to the block of trailers where there is one, else as a block of their own, and not a second time when the same key
 * already has the same value. The lines that are there stay as the person wrote them. Git's own command is not used: it
 * runs what the repository's config names (`trailer.<key>.command`).
 */
export function withTrailers(message: string, trailers: readonly Trailer[]): string {
  const lines = tidy(message);
  const wanted = trailers.map(({ key, value }) => ({ key, value: value.replace(/\s+/gu, ' ').trim() }));
  const start = trailerBlockStart(lines);
  const present = start === null ? [] : readTrailers(lines.slice(start));
  const missing = wanted.filter(
    ({ key, value }) =>
      value !== '' &&
      !present.some((trailer) => trailer.key.toLowerCase() === key.toLowerCase() && trailer.value === value),
  );
  if (missing.length === 0) return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  const added = missing.map(({ key, value }) => `${key}: ${value}`);
  const body = start === null && lines.length > 0 ? [...lines, ''] : lines;
  return `${[...body, ...added].join('\n')}\n`;
}

/** Without what Git would strip or refuse: NUL, trailing blanks, blank lines at the ends and in a row. */
function tidy(message: string): string[] {
  const lines: string[] = [];
  for (const raw of message.replaceAll('\0', '').split(/\r\n|\r|\n/u)) {
    const line = raw.replace(/[ \t]+$/u, '');
    if (line !== '' || (lines.length > 0 && lines.at(-1) !== '')) lines.push(line);
  }
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Unlike in Git, an address (`https://…`) on a line of its own is not a trailer: Git would write `https: //…`. */
const trailerLine = /^([A-Za-z0-9-]+)[ \t]*:(?!\/\/)(.*)$/u;
/** Lines that Git writes itself: one of them makes a block of trailers even of a paragraph with other text in it. */
const writtenByGit = /^(Signed-off-by: |\(cherry picked from commit )/u;

/**
 * The first line of the last paragraph when that is a block of trailers, else null. The first paragraph is the subject
 * and never one. As in Git: all lines are trailers (a line that starts with a blank continues the one before), or one is
 * written by Git and at least a quarter are trailers.
 */
function trailerBlockStart(lines: readonly string[]): number | null {
  const start = lines.lastIndexOf('') + 1;
  if (start === 0 || start >= lines.length) return null;
  let trailerCount = 0;
  let otherCount = 0;
  let hasGits = false;
  let continues: 'trailer' | 'other' = 'other';
  for (const line of lines.slice(start)) {
    if (writtenByGit.test(line)) {
      hasGits = true;
      trailerCount++;
      continues = 'trailer';
    } else if (/^[ \t]/u.test(line)) {
      if (continues === 'other') otherCount++;
    } else if (trailerLine.test(line)) {
      trailerCount++;
      continues = 'trailer';
    } else {
      otherCount++;
      continues = 'other';
    }
  }
  const isBlock = (trailerCount > 0 && otherCount === 0) || (hasGits && trailerCount * 3 >= otherCount);
  return isBlock ? start : null;
}

function readTrailers(lines: readonly string[]): readonly Trailer[] {
  const found: Trailer[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    const match = trailerLine.exec(line);
    if (/^[ \t]/u.test(line) && last !== undefined) last.value = `${last.value} ${line.trim()}`.trim();
    else if (match) found.push({ key: match[1] ?? '', value: (match[2] ?? '').trim() });
  }
  return found;
}
