import { specSlug, type SpecSlug } from '#shared/ids.ts';

/** Leaves room for `feature/ai-`, an agent and a variant before a path grows too long for Windows. */
const maxLength = 60;

/** Letters that are one letter to Unicode, and so do not fall apart into a plain one and a mark. */
const spelledOut: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
};

// https://learn.microsoft.com/windows/win32/fileio/naming-a-file: reserved with any extension, so `con.md` too.
const reservedByWindows = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;

/** Whether Windows cannot hold a file of this name, whatever its extension. */
export const isReservedFileName = (name: string): boolean => reservedByWindows.test(name);

/**
 * A title as a slug: at most 60 lower-case ASCII letters, digits and single dashes, safe as a file name on every
 * platform and in a branch name. Letters with marks lose them. Null when nothing of the title can be in one.
 */
export function slugOf(title: string): SpecSlug | null {
  const ascii = title
    // A title can be pasted in whole pages; what lies behind the limit would be cut anyway.
    .slice(0, 1000)
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[ßæœøłđðþħı]/g, (letter) => spelledOut[letter] ?? '')
    .replaceAll(/[\p{M}'’]/gu, '');
  const slug = cut(ascii.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, ''));
  const parsed = specSlug.safeParse(isReservedFileName(slug) ? `${slug}-spec` : slug);
  return parsed.success ? parsed.data : null;
}

/** Cut between two words where there is such a place in the second half, so that no word is left as a stump. */
function cut(slug: string): string {
  if (slug.length <= maxLength) return slug;
  const boundary = slug.lastIndexOf('-', maxLength);
  return slug.slice(0, boundary > maxLength / 2 ? boundary : maxLength).replace(/-$/, '');
}
