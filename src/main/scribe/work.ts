import { fileBlocks, type FileBlock } from '#shared/spec/file-blocks.ts';
import type { Acceptance } from '#shared/spec/spec-file.ts';
import { readSpecSection } from '#shared/spec/spec-section.ts';
import { draftsFolder, splitSpec, splitTaskTag } from '#shared/spec/split-spec.ts';

/** What a text asks scribe to do. */
export interface Work {
  title: string;
  slug: string | null;
  files: readonly FileBlock[];
  /** Blocks that name a file and cannot be taken, in sentences. */
  problems: readonly string[];
  acceptance: readonly Acceptance[];
  ask: string | null;
  /** Whether the files are drafts of smaller specs, for the person to read and not to be committed. */
  isSplit: boolean;
}

/** Reads a prompt: its spec, or a text that has none as if it were a spec without acceptance. */
export function readWork(prompt: string): Work {
  const text = prompt.replaceAll(/\r\n?/g, '\n');
  const spec = readSpecSection(text);
  const lines = text.split('\n');
  // Behind the spec: one that quotes the tag is no prompt to split it.
  if (spec && lines.lastIndexOf(splitTaskTag) > lines.lastIndexOf('</spec>')) {
    const files = splitSpec(spec).map(({ name, text: draft }) => ({
      path: `${draftsFolder}/${name}.md`,
      language: 'md',
      text: draft,
      line: 1,
    }));
    const { title, slug } = spec;
    return { title: `Split “${title}”`, slug, files, problems: [], acceptance: [], ask: null, isSplit: true };
  }
  const body = spec?.body ?? text;
  const { blocks, problems } = fileBlocks(body);
  return {
    title: spec?.title ?? titleOf(body),
    slug: spec?.slug ?? null,
    files: blocks,
    problems: problems.map(({ message }) => message),
    acceptance: spec?.acceptance ?? [],
    ask: spec?.ask ?? null,
    isSplit: false,
  };
}

/** The first line that says something. */
function titleOf(text: string): string {
  const line = text.split('\n').find((each) => each.trim() !== '' && !/^ {0,3}(?:`{3}|~{3})/.test(each));
  return line?.replace(/^#+\s*/, '').trim() ?? 'Write the quoted files';
}

/** How a check came out. `code` is null when it was stopped, or has no command. */
export type CheckOutcome = { criterion: Acceptance } & (
  { kind: 'passed' | 'unproven' } | { kind: 'failed'; code: number | null }
);

export interface CommitStory {
  subject: string;
  slug: string | null;
  answer: { question: string; text: string } | null;
  checks: readonly CheckOutcome[];
  refused: readonly string[];
}

/** The usual width of a subject: longer ones are cut off in lists. */
const maxSubjectLength = 72;

/** A commit message that says what was done, by whom, and what is not proven. A failed check is said, not hidden. */
export function commitMessage({ subject, slug, answer, checks, refused }: CommitStory): string {
  const source = slug === null ? 'the text that it was given' : `the spec “${slug}”`;
  const paragraphs = [
    cut(subject),
    ...(subject.length > maxSubjectLength ? [subject] : []),
    `Written by scribe, the demo agent of Switchyard, from ${source}.`,
    ...(answer === null ? [] : [`Question: ${answer.question}\nAnswer: ${answer.text}`]),
    ...(checks.length === 0 ? [] : [['Checks:', ...checks.map(checkLine)].join('\n')]),
    ...(refused.length === 0 ? [] : [['Not written:', ...refused.map((line) => `- ${line}`)].join('\n')]),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function cut(subject: string): string {
  if (subject.length <= maxSubjectLength) return subject;
  const space = subject.lastIndexOf(' ', maxSubjectLength - 1);
  return `${subject.slice(0, space > maxSubjectLength / 2 ? space : maxSubjectLength - 1)}…`;
}

function checkLine(outcome: CheckOutcome): string {
  const { id, text } = outcome.criterion;
  switch (outcome.kind) {
    case 'passed':
      return `- ${id}: passed. ${text}`;
    case 'failed':
      return `- ${id}: FAILED${outcome.code === null ? '' : ` with exit code ${String(outcome.code)}`}. ${text}`;
    case 'unproven':
      return `- ${id}: not proven, it has no check. ${text}`;
  }
}
