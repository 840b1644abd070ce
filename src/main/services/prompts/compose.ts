import { createHash } from 'node:crypto';

import type { Prompt, PromptPart } from '#shared/contract/prompts.ts';
import type { SpecSlug } from '#shared/ids.ts';
import { parseSpec, type SpecFrontMatter } from '#shared/spec/spec-file.ts';
import { renderSpecSection } from '#shared/spec/spec-section.ts';

import type { CountTokens } from './token-counter.ts';
import { fillVariables, fillVariablesInProse, type Variables } from './variables.ts';

/** A Markdown file that can be a part of a prompt, with its text. */
export interface PromptText {
  id: string;
  title: string;
  text: string;
}

/** A file that should be a part and cannot be read as one. */
export interface UnreadText {
  kind: 'invariant' | 'module';
  id: string;
  /** A sentence. */
  reason: string;
}

export interface ComposeInput {
  /** In the order in which they go in. */
  invariants: readonly PromptText[];
  /** All that there are; the spec and `always` choose. */
  modules: readonly PromptText[];
  unread: readonly UnreadText[];
  /** Modules that every prompt of the project gets. */
  always: readonly string[];
  spec: { slug: SpecSlug; text: string };
  agentId: string | null;
  branch: string | null;
  base: string | null;
  countTokens: CountTokens;
}

interface Piece {
  kind: PromptPart['kind'];
  id: string;
  title: string;
  /** What the version names: the text as it lies in its file. */
  source: string;
  text: string;
  unknown: readonly string[];
}

/** What a version is: enough of a hash to tell two texts apart, short enough to be shown. */
export const promptVersion = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/**
 * The prompt for a spec: invariants, modules, the spec with its acceptance, the task; each part between tags with its
 * name, so that an agent, and a person reading along, can tell who says what. The same input gives the same text.
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
  const wanted = [...new Set([...input.always, ...frontMatter.prompts])];
  const chosen = wanted.map((id) => ({ id, module: input.modules.find((module) => module.id === id) }));

  const pieces: readonly Piece[] = [
    ...input.invariants.map((invariant) => textPiece('invariant', 'invariant', invariant, variables)),
    ...chosen.flatMap(({ module }) => (module ? [textPiece('module', 'prompt-module', module, variables)] : [])),
    specPiece(input.spec, frontMatter, body, variables),
    taskPiece(frontMatter, variables),
  ];
  const unreadModule = (id: string): string | undefined =>
    input.unread.find((each) => each.kind === 'module' && each.id === id)?.reason;
  const problems = [
    ...input.unread.filter(({ kind }) => kind === 'invariant').map(({ reason }) => reason),
    ...chosen
      .filter(({ module }) => module === undefined)
      .map(({ id }) => unreadModule(id) ?? `There is no prompt module “${id}” in .switchyard/prompts.`),
    ...pieces.flatMap(({ kind, id, unknown }) =>
      unknown.map((name) => `Nothing fills {{${name}}} in the ${kind}${kind === 'spec' ? '' : ` “${id}”`}.`),
    ),
    ...(specProblems.some(({ severity }) => severity === 'error')
      ? ['The front matter of the spec has errors, so the prompt may lack what it says.']
      : []),
  ];
  return assemble(pieces, problems, input.countTokens);
}

function assemble(pieces: readonly Piece[], problems: readonly string[], countTokens: CountTokens): Prompt {
  const parts: PromptPart[] = [];
  let text = '';
  for (const { kind, id, title, source, text: piece } of pieces) {
    if (text !== '') text += '\n';
    const from = text.length;
    text += `${piece}\n`;
    parts.push({
      kind,
      id,
      title,
      version: promptVersion(source),
      tokens: countTokens(piece),
      from,
      to: text.length,
    });
  }
  const tokens = parts.reduce((sum, part) => sum + part.tokens, 0);
  return { text, tokens, parts, problems, version: promptVersion(text) };
}

function textPiece(kind: 'invariant' | 'module', tag: string, part: PromptText, variables: Variables): Piece {
  const { text, unknown } = fillVariables(part.text.trim(), variables);
  const id = part.id.replaceAll(/["<>\s]+/g, '-');
  return {
    kind,
    id: part.id,
    title: part.title,
    source: part.text,
    text: `<${tag} id="${id}">\n${text}\n</${tag}>`,
    unknown,
  };
}

function specPiece(
  { slug, text: source }: ComposeInput['spec'],
  { acceptance, ask }: SpecFrontMatter,
  body: string,
  variables: Variables,
): Piece {
  const title = variables.title ?? slug;
  const filled = fillVariablesInProse(body, variables);
  const text = renderSpecSection({ slug, title, body: filled.text, acceptance, ask });
  return { kind: 'spec', id: slug, title, source, text, unknown: filled.unknown };
}

function taskPiece({ footprint, acceptance, ask }: SpecFrontMatter, variables: Variables): Piece {
  const checks = acceptance.filter(({ check }) => check !== null).length;
  const rules = [
    'Work in the present folder and nowhere else: it is a Git worktree of your own, and other agents have theirs.',
    'Your branch is `{{branch}}`, made from `{{base}}`. Commit to it. Do not switch branches, merge, rebase, stash or push.',
    footprint.length === 0
      ? 'Change what the spec needs and nothing beside it: other branches are being worked on at the same time.'
      : `Change only files in the footprint: ${footprint.map((glob) => `\`${glob}\``).join(', ')}. If the work cannot be done without leaving it, say which file and why before you touch it.`,
    checks === 0
      ? 'Say how you made sure that it works, with the commands you ran and what they printed.'
      : 'Before you commit, run every check of the acceptance list. A check that fails is to be mended in the code, not in the check; what you cannot make pass you say plainly.',
    ...(ask === null ? [] : ['Ask the question of the spec before you commit, and wait for the answer.']),
    'Commit all that belongs to the work, in commits whose messages say what and why. Leave nothing behind that is not committed.',
    'If something else is unclear and the answer would change what you build, ask one short question and wait.',
    'At the end say in a few lines what you changed, what is not proven, and what you are unsure of.',
  ];
  const source = [
    'Do the work that the spec “{{title}}” describes, within the rules above.',
    '',
    ...rules.map((rule) => `- ${rule}`),
  ].join('\n');
  const { text } = fillVariables(source, variables);
  // A footprint may hold double braces of its own, so what is left over here is no mistake.
  return { kind: 'task', id: 'task', title: 'Task', source, text: `<task>\n${text}\n</task>`, unknown: [] };
}
