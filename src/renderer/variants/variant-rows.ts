import type { Agreement, VariantFile } from '#shared/contract/variants.ts';

/** A line of the list: the head of a group, or a file. */
export type VariantRow =
  | { kind: 'group'; agreement: Agreement; count: number }
  /** `index`: its place among the files that are shown. */
  | { kind: 'file'; file: VariantFile; index: number };

/** What the groups are called, and what that means. */
export const agreementWords: Readonly<Record<Agreement, { title: string; hint: string }>> = {
  disagree: { title: 'Really disagree', hint: 'Git cannot merge what at least two of them made of it.' },
  apart: {
    title: 'Differ in different places',
    hint: 'They made something else of it, and Git could merge all of it.',
  },
  'only-one': { title: 'Only one touched', hint: 'The others left it as it was.' },
  some: { title: 'The same in some', hint: 'Those that touched it made the same of it; the others left it as it was.' },
  same: { title: 'The same in all', hint: 'All of them made the same of it, byte for byte.' },
};

/** The files that a filter lets through, in the host's order, under the heads of their groups. */
export function variantRows(files: readonly VariantFile[], filter: string): readonly VariantRow[] {
  const wanted = filter.trim().toLowerCase();
  const shown = files.filter(
    ({ path, changes }) =>
      wanted === '' ||
      path.toLowerCase().includes(wanted) ||
      changes.some((change) => change?.path.toLowerCase().includes(wanted)),
  );
  const rows: VariantRow[] = [];
  for (const [index, file] of shown.entries()) {
    const { agreement } = file;
    if (shown[index - 1]?.agreement !== agreement) {
      rows.push({ kind: 'group', agreement, count: shown.filter((each) => each.agreement === agreement).length });
    }
    rows.push({ kind: 'file', file, index });
  }
  return rows;
}

export const filesOf = (rows: readonly VariantRow[]): readonly VariantFile[] =>
  rows.flatMap((row) => (row.kind === 'file' ? [row.file] : []));

/** The file some steps further, or at the ends; null: there is none. */
export function stepRow(files: readonly VariantFile[], path: string | null, steps: number): VariantFile | null {
  const at = files.findIndex((file) => file.path === path);
  return files[Math.min(files.length - 1, Math.max(0, (at === -1 ? (steps > 0 ? -1 : 1) : at) + steps))] ?? null;
}

/** A file of which something else is looked at has to be another one for whoever loads it: as the host tells of it. */
export const versionOf = ({ changes, conflicts }: VariantFile): string => JSON.stringify([changes, conflicts]);
