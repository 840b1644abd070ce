import { fileModes } from '#main/services/git/file-modes.ts';
import { readConflictHunks } from '#main/services/radar/conflict-hunks.ts';
import { markedTree, readText } from '#main/services/radar/radar.ts';
import type { GitPort } from '#main/services/radar/radar-ports.ts';
import type { ReviewSide } from '#main/services/review/compute-review.ts';
import { contentKind } from '#main/services/review/content-kind.ts';
import { objectSizes } from '#main/services/review/objects.ts';
import { shownPath, type RawChange } from '#main/services/review/raw-diff.ts';
import { readContent } from '#main/services/review/read-content.ts';
import type { ConflictHunk } from '#shared/contract/radar.ts';
import type { VariantSides } from '#shared/contract/variants.ts';

import type { ComparedFile } from './compare-changes.ts';
import type { Work } from './compare-runs.ts';

/** A side of a file: what a variant has of it, or what was there before it. Null where there is nothing. */
interface Side {
  path: string;
  mode: string;
  hash: string;
}

/** Merges with markers in them, by the two commits; they never change. */
export type MarkedTrees = Map<string, Promise<string>>;

interface Asked {
  /** The places of the variants; null: as it was before the other one began. */
  left: number | null;
  right: number | null;
  showHuge: boolean;
}

/** Both sides of a file of the comparison, and where they really disagree. */
export async function readVariantSides(
  place: { git: GitPort; cwd: string },
  compared: { file: ComparedFile; works: readonly (Work | null)[]; marked: MarkedTrees },
  asked: Asked,
): Promise<VariantSides> {
  const { file, works, marked } = compared;
  const sideAt = (index: number | null) => ({ index, work: index === null ? null : (works[index] ?? null) });
  const [sides, places] = await Promise.all([
    readBoth(place, compared, asked),
    placesOf(place, { file, marked }, [sideAt(asked.left), sideAt(asked.right)]),
  ]);
  return { ...sides, places };
}

async function readBoth(
  place: { git: GitPort; cwd: string },
  compared: { file: ComparedFile; works: readonly (Work | null)[] },
  { left, right, showHuge }: Asked,
): Promise<Omit<VariantSides, 'places'>> {
  const { git, cwd } = place;
  const [one, other] = await Promise.all([sideOf(place, compared, left, right), sideOf(place, compared, right, left)]);
  const sizes = await objectSizes(
    git,
    cwd,
    [one, other].flatMap((side) => (side && side.mode !== fileModes.submodule ? [side.hash] : [])),
  );
  const old = reviewSide(one, sizes);
  const side = reviewSide(other, sizes);
  const key = other?.path ?? one?.path ?? compared.file.key;
  const path = shownPath(key);
  const kind = contentKind({
    path,
    oldMode: one?.mode ?? fileModes.none,
    newMode: other?.mode ?? fileModes.none,
    isBinary: false,
    oldBytes: old?.bytes ?? null,
    newBytes: side?.bytes ?? null,
  });
  const content = await readContent(
    git,
    { projectPath: cwd, worktreePath: null },
    { path: key, file: { path, content: kind }, old, new: side },
    showHuge,
  );
  return { content, leftPath: one && shownPath(one.path), rightPath: other && shownPath(other.path) };
}

async function sideOf(
  place: { git: GitPort; cwd: string },
  { file, works }: { file: ComparedFile; works: readonly (Work | null)[] },
  variant: number | null,
  opposite: number | null,
): Promise<Side | null> {
  const change = variant === null ? null : file.changes[variant];
  if (change)
    return change.newMode === fileModes.none ? null : { path: change.path, mode: change.newMode, hash: change.newHash };
  // What a variant has left alone is as it was when that variant began, which the change of another one tells as well.
  const before = (opposite === null ? null : file.changes[opposite]) ?? null;
  const start = works[variant ?? opposite ?? -1]?.start ?? null;
  if (start === null) return before && formerSide(before);
  return readEntry(place, start, file.key);
}

const formerSide = ({ oldPath, path, oldMode, oldHash }: RawChange): Side | null =>
  oldMode === fileModes.none ? null : { path: oldPath ?? path, mode: oldMode, hash: oldHash };

/** A file of a commit by its path in latin1; null: there is none. */
async function readEntry(
  { git, cwd }: { git: GitPort; cwd: string },
  commit: string,
  key: string,
): Promise<Side | null> {
  const { stdout } = await git.read({
    name: 'find a file of a commit',
    cwd,
    args: [
      '--literal-pathspecs',
      'ls-tree',
      '-z',
      '--full-tree',
      commit,
      '--',
      Buffer.from(key, 'latin1').toString('utf8'),
    ],
  });
  const found = /^(\d{6}) (?:blob|commit) ([0-9a-f]+)\t(.*)\0$/su.exec(stdout.toString('latin1'));
  return found ? { path: found[3] ?? key, mode: found[1] ?? '', hash: found[2] ?? '' } : null;
}

const reviewSide = (side: Side | null, sizes: ReadonlyMap<string, number>): ReviewSide | null =>
  side && {
    mode: side.mode,
    hash: side.hash,
    bytes: side.mode === fileModes.submodule ? null : (sizes.get(side.hash) ?? 0),
  };

const mostMarked = 100;

/** Where two variants really disagree, by Git's own merge of the two. */
async function placesOf(
  { git, cwd }: { git: GitPort; cwd: string },
  { file, marked }: { file: ComparedFile; marked: MarkedTrees },
  sides: readonly { index: number | null; work: Work | null }[],
): Promise<readonly ConflictHunk[] | null> {
  const [one, other] = sides;
  if (!one?.work || !other?.work || one.index === null || other.index === null) return null;
  const [a, b] = [Math.min(one.index, other.index), Math.max(one.index, other.index)];
  if (!file.file.conflicts.some((conflict) => conflict.a === a && conflict.b === b)) return [];
  const [ours, theirs] = [one.work.node.commit, other.work.node.commit];
  const key = `${ours} ${theirs}`;
  const merging = marked.get(key) ?? markedTree(git, cwd, ours, theirs, 'zdiff3');
  if (marked.size > mostMarked) marked.clear();
  marked.set(key, merging);
  let tree: string;
  try {
    tree = await merging;
  } catch (error) {
    marked.delete(key);
    throw error;
  }
  const paths = new Set([file.changes[one.index]?.path, file.changes[other.index]?.path, file.key]);
  for (const path of paths) {
    const text = path === undefined ? null : await readText(git, cwd, tree, shownPath(path));
    const hunks = text === null ? [] : readConflictHunks(text);
    if (hunks.length > 0) return hunks;
  }
  return null;
}
