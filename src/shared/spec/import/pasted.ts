import { withTitle } from '#shared/spec/edit-front-matter.ts';
import { findFrontMatter } from '#shared/spec/front-matter.ts';
import { parseSpec } from '#shared/spec/spec-file.ts';

import { specTextOf } from './imported-spec.ts';
import { readLooseMarkdown } from './loose-markdown.ts';
import { markdownLines, type MarkdownLine } from './markdown-lines.ts';

/** A spec that a pasted text would make. */
export interface PastedSpec {
  title: string;
  text: string;
  notes: readonly string[];
}

/**
 * The specs in a pasted text: one, or several that begin with front matter, with a title of the first level, or with a
 * heading after a line `---`. What stands in code is left alone. Each is made whole: front matter with a title, acceptance
 * where there is some.
 */
export function readPastedSpecs(text: string): readonly PastedSpec[] {
  return splitPasted(text).map(toSpec);
}

function toSpec(piece: string): PastedSpec {
  if (hasFrontMatter(piece)) {
    const { frontMatter, body } = parseSpec(piece);
    if (frontMatter.title !== '') return { title: frontMatter.title, text: ended(piece), notes: [] };
    const { title } = readLooseMarkdown(body, { title: null });
    const titled = withTitle(piece, title === '' ? 'Pasted spec' : title);
    if (titled !== null) return { title, text: ended(titled), notes: ['Its title was taken from its text.'] };
  }
  const spec = readLooseMarkdown(piece, { title: null });
  const title = spec.title === '' ? 'Pasted spec' : spec.title;
  return { title, text: specTextOf({ ...spec, title }, null), notes: spec.notes };
}

const ended = (text: string): string => `${text.trimEnd()}\n`;

function splitPasted(text: string): readonly string[] {
  const whole = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  const lines = whole.split('\n');
  // The same lines with what is code known; comments are kept here, because the text is taken as it is.
  const marked = codeLines(whole);
  const titles = marked.filter(({ heading }) => heading?.level === 1).length;
  const pieces: string[][] = [[]];
  let isInFrontMatter = false;
  for (const [index, line] of lines.entries()) {
    const current = pieces.at(-1) ?? [];
    const isEmpty = current.every((each) => each.trim() === '');
    // Front matter is short; to look to the end of the text from every rule in it could take minutes.
    const rest = (): string => lines.slice(index, index + 200).join('\n');
    if (isInFrontMatter) {
      current.push(line);
      if (isRule(line)) isInFrontMatter = false;
    } else if (marked[index]?.isCode) current.push(line);
    else if (isRule(line) && hasFrontMatter(rest())) {
      pieces.push([line]);
      isInFrontMatter = true;
    } else if (isRule(line) && (lines[index - 1] ?? '').trim() === '' && beginsWithHeading(marked, index + 1)) {
      pieces.push([]);
    } else if (marked[index]?.heading?.level === 1 && titles > 1 && !isEmpty && !endsFrontMatter(current)) {
      pieces.push([line]);
    } else current.push(line);
  }
  return pieces.map((piece) => piece.join('\n').trim()).filter((piece) => piece !== '');
}

/** Every line, also those of comments, so that their numbers are those of the text. */
function codeLines(text: string): readonly MarkdownLine[] {
  return markdownLines(text.replaceAll('<!--', '< !--'));
}

const isRule = (line: string): boolean => /^---[ \t]*$/.test(line);

/** Whether the text begins with front matter that says something, and not with a rule. */
function hasFrontMatter(text: string): boolean {
  const place = findFrontMatter(text);
  return (
    place.kind === 'found' &&
    /^(?:title|agents|acceptance|footprint|prompts|after|base|branch|ask)[ \t]*:/m.test(place.yaml)
  );
}

/** Whether all that there is so far is front matter: the title below it is its own. */
const endsFrontMatter = (piece: readonly string[]): boolean => {
  const text = piece.join('\n').trim();
  const place = findFrontMatter(text);
  return place.kind === 'found' && hasFrontMatter(text) && text.slice(place.bodyFrom).trim() === '';
};

function beginsWithHeading(lines: readonly MarkdownLine[], from: number): boolean {
  const next = lines.slice(from).find(({ text }) => text.trim() !== '');
  return next?.heading !== null && next !== undefined;
}
