import { compareLimits, diffFlags, renameFlags, type BranchChange } from '#main/services/radar/branch-changes.ts';
import type { GitPort } from '#main/services/radar/radar-ports.ts';

/** A line that a branch adds, where it stands in the branch's file. */
export interface AddedLine {
  line: number;
  text: string;
}

/** A patch that is larger is not looked through. */
const largestPatchBytes = 32_000_000;

/** The lines that each changed file gets, by its path. Throws GitError when there are far too many. */
export async function readAddedLines(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  range: { from: string; tree: string },
  changes: readonly BranchChange[],
): Promise<ReadonlyMap<string, readonly AddedLine[]>> {
  const { stdout } = await git.read({
    name: 'read the lines that a branch adds',
    cwd,
    args: [
      ...compareLimits,
      'diff-tree',
      '-r',
      '-p',
      '--unified=0',
      '--inter-hunk-context=0',
      '--submodule=short',
      ...renameFlags,
      ...diffFlags,
      range.from,
      range.tree,
      '--',
    ],
    maxBytes: largestPatchBytes,
  });
  return parseAddedLines(stdout.toString('utf8'), changes);
}

/**
 * Reads a patch without context. Its files stand in the order of `changes`, which is how they are told apart: names in a patch
 * are quoted in ways of their own.
 */
export function parseAddedLines(
  patch: string,
  changes: readonly BranchChange[],
): ReadonlyMap<string, readonly AddedLine[]> {
  // Another kind of file in the place of one is a deletion and an addition: two parts.
  const parts = changes.flatMap(({ path, kind }) => (kind === 'type-changed' ? [path, path] : [path]));
  const added = new Map<string, AddedLine[]>();
  let part = -1;
  let line = 0;
  let left = 0;
  let removed = 0;
  for (const row of patch.split('\n')) {
    if (left > 0 && row.startsWith('+')) {
      const path = parts[part];
      if (path !== undefined) {
        const lines = added.get(path) ?? [];
        lines.push({ line, text: row.endsWith('\r') ? row.slice(1, -1) : row.slice(1) });
        added.set(path, lines);
      }
      line++;
      left--;
    } else if (removed > 0 && row.startsWith('-')) removed--;
    else if (left === 0 && removed === 0 && row.startsWith('diff --git ')) part++;
    else {
      const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u.exec(row);
      if (!hunk) continue;
      removed = Number(hunk[1] ?? 1);
      line = Number(hunk[2]);
      left = Number(hunk[3] ?? 1);
    }
  }
  return added;
}
