import { withIds, type ImportedSpec } from './imported-spec.ts';
import { listItemAt, markdownLines, markdownOf, plain, type MarkdownLine } from './markdown-lines.ts';
import { tasksSection } from './tasks-section.ts';

/** The three files of a Kiro spec; null: there is none. */
export interface KiroFiles {
  requirements: string | null;
  design: string | null;
  tasks: string | null;
}

/**
 * A Kiro spec: the criteria of its requirements (in EARS: WHEN … THE SYSTEM SHALL …) become acceptance with the numbers
 * that its tasks use, `1.2`; the rest of the requirements, the design and the tasks become the text.
 */
export function readKiroSpec(folderName: string, { requirements, design, tasks }: KiroFiles): ImportedSpec {
  const read = readRequirements(requirements ?? '');
  const { text: taskText, notes } = tasksSection(tasks);
  const notInNumbers = read.criteria.filter(({ text }) => !/\b(?:shall|must)\b/i.test(text)).length;
  const body = [
    markdownOf(read.rest),
    ...(design === null ? [] : [`## Design\n\n${documentText(design)}`]),
    ...(taskText === null ? [] : [taskText]),
  ];
  return {
    title: read.title ?? wordsOf(folderName),
    body: body.filter((part) => part.trim() !== '').join('\n\n'),
    acceptance: withIds(read.criteria),
    ask: null,
    notes: [
      ...(requirements === null ? ['There is no requirements.md, so there is no acceptance yet.'] : []),
      ...(requirements !== null && read.criteria.length === 0
        ? ['No acceptance criteria were found in requirements.md: they stand under “Acceptance Criteria” as a list.']
        : []),
      ...(notInNumbers > 0 ? [`${String(notInNumbers)} of the criteria say neither SHALL nor MUST.`] : []),
      ...notes,
    ],
  };
}

function readRequirements(markdown: string): {
  title: string | null;
  criteria: readonly { id: string; text: string }[];
  rest: readonly MarkdownLine[];
} {
  const lines = markdownLines(markdown);
  const criteria: { id: string; text: string }[] = [];
  const rest: MarkdownLine[] = [];
  let title: string | null = null;
  let requirement = 0;
  let isInCriteria = false;
  let ordinal = 0;
  for (let index = 0; index < lines.length;) {
    const line = lines[index];
    if (!line) break;
    if (line.heading) {
      const { level, text } = line.heading;
      isInCriteria = isCriteriaTitle(text);
      ordinal = isInCriteria ? 0 : ordinal;
      const number = /^(?:req(?:uirement)?\.?\s*)?(\d+)\b/i.exec(text)?.[1];
      if (!isInCriteria && level >= 2 && (number !== undefined || /^requirement\b/i.test(text))) {
        requirement = number === undefined ? requirement + 1 : Number(number);
      }
      // “# Requirements Document” says nothing about this spec, and a title of its own does.
      if (level === 1 && title === null) {
        const own = text.replace(/^requirements?(?: document)?\s*[:–—-]?\s*/i, '').trim();
        title = own === '' ? null : plain(own);
      } else if (!isInCriteria) rest.push(line);
      index++;
      continue;
    }
    if (!line.isCode && isCriteriaTitle(plain(line.text).replace(/:$/, ''))) {
      isInCriteria = true;
      ordinal = 0;
      index++;
      continue;
    }
    const item = isInCriteria ? listItemAt(lines, index) : null;
    if (!item) {
      // Prose between the criteria belongs to the text, and ends nothing.
      rest.push(line);
      index++;
      continue;
    }
    ordinal++;
    const own = item.number?.includes('.')
      ? item.number
      : `${String(Math.max(1, requirement))}.${item.number ?? String(ordinal)}`;
    criteria.push({ id: own, text: plain(item.text) });
    index = item.end;
  }
  return { title, criteria, rest };
}

const isCriteriaTitle = (text: string): boolean => /^acceptance criteri(?:a|on)\b/i.test(text);

/** A document below a heading of ours: without its own title, one level down. */
export function documentText(markdown: string): string {
  const lines = markdownLines(markdown);
  const first = lines.findIndex(({ heading, text }) => heading !== null || text.trim() !== '');
  const hasTitle = lines[first]?.heading?.level === 1;
  return markdownOf(hasTitle ? lines.slice(first + 1) : lines, 1);
}

/** `user-login_v2` as a title: “User login v2”. */
export function wordsOf(name: string): string {
  const words = name
    .replace(/^\d+[-_]/, '')
    .replaceAll(/[-_]+/g, ' ')
    .trim();
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1);
}
