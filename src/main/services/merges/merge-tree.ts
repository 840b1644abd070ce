import type { Conflict } from '#shared/contract/merges.ts';

import { conflictsOf, type ConflictMessage, type ConflictSides, type StagedPath } from './conflicts.ts';
import type { GitPort } from './merge-ports.ts';

export type TreeMerge = { kind: 'clean'; tree: string } | { kind: 'conflicts'; conflicts: readonly Conflict[] };

/**
 * Merges two commits into a tree, as `git merge` would, without a checkout, an index or a ref. `cwd` should be the
 * checkout of our side where there is one, because Git takes `.gitattributes` from it.
 */
export async function mergeTrees(request: {
  git: Pick<GitPort, 'read'>;
  cwd: string;
  ours: string;
  theirs: string;
  /** How the two sides are called in the reasons. */
  sides: ConflictSides;
}): Promise<TreeMerge> {
  const { ours, theirs, sides } = request;
  const parsed = await mergeStages(request);
  if (parsed.isClean) return { kind: 'clean', tree: parsed.tree };
  // For files that cannot stay where they are Git makes up names from what the sides were called: `a~<commit>`.
  const madeUp = new RegExp(`~(${ours}|${theirs})(_\\d+)?$`, 'u');
  const conflicts = conflictsOf({
    staged: parsed.staged.map((entry) => ({ ...entry, path: entry.path.replace(madeUp, '') })),
    messages: parsed.messages.map(({ type, paths }) => ({
      type,
      paths: paths.map((path) => path.replace(madeUp, '')),
    })),
    sides,
  });
  return { kind: 'conflicts', conflicts };
}

/** The same merge as Git tells of it: with every version of every path that did not merge. */
export async function mergeStages(request: {
  git: Pick<GitPort, 'read'>;
  cwd: string;
  ours: string;
  theirs: string;
}): Promise<ParsedMergeTree & { isClean: boolean }> {
  const { git, cwd, ours, theirs } = request;
  const output = await git.read({
    name: 'merge two trees',
    cwd,
    args: ['merge-tree', '--write-tree', '--messages', '-z', ours, theirs],
    okExitCodes: [0, 1],
  });
  return { ...parseMergeTree(output.stdout.toString('utf8')), isClean: output.exitCode === 0 };
}

export interface ParsedMergeTree {
  tree: string;
  staged: readonly (StagedPath & { hash: string })[];
  messages: readonly ConflictMessage[];
}

/**
 * Reads `git merge-tree --write-tree --messages -z`: the tree; what did not merge as `mode hash stage TAB path`; after an
 * empty field the messages, each a count of paths, the paths, the type and a sentence.
 */
function parseMergeTree(text: string): ParsedMergeTree {
  const fields = text.split('\0');
  const tree = fields[0] ?? '';
  const staged: (StagedPath & { hash: string })[] = [];
  let at = 1;
  for (; at < fields.length && fields[at] !== ''; at++) {
    const match = /^(\d+) ([0-9a-f]+) ([123])\t(.*)$/su.exec(fields[at] ?? '');
    if (match) {
      staged.push({ mode: match[1] ?? '', hash: match[2] ?? '', stage: Number(match[3]), path: match[4] ?? '' });
    }
  }
  const messages: ConflictMessage[] = [];
  for (at++; at < fields.length - 1;) {
    const count = Number(fields[at]);
    const paths = fields.slice(at + 1, at + 1 + count);
    messages.push({ type: fields[at + 1 + count] ?? '', paths });
    at += count + 3;
  }
  return { tree, staged, messages };
}
