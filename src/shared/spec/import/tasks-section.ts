import { markdownLines, markdownOf } from './markdown-lines.ts';

/** A list of tasks as a section of a spec's text, and what is to be said of it. */
export function tasksSection(tasks: string | null): { text: string | null; notes: readonly string[] } {
  if (tasks === null || tasks.trim() === '') return { text: null, notes: [] };
  const lines = markdownLines(tasks);
  const first = lines.findIndex(({ heading, text }) => heading !== null || text.trim() !== '');
  const rest = lines[first]?.heading?.level === 1 ? lines.slice(first + 1) : lines;
  const text = markdownOf(rest, 1);
  if (text === '') return { text: null, notes: [] };
  const boxes = [...tasks.matchAll(/^\s*[-*+]\s+\[([ xX~-])\]/gm)];
  const done = boxes.filter(([, mark]) => mark?.toLowerCase() === 'x').length;
  return {
    text: `## Tasks\n\n${text}`,
    notes: done > 0 ? [`${String(done)} of ${String(boxes.length)} tasks are ticked off already.`] : [],
  };
}

/** The text without what changes while somebody works on it: which tasks are ticked off. */
export const withoutTicks = (markdown: string): string =>
  markdown
    .replaceAll(/^(\s*[-*+]\s+)\[[ xX~-]\]/gm, '$1[ ]')
    .replaceAll(/\r\n?/g, '\n')
    .trimEnd();
