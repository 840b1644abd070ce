import { withIds, type ImportedSpec } from './imported-spec.ts';
import { listItemAt, markdownLines, markdownOf, plain, type MarkdownLine } from './markdown-lines.ts';

const maxTitleLength = 120;

/**
 * A text that follows no form, such as an issue: its first heading or line is the title unless there is one, and a list
 * under “Acceptance criteria” or “Definition of done” becomes acceptance; where there is no such list, its checkboxes do.
 */
export function readLooseMarkdown(markdown: string, given: { title: string | null }): ImportedSpec {
  const lines = markdownLines(markdown);
  const { title, rest } = given.title === null ? takeTitle(lines) : { title: given.title, rest: lines };
  const under = takeCriteria(rest, 'heading');
  const { criteria, left } = under.criteria.length > 0 ? under : takeCriteria(rest, 'checkboxes');
  return {
    title: plain(title).slice(0, maxTitleLength),
    body: markdownOf(left),
    acceptance: withIds(criteria),
    ask: null,
    notes: criteria.length === 0 ? ['It has no acceptance: say in the spec how the work is proved.'] : [],
  };
}

function takeTitle(lines: readonly MarkdownLine[]): { title: string; rest: readonly MarkdownLine[] } {
  const isTop = ({ heading }: MarkdownLine): boolean => heading?.level === 1;
  const isHeading = ({ heading }: MarkdownLine): boolean => heading !== null && heading.text !== '';
  const top = lines.findIndex(isTop);
  const heading = top === -1 ? lines.findIndex(isHeading) : top;
  const found = heading === -1 ? undefined : lines[heading]?.heading;
  if (found && found.text !== '') {
    // A title over everything is said by the front matter from now on; one further down is part of the text.
    const isFirst = lines.slice(0, heading).every(({ text }) => text.trim() === '');
    return { title: found.text, rest: isFirst ? lines.slice(heading + 1) : lines };
  }
  const first = lines.find(({ text, isCode }) => !isCode && text.trim() !== '');
  return { title: first?.text.replace(/^\s*(?:[-*+>]|\d+[.)])\s+/, '').trim() ?? '', rest: lines };
}

function takeCriteria(
  lines: readonly MarkdownLine[],
  by: 'heading' | 'checkboxes',
): { criteria: readonly { id: string; text: string }[]; left: readonly MarkdownLine[] } {
  const criteria: { id: string; text: string }[] = [];
  const left: MarkdownLine[] = [];
  let isIn = by === 'checkboxes';
  for (let index = 0; index < lines.length;) {
    const line = lines[index];
    if (!line) break;
    const said = line.heading?.text ?? (line.isCode ? '' : (/^\*\*(.+?):?\*\*:?$/.exec(line.text.trim())?.[1] ?? ''));
    if (by === 'heading' && said !== '') {
      isIn = /^(?:acceptance(?: criteri(?:a|on))?|definition of done|done when)\b/i.test(plain(said));
    }
    const item = isIn ? listItemAt(lines, index) : null;
    const box = item && /^\[([ xX])\]\s+(.*)$/.exec(item.text);
    if (item && (by === 'heading' || box)) {
      criteria.push({ id: `a${String(criteria.length + 1)}`, text: plain(box?.[2] ?? item.text) });
      index = item.end;
      continue;
    }
    left.push(line);
    index++;
  }
  return { criteria: criteria.filter(({ text }) => text !== ''), left };
}
