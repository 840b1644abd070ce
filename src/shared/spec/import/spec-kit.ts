import { withIds, type ImportedSpec } from './imported-spec.ts';
import { documentText, wordsOf } from './kiro.ts';
import { listItemAt, markdownLines, markdownOf, plain, type MarkdownLine } from './markdown-lines.ts';
import { tasksSection } from './tasks-section.ts';

/** The files of a spec-kit feature; null: there is none. */
export interface SpecKitFiles {
  spec: string | null;
  plan: string | null;
  tasks: string | null;
}

/**
 * A spec-kit feature: functional requirements (FR-001), success criteria (SC-001) and the scenarios of the user stories
 * (US1.1) become acceptance; what is marked as needing clarification becomes the question; the rest becomes the text.
 */
export function readSpecKitSpec(folderName: string, { spec, plan, tasks }: SpecKitFiles): ImportedSpec {
  const read = readFeature(spec ?? '');
  const { text: taskText, notes } = tasksSection(tasks);
  const questions = [...(spec ?? '').matchAll(/\[NEEDS CLARIFICATION:?\s*([^\]]*)\]/gi)]
    .map(([, question = '']) => plain(question))
    .filter((question) => question !== '');
  const body = [
    markdownOf(read.rest),
    ...(plan === null ? [] : [`## Plan\n\n${documentText(plan)}`]),
    ...(taskText === null ? [] : [taskText]),
  ];
  return {
    title: read.title ?? wordsOf(folderName),
    body: body.filter((part) => part.trim() !== '').join('\n\n'),
    acceptance: withIds(read.criteria),
    ask: asked([...new Set(questions)]),
    notes: [
      ...(spec === null ? ['There is no spec.md, so there is no acceptance yet.'] : []),
      ...(spec !== null && read.criteria.length === 0
        ? ['No requirements (FR-…), success criteria (SC-…) or acceptance scenarios were found in spec.md.']
        : []),
      ...(questions.length > 0 ? ['It has marks NEEDS CLARIFICATION: they are the question that the agent asks.'] : []),
      ...notes,
    ],
  };
}

function asked(questions: readonly string[]): string | null {
  if (questions.length < 2) return questions[0] ?? null;
  return questions.map((question, index) => `${String(index + 1)}. ${question}`).join('\n');
}

function readFeature(markdown: string): {
  title: string | null;
  criteria: readonly { id: string; text: string }[];
  rest: readonly MarkdownLine[];
} {
  const lines = markdownLines(markdown);
  const criteria: { id: string; text: string }[] = [];
  const rest: MarkdownLine[] = [];
  let title: string | null = null;
  let story = 0;
  let isInScenarios = false;
  let scenario = 0;
  for (let index = 0; index < lines.length;) {
    const line = lines[index];
    if (!line) break;
    if (line.heading) {
      const { level } = line.heading;
      // The template marks its sections: “## Requirements *(mandatory)*”.
      const text = line.heading.text.replace(/\s*\*\([^)]*\)\*\s*$/, '');
      isInScenarios = /^acceptance scenarios?\b/i.test(text);
      const number = /^user story\s+(\d+)/i.exec(text)?.[1];
      if (number !== undefined) {
        story = Number(number);
        scenario = 0;
      }
      if (level === 1 && title === null) {
        const own = text.replace(/^(?:feature )?spec(?:ification)?\s*:\s*/i, '').trim();
        title = own === '' || /^\[.*\]$/.test(own) ? null : plain(own);
      } else if (!isInScenarios) rest.push({ ...line, heading: { level, text } });
      index++;
      continue;
    }
    if (!line.isCode && /^acceptance scenarios?:?$/i.test(plain(line.text))) {
      isInScenarios = true;
      scenario = 0;
      index++;
      continue;
    }
    if (!line.isCode && /^\*\*(?:feature branch|created|status|input)\*\*\s*:/i.test(line.text.trim())) {
      index++;
      continue;
    }
    const item = listItemAt(lines, index);
    const [, id, text] = (item && /^\*\*((?:FR|SC|NFR)-[\w.-]+?)\*\*\s*:?\s*(.*)$/i.exec(item.text)) ?? [];
    if (item && id !== undefined) {
      criteria.push({ id, text: plain(text ?? '') });
      index = item.end;
    } else if (item && isInScenarios) {
      scenario++;
      criteria.push({ id: `US${String(Math.max(1, story))}.${String(scenario)}`, text: plain(item.text) });
      index = item.end;
    } else {
      // A rule or prose under the scenarios ends them; a blank line does not.
      if (line.text.trim() !== '') isInScenarios = false;
      if (!/^-{3,}$/.test(line.text.trim())) rest.push(line);
      index++;
    }
  }
  return { title, criteria: criteria.filter(({ text }) => text !== ''), rest };
}
