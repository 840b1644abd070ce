import { fillVariables } from '#main/services/prompts/variables.ts';
import type { ConflictHelp, Solver } from '#shared/contract/conflicts.ts';
import type { ConflictHunk } from '#shared/contract/radar.ts';
import { invariantInWords } from '#shared/invariant/invariant-in-words.ts';

/** What a spec asks for, as far as the other side's agent has to know it. */
export interface SpecIntent {
  slug: string;
  title: string;
  body: string;
  acceptance: readonly { text: string; check: string | null }[];
  /** Why there may be more criteria than these, in sentences with their places; empty: there are not. */
  unread: readonly string[];
}

export interface BriefParts {
  help: ConflictHelp;
  /** Whom it is for: those of the branch itself, another run, which knows nothing of it, or a new one, whose prompt holds its spec. */
  to: Solver['kind'];
  /** The run's own spec. */
  own: SpecIntent | null;
  /** What the base's side carried out, each once. */
  others: readonly SpecIntent[];
  /** What the agent said last. */
  summary: string | null;
  /** What the agents of the base's side said last, where that is known. */
  otherSummaries: readonly { title: string; summary: string }[];
  /** The rules of the project, each as its file is written. */
  invariants: readonly { title: string; text: string }[];
  gates: readonly { title: string; run: string }[];
}

/** A brief longer than an agent reads well is cut where it repeats what Git shows it anyway. */
const most = {
  files: 40,
  hunks: 6,
  hunkLines: 40,
  lineChars: 300,
  specChars: 6000,
  origins: 12,
  ruleChars: 2000,
  rulesChars: 6000,
  ruleNames: 20,
};

/**
 * Asks an agent to merge the base into the run's branch, or both into a branch of its own. It stands on its own: an agent knows
 * its own spec and none of the other side's.
 */
export function conflictBrief(parts: BriefParts): string {
  const { help, to, own, others, summary, otherSummaries, invariants, gates } = parts;
  const base = oneLine(help.base);
  const branch = oneLine(help.branch);
  const isElsewhere = to === 'run' || to === 'new';
  const cannot = `${branch} cannot be merged into ${base}: both changed the same places.`;
  const paragraphs = [
    isElsewhere
      ? `${cannot} It is another agent’s work, and you are asked to bring the two together: please merge ${base} and then ${branch} into your own branch, here in your own worktree, and solve the conflicts so that what both sides are for still holds. ${branch} itself stays as it is.`
      : `${cannot} Please bring your branch up to date, here in your own worktree, by merging ${base} into it and solving the conflicts so that what both sides are for still holds.`,
    originsText(help, base, isElsewhere),
    ...others.map((spec) =>
      specText(spec, `The other side’s spec, “${oneLine(spec.title)}” (specs/${spec.slug}.md in ${base})`),
    ),
    otherSummariesText(otherSummaries),
    ...(own !== null && to === 'run' ? [specText(own, `The spec of ${branch}, “${oneLine(own.title)}”`)] : []),
    ownText(help, own, summary, isElsewhere),
    filesText(help, { base, branch: isElsewhere ? branch : 'yours' }),
    invariantsText(invariants, base, to),
    checksText(own, others, gates),
    stepsText(help, to),
  ];
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}

function originsText({ origins }: ConflictHelp, base: string, isElsewhere: boolean): string {
  if (origins.length === 0) return '';
  const lines = origins
    .slice(0, most.origins)
    .map(
      ({ hash, subject, spec }) =>
        `- ${hash.slice(0, 9)} ${oneLine(subject)}${spec === null ? '' : ` (spec ${spec.slug})`}`,
    );
  const rest = origins.length - lines.length;
  return [
    `What came into ${base} ${isElsewhere ? 'meanwhile' : 'since you started'} and changed the same files:`,
    ...lines,
    ...(rest > 0 ? [`- and ${String(rest)} more`] : []),
  ].join('\n');
}

function specText({ body }: SpecIntent, whose: string): string {
  const text = body.trim();
  const shown = text.length > most.specChars ? `${text.slice(0, most.specChars)}\n[…]` : text;
  return `${whose}. It is done and must stay so:\n\n${quoted(shown)}`;
}

function otherSummariesText(summaries: BriefParts['otherSummaries']): string {
  if (summaries.length === 0) return '';
  const lines = summaries.map(({ title, summary }) => `- “${oneLine(title)}”: ${oneLine(summary)}`);
  return ['What the other side’s agents said last:', ...lines].join('\n');
}

