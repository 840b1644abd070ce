import { isUtf8 } from 'node:buffer';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Git } from '#main/services/git/git.ts';
import { mergeStages, type ParsedMergeTree } from '#main/services/merges/merge-tree.ts';
import { markedTree } from '#main/services/radar/radar.ts';
import { looksBinary } from '#main/services/review/content-kind.ts';
import { languageOf } from '#main/services/review/language.ts';
import { readObjects } from '#main/services/review/objects.ts';
import type { ConflictFile, Resolution } from '#shared/contract/conflicts.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { proposeNames, refuseNames, withoutMadeUp, type NamedSide } from './chosen-names.ts';

type GitPort = Pick<Git, 'read' | 'direct' | 'commonDir' | 'gitDir' | 'version'>;

/** A merge that Git could not finish, with all that is needed to finish it. */
export interface OpenMerge {
  cwd: string;
  baseCommit: string;
  branchCommit: string;
  /** The tree as Git left it, with markers in it. */
  tree: string;
  paths: readonly OpenPath[];
}

interface OpenPath {
  path: string;
  /** Mode and blob of each side, as far as it has the path. */
  base: Side | null;
  ours: Side | null;
  theirs: Side | null;
  /** Names or kinds collide here, and not lines. */
  isOfNames: boolean;
  obstacle: string | null;
}

interface Side {
  mode: string;
  hash: string;
}

/** Only what both sides did to the content of one file can be solved as a text. */
const solvable = /^CONFLICT \((?:contents|binary|modify\/delete)\)$/u;
const plainFile = /^100(?:644|755)$/u;
/** A larger file is not for an editor. */
const largestText = 1_000_000;

/** Null: it merges cleanly. */
export async function openMerge(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  commits: { baseCommit: string; branchCommit: string },
): Promise<OpenMerge | null> {
  const { baseCommit, branchCommit } = commits;
  const merged = await mergeStages({ git, cwd, ours: baseCommit, theirs: branchCommit });
  if (merged.isClean) return null;
  return { cwd, baseCommit, branchCommit, tree: merged.tree, paths: pathsOf(merged) };
}

function pathsOf({ staged, messages }: ParsedMergeTree): readonly OpenPath[] {
  const types = messages.filter(({ type }) => type.startsWith('CONFLICT'));
  // A conflict of names without a path that stands for it cannot be told apart from the others.
  const isOdd = types.some(({ type, paths }) => !solvable.test(type) && !paths.some((path) => hasPath(staged, path)));
  return [...new Set(staged.map(({ path }) => path))].map((path) => {
    const at = (stage: number): Side | null => {
      const found = staged.find((entry) => entry.path === path && entry.stage === stage);
      return found ? { mode: found.mode, hash: found.hash } : null;
    };
    const sides = { base: at(1), ours: at(2), theirs: at(3) };
    const isPlain = Object.values(sides).every((side) => side === null || plainFile.test(side.mode));
    const ofPath = types.filter(({ paths }) => paths.includes(path));
    const isSolvable = ofPath.length > 0 && ofPath.every(({ type }) => solvable.test(type));
    const obstacle = isOdd
      ? 'Names of folders collide here, and no file stands for that. Its agent can solve it in its worktree.'
      : null;
    return { path, ...sides, isOfNames: !isPlain || !isSolvable, obstacle };
  });
}

const hasPath = (staged: ParsedMergeTree['staged'], path: string): boolean =>
  staged.some((entry) => entry.path === path);

/** The files with all their sides, to be looked at. */
export async function readFiles(
  git: GitPort,
  open: OpenMerge,
  /** What the sides are called at the markers. */
  names: { base: string; branch: string },
): Promise<readonly ConflictFile[]> {
  const { cwd, baseCommit, branchCommit, paths } = open;
  const hashes = paths.flatMap(({ base, ours, theirs }) =>
    [base, ours, theirs].flatMap((side) => (side && plainFile.test(side.mode) ? [side.hash] : [])),
  );
  const objects = await readObjects(git, cwd, hashes);
  const textOf = (side: Side | null): string | null => {
    const content = side && objects.get(side.hash);
    if (!content || content.length > largestText || looksBinary(content) || !isUtf8(content)) return null;
    return content.toString('utf8');
  };
  const marked = await markedTexts(git, open, await markedTree(git, cwd, baseCommit, branchCommit));
  const named = (text: string | null): string | null =>
    text
      ?.replaceAll(`<<<<<<< ${baseCommit}`, () => `<<<<<<< ${names.base}`)
      .replaceAll(`>>>>>>> ${branchCommit}`, () => `>>>>>>> ${names.branch}`) ?? null;
  // What only both had before has gone to other names on both sides: there is nothing of it to keep.
  const present = paths.filter(({ ours, theirs }) => ours !== null || theirs !== null);
  return present.map(({ path, base, ours, theirs, isOfNames, obstacle }) => {
    const has = { ours: ours !== null, theirs: theirs !== null };
    const isText = [base, ours, theirs].every((side) => side === null || textOf(side) !== null);
    return {
      path,
      language: languageOf(path),
      base: textOf(base),
      ours: textOf(ours),
      theirs: textOf(theirs),
      marked: !isOfNames && isText && ours !== null && theirs !== null ? named(marked.get(path) ?? null) : null,
      has,
      names: isOfNames ? proposeNames(path, has, { baseCommit, branchCommit, ...names }) : null,
      obstacle,
    };
  });
}

