import { closesFence, openFence, type OpenFence } from '#shared/spec/fence.ts';

/** A line of Markdown, with what it is where that matters to an import. */
export interface MarkdownLine {
  text: string;
  /** 1 to 6 for a heading outside of code, with its words. */
  heading: { level: number; text: string } | null;
  /** In a fenced block, or its fence. */
  isCode: boolean;
}

/** The lines of a text, without byte order mark, carriage returns and HTML comments outside of code. */
export function markdownLines(markdown: string): readonly MarkdownLine[] {
  const lines: MarkdownLine[] = [];
  let open: OpenFence | null = null;
  let isComment = false;
  for (const raw of markdown.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    if (open !== null) {
      if (closesFence(raw, open)) open = null;
      lines.push({ text: raw, heading: null, isCode: true });
      continue;
    }
    const visible = withoutComments(raw, isComment);
    isComment = visible.isOpen;
    if (visible.text.trim() === '' && raw.trim() !== '') continue;
    open = openFence(visible.text);
    lines.push({ text: visible.text, heading: open ? null : headingOf(visible.text), isCode: open !== null });
  }
  return lines;
}

/** A heading with `#`; one that is underlined counts as text. */
export function headingOf(line: string): { level: number; text: string } | null {
  const [, marks, text] = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/.exec(line) ?? [];
  return marks === undefined ? null : { level: marks.length, text: (text ?? '').trim() };
}

function withoutComments(line: string, wasOpen: boolean): { text: string; isOpen: boolean } {
  let text = '';
  let rest = line;
  let isOpen = wasOpen;
  while (rest !== '') {
    const mark = rest.indexOf(isOpen ? '-->' : '<!--');
    if (mark === -1) return { text: isOpen ? text : text + rest, isOpen };
    if (!isOpen) text += rest.slice(0, mark);
    rest = rest.slice(mark + (isOpen ? 3 : 4));
    isOpen = !isOpen;
  }
  return { text, isOpen };
}

export interface ListItem {
  /** `1`, `2.3`; null for a dash. */
  number: string | null;
  text: string;
  /** Index of the first line after it. */
  end: number;
}

/**
 * The item that begins on this line, with its further lines as one: whatever follows that is neither blank, a heading, code
 * nor another item at its depth.
 */
export function listItemAt(lines: readonly MarkdownLine[], index: number): ListItem | null {
  const line = lines[index];
  const [whole, spaces, number, text] = line?.isCode
    ? []
    : (/^([ \t]*)(?:(\d+(?:\.\d+)*)[.)]?|[-*+])[ \t]+(.*)$/.exec(line?.text ?? '') ?? []);
  if (whole === undefined || spaces === undefined) return null;
  const parts = [text ?? ''];
  let end = index + 1;
  for (; end < lines.length; end++) {
    const next = lines[end];
    if (!next || next.isCode || next.heading || next.text.trim() === '') break;
    const [, indent] = /^([ \t]*)(?:\d+(?:\.\d+)*[.)]?|[-*+])[ \t]+/.exec(next.text) ?? [];
    if (indent !== undefined && indent.length <= spaces.length) break;
    parts.push(next.text.trim());
  }
  return { number: number ?? null, text: parts.join(' ').trim(), end };
}

/** Lines as Markdown again: no heading that has nothing under it, no blank lines in a row. */
export function markdownOf(lines: readonly MarkdownLine[], headingsDownBy = 0): string {
  const kept: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.heading) {
      if (isEmptySection(lines, index, line.heading.level)) continue;
      kept.push(`${'#'.repeat(Math.min(6, line.heading.level + headingsDownBy))} ${line.heading.text}`);
    } else kept.push(line.isCode ? line.text : line.text.trimEnd());
  }
  return kept
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function isEmptySection(lines: readonly MarkdownLine[], index: number, level: number): boolean {
  for (const line of lines.slice(index + 1)) {
    if (line.heading && line.heading.level <= level) return true;
    if (!line.heading && line.text.trim() !== '') return false;
  }
  return true;
}

/** Words without the marks that make them bold or slanted, on one line. */
export const plain = (text: string): string =>
  text
    .replaceAll(/\*\*|__/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
