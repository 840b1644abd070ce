import type { Acceptance } from './spec-file.ts';

/** A spec as it stands in a prompt. */
export interface SpecSection {
  slug: string;
  title: string;
  body: string;
  acceptance: readonly Acceptance[];
  ask: string | null;
}

const acceptanceHeading = '## Acceptance: the work is done when all of this holds';
const questionHeading = '## Question: ask the person this before you commit, and wait for the answer';
const noCheck = '  Check: none; the person decides';

/**
 * A spec as the part of a prompt: title, body, acceptance with the commands that prove it, and the question to ask.
 * `readSpecSection` takes it apart again.
 */
export function renderSpecSection(spec: SpecSection): string {
  const lines = [`<spec slug="${spec.slug}">`, `# ${spec.title}`];
  const body = withoutHeading(spec.body.trim(), spec.title);
  if (body !== '') lines.push('', body);
  if (spec.acceptance.length > 0) {
    lines.push('', acceptanceHeading, '', ...spec.acceptance.flatMap(criterionLines));
  }
  if (spec.ask !== null) lines.push('', questionHeading, '', ...spec.ask.split(/\r?\n/).map((line) => `> ${line}`));
  lines.push('</spec>');
  return lines.join('\n');
}

/** Most specs begin with their title as a heading, and many have it from there. */
function withoutHeading(body: string, title: string): string {
  const [first = '', ...rest] = body.split('\n');
  return /^#\s+(.*)$/.exec(first)?.[1]?.trim() === title.trim() ? rest.join('\n').trim() : body;
}

function criterionLines({ id, text, check }: Acceptance): string[] {
  const first = `- **${id}**: ${text}`;
  if (check === null) return [first, noCheck];
  if (!/[\r\n]/.test(check)) return [first, `  Check: ${codeSpan(check)}`];
  const fence = '`'.repeat(Math.max(3, longestRun(check) + 1));
  return [first, '  Check:', `  ${fence}sh`, ...check.split(/\r?\n/).map((line) => `  ${line}`), `  ${fence}`];
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

function codeSpan(code: string): string {
  const ticks = '`'.repeat(longestRun(code) + 1);
  // CommonMark 6.1: one space on each side is taken off again.
  const space = ticks.length > 1 ? ' ' : '';
  return ticks + space + code + space + ticks;
}

/** Finds the spec in a prompt and takes it apart; null when the text holds none. */
export function readSpecSection(prompt: string): SpecSection | null {
  const lines = prompt.split(/\r?\n/);
  const from = lines.findIndex((line) => /^<spec slug="[^"]*">$/.test(line));
  const to = lines.lastIndexOf('</spec>');
  if (from === -1 || to < from) return null;
  const slug = /"([^"]*)"/.exec(lines[from] ?? '')?.[1] ?? '';
  const section = lines.slice(from + 1, to);
  // The body can hold the same headings; ours are the last ones.
  const question = section.lastIndexOf(questionHeading);
  const beforeQuestion = question === -1 ? section : section.slice(0, question);
  const acceptance = beforeQuestion.lastIndexOf(acceptanceHeading);
  const beforeAcceptance = acceptance === -1 ? beforeQuestion : beforeQuestion.slice(0, acceptance);
  const ask = question === -1 ? [] : section.slice(question + 1).map((line) => line.replace(/^> ?/, ''));
  return {
    slug,
    title: (beforeAcceptance[0] ?? '').replace(/^# /, ''),
    body: beforeAcceptance.slice(1).join('\n').trim(),
    acceptance: acceptance === -1 ? [] : readCriteria(beforeQuestion.slice(acceptance + 1)),
    ask: question === -1 ? null : ask.join('\n').trim(),
  };
}

function readCriteria(lines: readonly string[]): readonly Acceptance[] {
  const criteria: Acceptance[] = [];
  for (const [index, line] of lines.entries()) {
    const [, id, text] = /^- \*\*([^*]+)\*\*: (.*)$/.exec(line) ?? [];
    if (id === undefined || text === undefined) continue;
    criteria.push({ id, text, check: readCheck(lines.slice(index + 1)) });
  }
  return criteria;
}

function readCheck(following: readonly string[]): string | null {
  const [first = '', opening = '', ...rest] = following;
  const span = /^ {2}Check: (`+)(.*)\1$/.exec(first);
  if (span) {
    const [, ticks = '', code = ''] = span;
    return ticks.length > 1 ? code.replace(/^ (.*) $/, '$1') : code;
  }
  const fence = first === '  Check:' ? /^ {2}(`{3,})sh$/.exec(opening)?.[1] : undefined;
  if (fence === undefined) return null;
  const end = rest.indexOf(`  ${fence}`);
  return rest
    .slice(0, end === -1 ? 0 : end)
    .map((line) => line.slice(2))
    .join('\n');
}