async function markedTexts(git: GitPort, open: OpenMerge, tree: string): Promise<ReadonlyMap<string, string>> {
  const { text } = await git.read({
    name: 'list the merged files',
    cwd: open.cwd,
    args: ['ls-tree', '-r', '-z', tree],
  });
  const blobs = new Map<string, string>();
  for (const entry of text.split('\0')) {
    const match = /^\d+ blob ([0-9a-f]+)\t(.*)$/su.exec(entry);
    if (match) blobs.set(match[2] ?? '', match[1] ?? '');
  }
  const wanted = open.paths.flatMap(({ path }) => blobs.get(path) ?? []);
  const objects = await readObjects(git, open.cwd, wanted);
  const found = new Map<string, string>();
  for (const { path } of open.paths) {
    const content = objects.get(blobs.get(path) ?? '');
    if (content && content.length <= largestText) found.set(path, content.toString('utf8'));
  }
  return found;
}

export type CannotResolve =
  { kind: 'unsolved'; paths: readonly string[] } | { kind: 'not-by-hand'; path: string; reason: string };

/** Writes the tree that the resolutions make of the merge. Nothing refers to it yet. */
export async function resolvedTree(
  git: GitPort,
  open: OpenMerge,
  resolutions: ReadonlyMap<string, Resolution>,
): Promise<Result<string, CannotResolve>> {
  const { cwd, paths, tree } = open;
  const odd = paths.find(({ obstacle }) => obstacle !== null);
  if (odd?.obstacle) return fail({ kind: 'not-by-hand', path: odd.path, reason: odd.obstacle });
  const unsolved = await findUnsolved(git, open, resolutions);
  if (unsolved.length > 0) return fail({ kind: 'unsolved', paths: unsolved });
  const gone = (path: string): string => `0 ${'0'.repeat(tree.length)}\t${path}`;
  const lines: string[] = [];
  const named: NamedSide[] = [];
  for (const each of paths) {
    const { path, ours, theirs } = each;
    const resolution = resolutions.get(path);
    if (resolution === undefined || each.isOfNames) {
      // Taken away first, so that what is a file on one side may be a folder on the other.
      lines.push(gone(path));
      named.push(...keptNames(each, resolution));
      continue;
    }
    if (resolution.kind === 'names') continue;
    const side =
      resolution.kind === 'text' ? await writeText(git, cwd, each, resolution.text) : { ours, theirs }[resolution.kind];
    lines.push(side === null ? gone(path) : `${side.mode} ${side.hash}\t${path}`);
  }
  if (named.length > 0) {
    const left = new Set(paths.filter(({ isOfNames }) => isOfNames).map(({ path }) => path));
    const refused = await refuseNames(git, cwd, tree, named, left);
    if (refused !== null) {
      return fail({ kind: 'not-by-hand', path: withoutMadeUp(refused.path, open), reason: refused.reason });
    }
    lines.push(...named.map(({ mode, hash, name }) => `${mode} ${hash}\t${name}`));
  }
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-index-'));
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    await git.direct({ name: 'read the merged tree', cwd, args: ['read-tree', tree], env });
    await git.direct({
      name: 'put the resolutions in',
      cwd,
      args: ['update-index', '-z', '--index-info'],
      input: lines.map((line) => `${line}\0`).join(''),
      env,
    });
    return ok((await git.direct({ name: 'write the resolved tree', cwd, args: ['write-tree'], env })).text.trim());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is kept of a conflict of names, and how it is called. */
function keptNames({ path, ours, theirs }: OpenPath, resolution: Resolution | undefined): readonly NamedSide[] {
  switch (resolution?.kind) {
    case 'ours':
      return ours === null ? [] : [{ ...ours, name: path, of: path }];
    case 'theirs':
      return theirs === null ? [] : [{ ...theirs, name: path, of: path }];
    case 'names':
      return [
        ...(ours === null || resolution.ours === null ? [] : [{ ...ours, name: resolution.ours, of: path }]),
        ...(theirs === null || resolution.theirs === null ? [] : [{ ...theirs, name: resolution.theirs, of: path }]),
      ];
    case 'text':
    case undefined:
      return [];
  }
}

/** What has no resolution, or still has Git's markers in it that neither side had before. */
async function findUnsolved(
  git: GitPort,
  { cwd, paths }: OpenMerge,
  resolutions: ReadonlyMap<string, Resolution>,
): Promise<readonly string[]> {
  const unsolved: string[] = [];
  for (const { path, ours, theirs, isOfNames } of paths) {
    if (ours === null && theirs === null) continue;
    const resolution = resolutions.get(path);
    // A name is no answer to a conflict of lines, nor lines to one of names.
    if (
      resolution === undefined ||
      (resolution.kind === 'text' && isOfNames) ||
      (resolution.kind === 'names' && !isOfNames)
    ) {
      unsolved.push(path);
      continue;
    }
    if (resolution.kind !== 'text') continue;
    const markers = markersIn(resolution.text);
    if (markers.length === 0) continue;
    const objects = await readObjects(
      git,
      cwd,
      [ours, theirs].flatMap((side) => side?.hash ?? []),
    );
    const own = new Set(Array.from(objects.values()).flatMap((content) => markersIn(content.toString('utf8'))));
    if (markers.some((marker) => !own.has(marker))) unsolved.push(path);
  }
  return unsolved;
}

const markersIn = (text: string): readonly string[] =>
  text.split('\n').filter((line) => /^(?:<{7}|>{7}|\|{7})(?: |\r?$)/u.test(line));

async function writeText(git: GitPort, cwd: string, { base, ours, theirs }: OpenPath, text: string): Promise<Side> {
  const { text: hash } = await git.direct({
    name: 'store a resolution',
    cwd,
    // As it is: the sides are read without filters, too.
    args: ['hash-object', '-w', '--no-filters', '--stdin'],
    input: text,
  });
  const changed = theirs !== null && theirs.mode !== base?.mode ? theirs : ours;
  return { mode: (changed ?? theirs)?.mode ?? '100644', hash: hash.trim() };
}
