import { fileModes } from '#main/services/git/file-modes.ts';

import type { GitPort } from './merge-ports.ts';

/** A path that differs between two trees. Mode and hash are null on the side where it is not there. */
export interface TreeChange {
  path: string;
  old: { mode: string; hash: string } | null;
  new: { mode: string; hash: string } | null;
}

/** How two trees (or commits) differ, path by path, without looking for renames. */
export async function treeChanges(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  from: string,
  to: string,
): Promise<readonly TreeChange[]> {
  const { text } = await git.read({
    name: 'compare two trees',
    cwd,
    args: ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', from, to],
  });
  return parseTreeChanges(text);
}

/** Reads `git diff-tree -r -z --raw --no-abbrev --no-renames`: `:mode mode hash hash status NUL path NUL`. */
function parseTreeChanges(text: string): readonly TreeChange[] {
  const fields = text.split('\0');
  const changes: TreeChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const match = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) /u.exec(fields[at] ?? '');
    if (!match) continue;
    const [, oldMode = '', newMode = '', oldHash = '', newHash = ''] = match;
    changes.push({
      path: fields[at + 1] ?? '',
      old: oldMode === fileModes.none ? null : { mode: oldMode, hash: oldHash },
      new: newMode === fileModes.none ? null : { mode: newMode, hash: newHash },
    });
  }
  return changes;
}
