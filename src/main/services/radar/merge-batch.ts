import type { StagedPath, ConflictMessage } from '#main/services/merges/conflicts.ts';
import { conflictsOf } from '#main/services/merges/conflicts.ts';
import { GitError } from '#main/services/git/git.ts';
import type { Conflict } from '#shared/contract/merges.ts';

import type { GitPort } from './radar-ports.ts';

/** Two commits that are to be merged, with what to call them in the reasons for a conflict. */
export interface MergeQuestion {
  ours: string;
  theirs: string;
  sides: { ours: string; theirs: string };
}

export type MergeAnswer =
  | { kind: 'clean'; tree: string }
  | { kind: 'conflicts'; tree: string; conflicts: readonly Conflict[] }
  /** They have no common ancestor, so Git does not merge them. */
  | { kind: 'unrelated' };

/**
 * Merges many pairs of commits in one process, or in two where they are very many, each as `git merge` would, without a checkout, an index or a ref. The
 * trees are written as objects. `cwd` is the checkout whose `.gitattributes` hold.
 */
export async function mergeBatch(
  git: Pick<GitPort, 'read' | 'version'>,
  cwd: string,
  questions: readonly MergeQuestion[],
  signal?: AbortSignal,
): Promise<readonly MergeAnswer[]> {
  const processes = Math.max(1, Math.min(mostProcesses, Math.floor(questions.length / fewestQuestions)));
  const each = Math.ceil(questions.length / processes);
  const parts = Array.from({ length: processes }, (_, index) => questions.slice(index * each, (index + 1) * each));
  const answers = await Promise.all(parts.map((part) => mergePart(git, cwd, part, signal)));
  return answers.flat();
}

async function mergePart(
  git: Pick<GitPort, 'read' | 'version'>,
  cwd: string,
  questions: readonly MergeQuestion[],
  signal: AbortSignal | undefined,
): Promise<readonly MergeAnswer[]> {
  const answers: MergeAnswer[] = [];
  const atOnce = (await takesBatches(git)) ? questions.length : 1;
  while (answers.length < questions.length) {
    const asked = questions.slice(answers.length, answers.length + atOnce);
    const merged = atOnce > 1 ? await mergeAll(git, cwd, asked, signal) : await mergeOne(git, cwd, asked, signal);
    answers.push(...merged.map((raw, index) => answerOf(raw, asked[index] as MergeQuestion)));
    // Git ends at the first pair that it does not merge at all; the others are asked again.
    if (merged.length < asked.length) answers.push({ kind: 'unrelated' });
  }
  return answers;
}

/** Agents want the other processors. */
const mostProcesses = 2;
/** Of fewer, a second process costs more than it takes over: the start of one is about ten merges. */
const fewestQuestions = 64;

/** `merge-tree --stdin` came with Git 2.39; before, each pair takes a process of its own. */
async function takesBatches(git: Pick<GitPort, 'version'>): Promise<boolean> {
  const version = await git.version();
  return version !== null && (version.major > 2 || (version.major === 2 && version.minor >= 39));
}

async function mergeAll(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  questions: readonly MergeQuestion[],
  signal: AbortSignal | undefined,
): Promise<readonly RawMerge[]> {
  const output = await git.read({
    name: 'merge many trees',
    cwd,
    args: ['merge-tree', '--write-tree', '--stdin'],
    input: questions.map(({ ours, theirs }) => `${ours} ${theirs}\n`).join(''),
    okExitCodes: [0, 1, 128],
    ...(signal ? { signal } : {}),
  });
  const merges = parseMergeBatch(output.stdout.toString('utf8'));
  if (merges.length < questions.length && !isUnrelated(output.stderr)) throw failure(output.exitCode, output.stderr);
  return merges;
}

async function mergeOne(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  [question]: readonly MergeQuestion[],
  signal: AbortSignal | undefined,
): Promise<readonly RawMerge[]> {
  if (question === undefined) return [];
  const output = await git.read({
    name: 'merge two trees',
    cwd,
    args: ['merge-tree', '--write-tree', '--messages', '-z', question.ours, question.theirs],
    okExitCodes: [0, 1, 128],
    ...(signal ? { signal } : {}),
  });
  if (output.exitCode > 1) {
    if (isUnrelated(output.stderr)) return [];
    throw failure(output.exitCode, output.stderr);
  }
  const text = output.stdout.toString('utf8');
  if (output.exitCode === 0) return [{ isClean: true, tree: text.split('\0')[0] ?? '', staged: [], messages: [] }];
  // The form of one in a batch, but for its first and its last field.
  return parseMergeBatch(`0\0${text}\0`);
}

const isUnrelated = (stderr: string): boolean => stderr.includes('unrelated histories');

const failure = (exitCode: number, stderr: string): GitError =>
  new GitError({ call: 'merge many trees', args: ['merge-tree'], exitCode, stderr });

/** One merge as Git prints it. */
export interface RawMerge {
  isClean: boolean;
  tree: string;
  staged: readonly StagedPath[];
  messages: readonly ConflictMessage[];
}

/**
 * Reads what `git merge-tree --stdin` prints for each pair: 1 when it is clean, else 0; the tree; what did not merge, as
 * `mode hash stage TAB path`; an empty field; the messages, each a count of paths, the paths, the type and a sentence; and
 * an empty field again, or advice about submodules in its place. A clean one has neither list, and one empty field. What is
 * cut off at the end is left out.
 */
export function parseMergeBatch(text: string): readonly RawMerge[] {
  const fields = text.split('\0');
  const merges: RawMerge[] = [];
  let at = 0;
  while (at + 2 < fields.length) {
    const isClean = fields[at++] === '1';
    const tree = fields[at++] ?? '';
    const staged: StagedPath[] = [];
    for (; at < fields.length && fields[at] !== ''; at++) {
      const match = /^(\d+) [0-9a-f]+ ([123])\t(.*)$/su.exec(fields[at] ?? '');
      if (match) staged.push({ mode: match[1] ?? '', stage: Number(match[2]), path: match[3] ?? '' });
    }
    at++;
    const messages: ConflictMessage[] = [];
    if (!isClean) {
      while (/^\d+$/u.test(fields[at] ?? '')) {
        const count = Number(fields[at]);
        const paths = fields.slice(at + 1, at + 1 + count);
        messages.push({ type: fields[at + 1 + count] ?? '', paths });
        at += count + 3;
      }
      at++;
    }
    if (at > fields.length) break;
    merges.push({ isClean, tree, staged, messages });
  }
  return merges;
}

function answerOf(raw: RawMerge, { ours, theirs, sides }: MergeQuestion): MergeAnswer {
  if (raw.isClean) return { kind: 'clean', tree: raw.tree };
  // For files that cannot stay where they are Git makes up names from what the sides were called: `a~<commit>`.
  const madeUp = new RegExp(`~(${ours}|${theirs})(_\\d+)?$`, 'u');
  const conflicts = conflictsOf({
    staged: raw.staged.map((entry) => ({ ...entry, path: entry.path.replace(madeUp, '') })),
    messages: raw.messages.map(({ type, paths }) => ({ type, paths: paths.map((path) => path.replace(madeUp, '')) })),
    sides,
  });
  return { kind: 'conflicts', tree: raw.tree, conflicts };
}
