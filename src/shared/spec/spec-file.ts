import { isNode, isScalar } from 'yaml';

import { agentId, specSlug } from '#shared/ids.ts';

import { readAcceptance } from './acceptance.ts';
import { refuseBranchName, refuseBranchTemplate } from './branch-name.ts';
import { didYouMean } from './did-you-mean.ts';
import { FrontMatterReader, type Fields, type Placed, type Report } from './front-matter-reader.ts';
import { byteOrderMark, findFrontMatter, problemsIn, type FrontMatterProblem } from './front-matter.ts';
import { readPromptPicks, type PromptPick } from './prompt-picks.ts';
import { readSpecSource, type SpecSource } from './spec-source.ts';

export { slugOf } from './spec-slug.ts';

/** A criterion that says when the work is done. Without a check it is unproven, whatever anyone says. */
export interface Acceptance {
  id: string;
  text: string;
  /** A shell command, run in the worktree: exit code 0 means met. Or `test: name`, or `ask: question`. */
  check: string | null;
}

export interface SpecFrontMatter {
  title: string;
  agents: readonly string[];
  base: string | null;
  /** May hold `{slug}`, `{agent}` and `{variant}`. */
  branch: string | null;
  /** Ids of prompt modules. */
  prompts: readonly string[];
  /** The same with the values that the spec gives to their parameters. */
  promptPicks: readonly PromptPick[];
  footprint: readonly string[];
  after: readonly string[];
  acceptance: readonly Acceptance[];
  /** A question that the agent must ask the person before it commits. */
  ask: string | null;
  /** Where the spec was taken from, for one that was; it is compared with that. */
  source: SpecSource | null;
}

/** Something wrong with a spec, where it stands. */
export type SpecProblem = FrontMatterProblem;

export interface ParsedSpec {
  frontMatter: SpecFrontMatter;
  /** The Markdown below the front matter. */
  body: string;
  /** The line on which the body starts. */
  bodyLine: number;
  problems: readonly SpecProblem[];
  /** Those of the problems that may hide a criterion: fewer are checked than are meant. */
  unreadAcceptance: readonly SpecProblem[];
}

const knownKeys = [
  'title',
  'agents',
  'base',
  'branch',
  'prompts',
  'footprint',
  'after',
  'acceptance',
  'ask',
  'source',
] as const;

/** Longer front matter is no front matter: the closing fence is missing, or somebody wants to see the app hang. */
const maxFrontMatterLength = 64 * 1024;
/** The same limit as for the title that a new spec is given. */
const maxTitleLength = 200;

/** Reads a spec's text. It never fails: what cannot be read becomes a problem, and the rest holds. */
export function parseSpec(text: string): ParsedSpec {
  const place = findFrontMatter(text);
  if (place.kind === 'none') {
    const message = 'A spec starts with front matter: a line `---`, then `title: …`, then another line `---`.';
    return withoutFrontMatter(text, message, false);
  }
  if (place.kind === 'unclosed') {
    return withoutFrontMatter(text, 'The front matter is not closed: put a line `---` below it.', true);
  }
  if (place.yaml.length > maxFrontMatterLength) {
    return withoutFrontMatter(
      text,
      'The front matter is longer than 64 KB. Is the `---` that closes it missing?',
      true,
    );
  }

  const { report: keep, problems, bodyLine } = problemsIn(text, place);
  const reported: { severity: string; message: string; from: number }[] = [];
  const report: Report = (severity, message, from, to) => {
    reported.push({ severity, message, from });
    keep(severity, message, from, to);
  };
  const reader = new FrontMatterReader(place.yaml, report);
  const frontMatter = readFrontMatter(reader, report);
  const isOfAcceptance = acceptancePlace(reader);
  const hiding = new Set(reported.filter(isOfAcceptance).map(({ message }) => message));
  const all = problems();
  return {
    frontMatter,
    body: text.slice(place.bodyFrom),
    bodyLine,
    problems: all,
    unreadAcceptance: all.filter(({ message }) => hiding.has(message)),
  };
}

/** Whether a report may be why a criterion is missing. After an error of the YAML itself any may be. */
function acceptancePlace(reader: FrontMatterReader): (report: { severity: string; from: number }) => boolean {
  const fields = [...reader.fields(null).values()];
  const places = fields.flatMap(({ key, value }): readonly { from: number; to: number; isMisspelt: boolean }[] => {
    const isMisspelt = key.value !== 'acceptance';
    if (isMisspelt && didYouMean(key.value, knownKeys) !== 'acceptance') return [];
    const to = isNode(value) ? (value.range?.[2] ?? key.to) : key.to;
    return [{ from: key.from, to: isMisspelt ? key.to : to, isMisspelt }];
  });
  return ({ severity, from }) =>
    places.some((each) => from >= each.from && from <= each.to && (each.isMisspelt || severity === 'error')) ||
    (reader.hasSyntaxErrors && severity === 'error');
}

