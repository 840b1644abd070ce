import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';

import type { Git } from '#main/services/git/git.ts';
import { pathInput, type PrivateIndex } from '#main/services/git/private-index.ts';

/*
 * Git converts what it stores and what it writes: line ends, `$Id$`, encodings, and whatever a filter of the person's
 * does, such as leaving out the outputs of a notebook. In a commit that is wanted; in a snapshot it would lose what was
 * in the file. So files go into a snapshot, and come back from it, byte for byte.
 */

/** Modes of regular files, as Git's trees and raw diffs have them. */
const modes = { file: '100644', executable: '100755' };

/** Puts paths (bytes in latin1) into a private index as they are on disk. Their contents are then in the object database. */
export async function storeFiles(
  git: Pick<Git, 'direct'>,
  index: PrivateIndex,
  paths: readonly string[],
): Promise<void> {
  const { worktreePath, env } = index;
  const store = { name: 'store what is not committed', cwd: worktreePath, env };
  const files: { path: string; mode: string }[] = [];
  const others: string[] = [];
  for (const path of paths) {
    const stats = await lstat(onDisk(worktreePath, path)).catch(() => null);
    if (stats?.isFile() === true) files.push({ path, mode: stats.mode & 0o100 ? modes.executable : modes.file });
    else others.push(path);
  }
  const { text } = await git.direct({
    ...store,
    args: ['hash-object', '-w', '--no-filters', '--stdin-paths'],
    input: Buffer.from(files.map(({ path }) => `${quoted(path)}\n`).join(''), 'latin1'),
  });
  const hashes = text.split('\n');
  const entries = files.map(({ path, mode }, at) => `${mode} ${hashes[at] ?? ''}\t${path}\0`);
  await git.direct({
    ...store,
    args: ['update-index', '-z', '--index-info'],
    input: Buffer.from(entries.join(''), 'latin1'),
  });
  // Links and submodules, in which nothing is converted. `--replace`: a file can have become a folder.
  await git.direct({
    ...store,
    args: ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'],
    input: pathInput(others),
  });
}

/**
 * Writes the files in which two commits differ as the second one has them, where Git has just checked that one out and
 * converted what it wrote.
 */
export async function writeFilesAsStored(
  git: Pick<Git, 'read' | 'direct'>,
  worktreePath: string,
  commits: { from: string; to: string },
): Promise<void> {
  const call = { name: 'bring back what was not committed', cwd: worktreePath };
  const { stdout } = await git.read({
    ...call,
    args: ['diff-tree', '-r', '-z', '--raw', '--no-renames', commits.from, commits.to],
  });
  const stored = parseChanges(stdout.toString('latin1'));
  const { text } = await git.direct({
    ...call,
    args: ['hash-object', '--no-filters', '--stdin-paths'],
    input: Buffer.from(stored.map(({ path }) => `${quoted(path)}\n`).join(''), 'latin1'),
  });
  const written = text.split('\n');
  for (const [at, { path, hash }] of stored.entries()) {
    if (written[at] === hash) continue;
    const blob = await git.read({ ...call, args: ['cat-file', 'blob', hash] });
    // It was made a moment ago and is no link; should somebody have put one there since, it is not followed.
    const file = await open(
      onDisk(worktreePath, path),
      constants.O_WRONLY | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0),
    );
    try {
      await file.writeFile(blob.stdout);
    } finally {
      await file.close();
    }
  }
}

/** The regular files that the second side has, of `:oldmode newmode oldhash newhash status NUL path NUL`. */
function parseChanges(raw: string): readonly { path: string; hash: string }[] {
  const fields = raw.split('\0');
  const found: { path: string; hash: string }[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , hash = ''] = (fields[at] ?? '').split(' ');
    if (mode === modes.file || mode === modes.executable) found.push({ path: fields[at + 1] ?? '', hash });
  }
  return found;
}

const onDisk = (folder: string, path: string): Buffer =>
  Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);

/** A path on a line of its own, as Git quotes one. */
function quoted(path: string): string {
  const escaped = path.replaceAll(
    // oxlint-disable-next-line no-control-regex -- control characters are what is escaped
    /["\\\x00-\x1f\x7f]/g,
    (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `"${escaped}"`;
}