/** Whoever begins with this has the rules in the prompt around it; any other has them as they once were, if at all. */
function invariantsText(invariants: BriefParts['invariants'], base: string, to: Solver['kind']): string {
  if (invariants.length === 0) return '';
  const named = (some: BriefParts['invariants']): string => {
    const names = some.slice(0, most.ruleNames).map(({ title }) => `“${oneLine(title)}”`);
    const rest = some.length - names.length;
    return `${names.join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
  };
  if (to === 'new' || to === 'hand-over') {
    return `The rules of this project stand in your prompt, and over both specs: ${named(invariants)}.`;
  }
  const shown: string[] = [];
  let room = most.rulesChars;
  for (const { text } of invariants) {
    const words = invariantInWords(text, (prose) => fillVariables(prose, { base }).text);
    const whole = words.length > most.ruleChars ? `${words.slice(0, most.ruleChars)}\n[…]` : words;
    if (whole.length > room) break;
    room -= whole.length;
    shown.push(quoted(whole));
  }
  const left = invariants.slice(shown.length);
  return [
    'The rules of this project hold for the result too, and stand over both specs:',
    ...shown,
    ...(left.length === 0
      ? []
      : [`And ${String(left.length)} more, which stand in .switchyard/invariants/: ${named(left)}.`]),
  ].join('\n\n');
}

function ownText(
  { own: commits, branch }: ConflictHelp,
  spec: SpecIntent | null,
  summary: string | null,
  isElsewhere: boolean,
): string {
  const lines = commits.slice(0, most.origins).map(({ hash, subject }) => `- ${hash.slice(0, 9)} ${oneLine(subject)}`);
  const side = isElsewhere ? `The side of ${oneLine(branch)}` : 'Your side';
  const head = spec === null ? `${side}:` : `${side}, “${oneLine(spec.title)}”:`;
  const who = isElsewhere ? 'Its agent' : 'You';
  const said = summary === null || summary.trim() === '' ? [] : [`${who} said last: ${oneLine(summary)}`];
  return [head, ...lines, ...said].join('\n');
}

/** What the sides are called. */
interface SideNames {
  base: string;
  branch: string;
}

function filesText({ files }: ConflictHelp, names: SideNames): string {
  const shown = files.slice(0, most.files).map(({ path, reason, hunks }, index) => {
    const places = (hunks ?? []).slice(0, most.hunks).map((hunk) => hunkText(hunk, names));
    const rest = (hunks?.length ?? 0) - places.length;
    return [
      `${String(index + 1)}. ${oneLine(path)}: ${oneLine(reason)}`,
      ...places,
      ...(rest > 0 ? [`   and ${String(rest)} more places`] : []),
    ].join('\n');
  });
  const rest = files.length - shown.length;
  return ['The files in conflict:', ...shown, ...(rest > 0 ? [`and ${String(rest)} more files`] : [])].join('\n\n');
}

function hunkText({ line, ours, base: before, theirs }: ConflictHunk, names: SideNames): string {
  const side = (name: string, lines: readonly string[]): string[] => {
    const shown = lines.slice(0, most.hunkLines).map((each) => `     | ${cut(each)}`);
    const rest = lines.length - shown.length;
    return [
      `   ${name}:${lines.length === 0 ? ' nothing' : ''}`,
      ...shown,
      ...(rest > 0 ? [`     and ${String(rest)} more lines`] : []),
    ];
  };
  return [
    `   at line ${String(line)}`,
    ...side(names.base, ours),
    ...side('before both', before),
    ...side(names.branch, theirs),
  ].join('\n');
}

function checksText(own: SpecIntent | null, others: readonly SpecIntent[], gates: BriefParts['gates']): string {
  const criteria = [own, ...others].flatMap((spec) =>
    spec === null
      ? []
      : spec.acceptance.map(({ text, check }) => `- ${oneLine(text)}${check === null ? '' : `: ${oneLine(check)}`}`),
  );
  const lines = [...gates.map(({ title, run }) => `- ${oneLine(title)}: ${oneLine(run)}`), ...criteria];
  return lines.length === 0 ? '' : ['All of this has to hold on the result, of both sides:', ...lines].join('\n');
}

function stepsText({ isUncommitted, base, branch }: ConflictHelp, to: Solver['kind']): string {
  const isElsewhere = to === 'run' || to === 'new';
  const steps = [
    // What another branch's worktree holds besides is none of this one's.
    ...(to === 'run' || (isUncommitted && !isElsewhere) ? ['Commit what you have not committed yet.'] : []),
    `Run: git merge ${shellWord(base)}`,
    ...(isElsewhere ? [`Then run: git merge ${shellWord(branch)}`] : []),
    'Solve each conflict by what both sides are for, not by taking one side. Leave everything else as it merged.',
    'Run the checks above, and mend what fails.',
    'Commit the merge. Do not rebase, do not force anything, and touch no other branch.',
    'If the two cannot both hold, stop before you commit and ask.',
  ];
  return ['What to do:', ...steps.map((step, index) => `${String(index + 1)}. ${step}`)].join('\n');
}

/** A branch's name in a command line that somebody may copy. */
const shellWord = (name: string): string =>
  /^[\w./@+-]+$/u.test(name) && !name.startsWith('-') ? name : `'${name.replaceAll("'", "'\\''")}'`;

const quoted = (text: string): string =>
  text
    .split(/\r\n|\n|\r/u)
    .map((line) => (line === '' ? '>' : `> ${cut(line)}`))
    .join('\n');

const cut = (line: string): string => {
  const plain = withoutControls(line);
  return plain.length > most.lineChars ? `${plain.slice(0, most.lineChars)} […]` : plain;
};

const oneLine = (text: string): string => cut(text.replaceAll(/\s+/gu, ' ').trim());

/** Code and commit messages are other agents' words; here they must stay within their lines. */
const withoutControls = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- control characters are what is left out
  text.replaceAll('\t', '  ').replaceAll(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/gu, '');