/** `isHiding`: there is front matter, and what it says is not known. */
function withoutFrontMatter(text: string, message: string, isHiding: boolean): ParsedSpec {
  const problems: readonly SpecProblem[] = [
    { severity: 'error', message, line: 1, column: 1, endLine: 1, endColumn: 4 },
  ];
  return {
    frontMatter: {
      title: '',
      agents: [],
      base: null,
      branch: null,
      prompts: [],
      promptPicks: [],
      footprint: [],
      after: [],
      acceptance: [],
      ask: null,
      source: null,
    },
    body: text.startsWith(byteOrderMark) ? text.slice(1) : text,
    bodyLine: 1,
    problems,
    unreadAcceptance: isHiding ? problems : [],
  };
}

function readFrontMatter(reader: FrontMatterReader, report: Report): SpecFrontMatter {
  const fields = reader.fields(knownKeys);
  const textOf = (key: (typeof knownKeys)[number]): Placed<string> | null =>
    reader.text(fields.get(key)?.value, `\`${key}\``);
  const refused = (found: Placed<string> | null, refuse: (value: string) => string | null, what: string) => {
    const reason = found === null ? null : refuse(found.value);
    if (found === null || reason === null) return found?.value ?? null;
    report('error', `${what} “${found.value}” ${reason}.`, found.from, found.to);
    return null;
  };
  const listOf = (key: (typeof knownKeys)[number], refuse: (value: string) => string | null): readonly string[] => {
    const seen = new Set<string>();
    for (const item of reader.items(fields.get(key)?.value, `\`${key}\``)) {
      const found = reader.text(item, `Each item of \`${key}\``);
      const value = refused(found, refuse, `In \`${key}\`,`);
      if (found === null || value === null) continue;
      if (seen.has(value)) report('warning', `“${value}” stands in \`${key}\` twice.`, found.from, found.to);
      seen.add(value);
    }
    return [...seen];
  };
  const promptPicks = readPromptPicks(reader, fields.get('prompts')?.value, report);
  const ask = textOf('ask')?.value.trim() ?? '';
  return {
    title: readTitle(reader, fields, report),
    agents: listOf('agents', refuseAgent),
    base: refused(textOf('base'), refuseBranchName, 'The base'),
    branch: refused(textOf('branch'), refuseBranchTemplate, 'The branch'),
    prompts: promptPicks.map(({ id }) => id),
    promptPicks,
    footprint: listOf('footprint', refuseFootprint),
    after: listOf('after', refuseSlug),
    acceptance: readAcceptance(reader, fields.get('acceptance')?.value, report),
    ask: ask === '' ? null : ask,
    source: readSpecSource(reader, fields.get('source')?.value, report),
  };
}

/** The title as one line: it goes onto cards and into commit subjects. */
function readTitle(reader: FrontMatterReader, fields: Fields, report: Report): string {
  const field = fields.get('title');
  const found = reader.text(field?.value, 'The title');
  // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
  const title = (found?.value ?? '').replaceAll(/[\s\x00-\x1f\x7f-\x9f]+/g, ' ').trim();
  if (title.length > maxTitleLength && found) {
    report('error', `The title is longer than ${maxTitleLength} characters.`, found.from, found.to);
    return title.slice(0, maxTitleLength);
  }
  // While the YAML is broken, a title that is missing may only be out of the parser's reach.
  if (title !== '' || reader.hasSyntaxErrors) return title;
  // What is there and is no text has been reported as that.
  if (field && !isScalar(field.value)) return title;
  if (field) report('error', 'The title is empty.', field.key.from, field.key.to);
  else report('error', 'The spec needs a title: add `title: …`.', 0, 0);
  return title;
}

const refuseAgent = (id: string): string | null =>
  agentId.safeParse(id).success ? null : 'is no name of an agent: those are lower-case letters, digits and dashes';

const refuseSlug = (slug: string): string | null => {
  if (specSlug.safeParse(slug).success) return null;
  if (slug.endsWith('.md')) return 'is a file name: name the spec without `.md`';
  return 'is no name of a spec: those are lower-case letters, digits and dashes';
};

const refuseFootprint = (glob: string): string | null => {
  if (glob.trim() === '') return 'is empty';
  if (glob.includes('\\')) return 'has a backslash in it: paths are written with `/`';
  if (/^(?:\/|~|[A-Za-z]:)/.test(glob)) return 'is not relative to the project';
  return glob.split('/').includes('..') ? 'leaves the project' : null;
};
