import { fileModes } from '#main/services/git/file-modes.ts';
import { reviewLimitBytes, type ReviewContentKind } from '#shared/contract/review.ts';

/** Git looks for a NUL in as many bytes to tell binary from text. */
const sniffedBytes = 8000;

export const looksBinary = (content: Buffer): boolean => content.subarray(0, sniffedBytes).includes(0);

const imageTypes = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['svg', 'image/svg+xml'],
]);

/**
 * The media type of a file that can be shown as a picture; null for any other. The page shows it in an `<img>` alone, in
 * which an SVG runs no script and loads nothing.
 */
export const imageType = (path: string): string | null =>
  imageTypes.get(/\.([^./]+)$/u.exec(path)?.[1]?.toLowerCase() ?? '') ?? null;

/** How a file can be shown, by what is known before it is read. `bytes` is null where there is no file on that side. */
export function contentKind(file: {
  path: string;
  oldMode: string;
  newMode: string;
  isBinary: boolean;
  oldBytes: number | null;
  newBytes: number | null;
}): ReviewContentKind {
  const present = [file.oldMode, file.newMode].filter((mode) => mode !== fileModes.none);
  if (present.every((mode) => mode === fileModes.submodule)) return 'submodule';
  if (present.every((mode) => mode === fileModes.symlink)) return 'symlink';
  const isHuge = (file.oldBytes ?? 0) > reviewLimitBytes || (file.newBytes ?? 0) > reviewLimitBytes;
  const isPlain = present.every((mode) => mode !== fileModes.submodule && mode !== fileModes.symlink);
  if (isPlain && imageType(file.path) !== null) return isHuge ? 'huge' : 'image';
  if (file.isBinary && isPlain) return isHuge && isMaybeText(file) ? 'huge' : 'binary';
  return isHuge ? 'huge' : 'text';
}

/** From this size on Git is told to count no lines, so that "binary" from it means nothing. */
export const uncountedBytes = 10_000_000;

const isMaybeText = (file: { oldBytes: number | null; newBytes: number | null }): boolean =>
  (file.oldBytes ?? 0) >= uncountedBytes || (file.newBytes ?? 0) >= uncountedBytes;
