import { createHash } from 'node:crypto';

import type { Prompt, PromptOrigin, PromptPart, RulesFile } from '#shared/contract/prompts.ts';
import type { SpecSlug } from '#shared/ids.ts';
import { invariantInWords } from '#shared/invariant/invariant-in-words.ts';
import { withoutFrontMatter } from '#shared/prompt/module-file.ts';
import { parseSpec, type SpecFrontMatter } from '#shared/spec/spec-file.ts';
import { renderSpecSection } from '#shared/spec/spec-section.ts';
import { splitTaskTag } from '#shared/spec/split-spec.ts';

import { pickModules, type ModuleText, type PickedModule } from './pick-modules.ts';
import type { RulesText } from './rules-files.ts';
import { taskText, type PromptTask } from './task-text.ts';
import type { CountTokens } from './token-counter.ts';
import { fillVariables, fillVariablesInProse, type Variables } from './variables.ts';

/** A Markdown file that can be a part of a prompt, with its text. */
export interface PromptText {
  id: string;
  title: string;
  /** As it lies in its file. */
  text: string;
}

/** A file that should be a part and cannot be read as one. */
export interface UnreadText {
  kind: 'invariant' | 'module';
  id: string;
  /** A sentence. */
  reason: string;
  /** Something is there that is not read; otherwise there is nothing in it. */
  isRefused: boolean;
}

export interface ComposeInput {
  /** In the order in which they go in. */
  invariants: readonly PromptText[];
  /** All that there are; the spec, the agent, `always` and other modules choose. */
  modules: readonly ModuleText[];
  unread: readonly UnreadText[];
  /** The rules files of the repository, with what becomes of each. */
  rules: readonly RulesText[];
  /** Modules that every prompt of the project gets. */
  always: readonly string[];
  /** Of the files that modules need, those that the project lacks. */
  missingFiles: ReadonlySet<string>;
  spec: { slug: SpecSlug; text: string };
  /** What was done so far, for an agent that goes on with another one's work; null or absent: nothing was. */
  workSoFar?: string | null | undefined;
  /** A conflict to solve, in words: that is the task then, and not the spec. Null or absent: there is none. */
  conflict?: string | null | undefined;
  task: PromptTask;
  agentId: string | null;
  branch: string | null;
  base: string | null;
  countTokens: CountTokens;
  /** Puts something else in the place of what must not be sent; absent: there is nothing. */
  hideSecrets?: (text: string) => string;
}

interface Piece {
  kind: PromptPart['kind'];
  id: string;
  title: string;
  origin: PromptOrigin;
  /** What the version names: the text as it lies in its file. */
  source: string;
  text: string;
  values: Readonly<Record<string, string>>;
  problems: readonly string[];
}

/** What a version is: enough of a hash to tell two texts apart, short enough to be shown. */
export const promptVersion = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/**
 * The prompt for a spec: invariants, rules that the agent would not read by itself, modules, the spec with its acceptance,
 * the task; each part between tags with its name, so that an agent, and a person reading along, can tell who says what.
 * The same input gives the same text.
 */
export function composePrompt(input: ComposeInput): Prompt {
  const { frontMatter, body, problems: specProblems } = parseSpec(input.spec.text);
  const variables: Variables = {
    branch: input.branch,
    base: input.base,
    slug: input.spec.slug,
    agent: input.agentId,
    title: frontMatter.title === '' ? input.spec.slug : frontMatter.title,
  };
  const unreadModules = new Map(
    input.unread.filter(({ kind }) => kind === 'module').map((each) => [each.id, each.reason]),
  );
  const { picked, problems: pickProblems } = pickModules({
    modules: input.modules,
    unread: unreadModules,
    always: input.always,
    picks: frontMatter.promptPicks,
    agentId: input.agentId,
    missingFiles: input.missingFiles,
  });

  const pieces: readonly Piece[] = [
    ...input.invariants.map((invariant) => invariantPiece(invariant, variables)),
    ...input.rules.flatMap((rules) => (rules.state === 'included' ? [rulesPiece(rules)] : [])),
    ...picked.map((module) => modulePiece(module, variables)),
    specPiece(input.spec, frontMatter, body, variables),
    ...(input.workSoFar ? [workPiece('so-far', 'What was done so far', input.workSoFar)] : []),
    ...(input.conflict ? [workPiece('conflict', 'The conflict to solve', input.conflict)] : []),
    taskPiece(frontMatter, input.conflict ? 'solve' : input.task, variables, input.workSoFar ? 'goes-on' : 'begins'),
  ].map((piece) => withoutSecrets(piece, input.hideSecrets));
  const problems = [
    ...input.unread.filter(({ kind }) => kind === 'invariant').map(({ reason }) => reason),
    ...pickProblems,
    ...pieces.flatMap((piece) => piece.problems),
    ...(specProblems.some(({ severity }) => severity === 'error')
      ? ['The front matter of the spec has errors, so the prompt may lack what it says.']
      : []),
  ];
  const rules = input.rules.map(({ path, text, state, isWanted }): RulesFile => ({
    path,
    version: promptVersion(text),
    tokens: input.countTokens(text),
    state,
    isWanted,
  }));
  return assemble(pieces, rules, problems, input.countTokens);
}

