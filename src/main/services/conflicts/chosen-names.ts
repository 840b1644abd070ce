import type { Git } from '#main/services/git/git.ts';
import type { Resolution } from '#shared/contract/conflicts.ts';

/** A version of a file that the person keeps under a name of their choice. */
export interface NamedSide {
  name: string;
  mode: string;
  hash: string;
  /** The path in conflict that it is of. */
  of: string;
}

type Named = Extract<Resolution, { kind: 'names' }>;

/** What Git calls a file that cannot stay where it is: its name, and the side that it is of. */
export const withoutMadeUp = (path: string, commits: { baseCommit: string; branchCommit: string }): string =>
  path.replace(new RegExp(`~(?:${commits.baseCommit}|${commits.branchCommit})(?:_\\d+)?$`, 'u'), '');

/** Names to begin from: where each side has it; beside it, where both have it or something else is there. */
export function proposeNames(
  path: string,
  has: { ours: boolean; theirs: boolean },
  sides: { baseCommit: string; branchCommit: string; base: string; branch: string },
): Named {
  const plain = withoutMadeUp(path, sides);
  const beside = (side: string): string => `${plain}.${side.replaceAll(/[^A-Za-z0-9._-]+/gu, '-')}`;
  const isMadeUp = plain !== path;
  return {
    kind: 'names',
    ours: has.ours ? (isMadeUp ? beside(sides.base) : path) : null,
    theirs: has.theirs ? (isMadeUp || has.ours ? beside(sides.branch) : path) : null,
  };
}

/** Why a file cannot be called so, in a sentence; null when it can. */
export function refuseName(name: string): string | null {
  const parts = name.split('/');
  if (name === '' || parts.includes('')) return 'A name is missing, or a part of it is empty.';
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (name.length > 1000 || /[\x00-\x1f\x7f\\]/u.test(name)) return `“${name.slice(0, 100)}” is no name for a file.`;
  if (parts.some((part) => part === '.' || part === '..' || /^\.git$/iu.test(part) || /^git~\d/iu.test(part))) {
    return `“${name}” would leave the project, or lie in Git’s own folder.`;
  }
  return null;
}

/** Why files cannot have these names together with what else is there; null when they can. */
export async function refuseNames(
  git: Pick<Git, 'read'>,
  cwd: string,
  tree: string,
  named: readonly NamedSide[],
  /** Paths that are in conflict, and so are not there unless they are named. */
  open: ReadonlySet<string>,
): Promise<{ path: string; reason: string } | null> {
  const { text } = await git.read({
    name: 'list the merged files',
    cwd,
    args: ['ls-tree', '-r', '-z', '--name-only', '--full-tree', tree],
  });
  const files = new Set(text.split('\0').filter((path) => path !== '' && !open.has(path)));
  const folders = new Set(Array.from(files).flatMap(foldersOf));
  for (const { name, of } of named) {
    const odd = refuseName(name);
    if (odd !== null) return { path: of, reason: odd };
    if (files.has(name)) return { path: of, reason: `There is a file ${name} already.` };
    if (folders.has(name)) return { path: of, reason: `There is a folder ${name} already.` };
    const file = foldersOf(name).find((folder) => files.has(folder));
    if (file !== undefined) return { path: of, reason: `${file} is a file, so there is no ${name}.` };
    files.add(name);
    for (const folder of foldersOf(name)) folders.add(folder);
  }
  return null;
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
