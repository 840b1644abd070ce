import type { ReviewFile } from '#shared/contract/review.ts';

export type ReviewScope = 'all' | 'committed' | 'uncommitted';

/** The files of a scope whose path or former path holds the words, in the order in which they are listed. */
export function filesInView(files: readonly ReviewFile[], scope: ReviewScope, filter: string): readonly ReviewFile[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return files.filter((file) => {
    if (scope === 'uncommitted' && !file.uncommitted) return false;
    if (scope === 'committed' && file.uncommitted) return false;
    const haystack = `${file.path} ${file.oldPath ?? ''}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

/** The file that stands `steps` after the current one; stays at the ends. Without a current one, the first. */
export function stepFile(files: readonly ReviewFile[], current: string | null, steps: number): ReviewFile | null {
  const index = files.findIndex((file) => file.path === current);
  if (index < 0) return files[0] ?? null;
  return files[Math.min(files.length - 1, Math.max(0, index + steps))] ?? null;
}

/** After marking one as viewed: the next file that is not, after it and then from the top; null when all are. */
export function nextUnviewed(files: readonly ReviewFile[], current: string): ReviewFile | null {
  const index = files.findIndex((file) => file.path === current);
  const around = [...files.slice(index + 1), ...files.slice(0, Math.max(0, index))];
  return around.find((file) => !file.viewed) ?? null;
}
