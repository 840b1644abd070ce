import { isUtf8 } from 'node:buffer';

import { fileModes } from '#main/services/git/file-modes.ts';
import { reviewLimitBytes, type ReviewContent } from '#shared/contract/review.ts';

import type { ComputedReview, ReviewEntry, ReviewSide } from './compute-review.ts';
import { imageType, looksBinary } from './content-kind.ts';
import { languageOf } from './language.ts';
import { readObjects } from './objects.ts';
import type { GitPort } from './review-ports.ts';
import { lookAtFile, readFileInside } from './worktree-files.ts';

/** Not shown even when it is asked for: the page and the wire would hold it several times. */
const mostBytes = 50_000_000;

/** As much of a review as it takes to read a file of it. `worktreePath`: where sides without a hash lie. */
type Place = Pick<ComputedReview, 'projectPath' | 'worktreePath'>;
type Entry = Pick<ReviewEntry, 'path' | 'old' | 'new'> & { file: Pick<ReviewEntry['file'], 'path' | 'content'> };

/** Both sides of a changed file, as they can be shown. */
export async function readContent(
  git: Pick<GitPort, 'read' | 'objects'>,
  computed: Place,
  entry: Entry,
  showHuge: boolean,
): Promise<ReviewContent> {
  const { file } = entry;
  if (file.content === 'submodule') {
    return { kind: 'submodule', originalCommit: commitOf(entry.old), modifiedCommit: commitOf(entry.new) };
  }
  const sizes = { originalBytes: entry.old?.bytes ?? null, modifiedBytes: entry.new?.bytes ?? null };
  if (file.content === 'binary') return { kind: 'binary', ...sizes };
  const limit = showHuge ? mostBytes : reviewLimitBytes;
  if ((sizes.originalBytes ?? 0) > limit || (sizes.modifiedBytes ?? 0) > limit) return { kind: 'huge', ...sizes };

  const hashes = [entry.old, entry.new].flatMap((side) =>
    side === null || side.hash === null || side.mode === fileModes.submodule ? [] : [side.hash],
  );
  const objects = await readObjects(git, computed.projectPath, hashes);
  const original = await readSide(entry.old, entry, computed, objects, limit);
  const modified = await readSide(entry.new, entry, computed, objects, limit);
  if (original === 'too-large' || modified === 'too-large') return { kind: 'huge', ...sizes };

  if (file.content === 'symlink') {
    return { kind: 'symlink', originalTarget: utf8(original), modifiedTarget: utf8(modified) };
  }
  const measured = { originalBytes: original?.length ?? null, modifiedBytes: modified?.length ?? null };
  const image = isPlain(entry) ? imageType(file.path) : null;
  if (image !== null) {
    return {
      kind: 'image',
      originalDataUrl: dataUrl(image, original),
      modifiedDataUrl: dataUrl(image, modified),
      originalBytes: measured.originalBytes ?? 0,
      modifiedBytes: measured.modifiedBytes ?? 0,
    };
  }
  if ([original, modified].some((side) => side !== null && looksBinary(side))) return { kind: 'binary', ...measured };
  const decode = decoderFor([original, modified]);
  return {
    kind: 'text',
    original: original === null ? null : decode(original),
    modified: modified === null ? null : decode(modified),
    language: languageOf(file.path),
  };
}

async function readSide(
  side: ReviewSide | null,
  entry: Entry,
  { worktreePath }: Place,
  objects: ReadonlyMap<string, Buffer>,
  limit: number,
): Promise<Buffer | null | 'too-large'> {
  if (side === null) return null;
  // Where a submodule became a file or the other way round: in the words of `git diff`.
  if (side.mode === fileModes.submodule) return Buffer.from(`Subproject commit ${side.hash ?? ''}\n`);
  if (side.hash !== null) return objects.get(side.hash) ?? null;
  if (worktreePath === null) return null;
  const found = await lookAtFile(worktreePath, entry.path);
  if (found.kind === 'symlink') return found.target;
  if (found.kind !== 'file') return null;
  if (found.bytes > limit) return 'too-large';
  return readFileInside(worktreePath, entry.path, limit);
}

const commitOf = (side: ReviewSide | null): string | null =>
  side === null || side.hash === null || side.hash === '' ? null : side.hash;

const isPlain = ({ old, new: side }: Entry): boolean =>
  [old, side].every((each) => each === null || (each.mode !== fileModes.symlink && each.mode !== fileModes.submodule));

const utf8 = (content: Buffer | null): string | null => content?.toString('utf8') ?? null;

const dataUrl = (type: string, content: Buffer | null): string | null =>
  content === null ? null : `data:${type};base64,${content.toString('base64')}`;

/**
 * Text is UTF-8. Where one side is not, both are read one byte a character: whatever encoding it is, two sides that
 * differ then look different, which replacement characters would hide.
 */
function decoderFor(sides: readonly (Buffer | null)[]): (content: Buffer) => string {
  const encoding = sides.every((side) => side === null || isUtf8(side)) ? 'utf8' : 'latin1';
  return (content) => content.toString(encoding);
}