/** A prompt is kept as it was sent, and what opens something belongs neither there nor with the agent. */
function withoutSecrets(piece: Piece, hide: ComposeInput['hideSecrets']): Piece {
  const text = hide?.(piece.text) ?? piece.text;
  if (text === piece.text) return piece;
  const problem = `“${piece.title}” holds a secret of your environment. The name of the variable was put in its place.`;
  return { ...piece, text, problems: [...piece.problems, problem] };
}

/** Before the task of an agent that goes on with what another one has begun. */
const goOn =
  'Another agent has worked on this before you, in the same folder and on the same branch. What it did stands above. Look at it first: keep what is good, mend what is not, finish what is missing. Do not start again from nothing.';

function assemble(
  pieces: readonly Piece[],
  rules: readonly RulesFile[],
  problems: readonly string[],
  countTokens: CountTokens,
): Prompt {
  const parts: PromptPart[] = [];
  let text = '';
  for (const { source, text: piece, ...facts } of pieces) {
    if (text !== '') text += '\n';
    const from = text.length;
    text += `${piece}\n`;
    parts.push({ ...facts, version: promptVersion(source), tokens: countTokens(piece), from, to: text.length });
  }
  const tokens = parts.reduce((sum, part) => sum + part.tokens, 0);
  return { text, tokens, parts, rules, problems, version: promptVersion(text) };
}

const tagged = (tag: string, name: string, id: string, text: string): string =>
  `<${tag} ${name}="${id.replaceAll(/["<>\s]+/g, '-')}">\n${text}\n</${tag}>`;

const unfilled = (names: readonly string[], where: string): readonly string[] =>
  names.map((name) => `Nothing fills {{${name}}} in ${where}.`);

function invariantPiece({ id, title, text: source }: PromptText, variables: Variables): Piece {
  const unknown: string[] = [];
  const text = invariantInWords(source, (prose) => {
    const filled = fillVariables(prose, variables);
    unknown.push(...filled.unknown);
    return filled.text;
  });
  return {
    kind: 'invariant',
    id,
    title,
    origin: 'project',
    source,
    text: tagged('invariant', 'id', id, text),
    values: {},
    problems: unfilled(unknown, `the invariant “${id}”`),
  };
}

/** Written for other programs, so that double braces in it are none of ours. */
const rulesPiece = ({ path, text }: RulesText): Piece => ({
  kind: 'rules',
  id: path,
  title: path,
  origin: 'project',
  source: text,
  text: tagged('rules', 'file', path, withoutFrontMatter(text).trim()),
  values: {},
  problems: [],
});

function modulePiece({ module, values, problems }: PickedModule, variables: Variables): Piece {
  const { id, title, origin, text: source } = module;
  const { text, unknown } = fillVariables(module.body.trim(), { ...values, ...variables });
  const declared = module.parameters.map(({ name }) => name);
  return {
    kind: 'module',
    id,
    title,
    origin,
    source,
    text: tagged('prompt-module', 'id', id, text),
    values,
    problems: [
      ...problems,
      // One that is declared and has no value has been named with what it is for.
      ...unfilled(
        unknown.filter((name) => !declared.includes(name)),
        `the module “${id}”`,
      ),
    ],
  };
}

function specPiece(
  { slug, text: source }: ComposeInput['spec'],
  { acceptance, ask }: SpecFrontMatter,
  body: string,
  variables: Variables,
): Piece {
  const title = variables['title'] ?? slug;
  const filled = fillVariablesInProse(body, variables);
  const text = renderSpecSection({ slug, title, body: filled.text, acceptance, ask });
  const problems = unfilled(filled.unknown, 'the spec');
  return { kind: 'spec', id: slug, title, origin: 'project', source, text, values: {}, problems };
}

/** Put together from what Git and the person say, so that double braces in it are none of ours. */
const workPiece = (id: 'so-far' | 'conflict', title: string, work: string): Piece => {
  const tag = id === 'so-far' ? 'work-so-far' : 'conflict';
  return {
    kind: 'work',
    id,
    title,
    origin: 'project',
    source: work,
    // A commit's message may hold the tag that ends it.
    text: `<${tag}>\n${work.replaceAll(`</${tag}`, `</ ${tag}`)}\n</${tag}>`,
    values: {},
    problems: [],
  };
};

function taskPiece(
  frontMatter: SpecFrontMatter,
  task: PromptTask | 'solve',
  variables: Variables,
  how: 'begins' | 'goes-on',
): Piece {
  const source = how === 'begins' ? taskText(frontMatter, task) : `${goOn}\n\n${taskText(frontMatter, task)}`;
  const { text } = fillVariables(source, variables);
  const title = { build: 'Task', split: 'Task: split this spec', solve: 'Task: solve the conflict' }[task];
  // A footprint may hold double braces of its own, so what is left over here is no mistake.
  return {
    kind: 'task',
    id: task === 'build' ? 'task' : task,
    title,
    origin: 'project',
    source,
    text: `${task === 'split' ? splitTaskTag : '<task>'}\n${text}\n</task>`,
    values: {},
    problems: [],
  };
}
