import type { FrontMatterReader, Report } from './front-matter-reader.ts';

export const specSourceKinds = ['kiro', 'spec-kit', 'github'] as const;
export type SpecSourceKind = (typeof specSourceKinds)[number];

/** Where a spec was taken from, and what that said then. */
export interface SpecSource {
  kind: SpecSourceKind;
  /** The folder of a Kiro or spec-kit spec, from the project's top; the number of a GitHub issue. */
  at: string;
  /** First 12 hex digits of the SHA-256 of what it said. */
  hash: string;
}

/** Reads `source:`, which an import writes. */
export function readSpecSource(reader: FrontMatterReader, value: unknown, report: Report): SpecSource | null {
  if (value === null || value === undefined) return null;
  const fields = reader.fieldsOf(value, '`source`', ['kind', 'at', 'hash']);
  if (!fields) return null;
  const text = (key: string) => reader.text(fields.get(key)?.value, `\`${key}\` of \`source\``);
  const [kind, at, hash] = [text('kind'), text('at'), text('hash')];
  const known = specSourceKinds.find((each) => each === kind?.value);
  const first = kind ?? at ?? hash ?? { from: 0, to: 0 };
  if (!known || !at || refuseSourcePlace(known, at.value)) {
    const message = 'What `source` names cannot be looked up, so this spec is not compared with anything.';
    report('warning', message, first.from, first.to);
    return null;
  }
  return { kind: known, at: at.value, hash: hash?.value ?? '' };
}

/** Whether this is no place that an import can have come from. */
export const refuseSourcePlace = (kind: SpecSourceKind, at: string): boolean => {
  switch (kind) {
    case 'github':
      return !/^[1-9]\d{0,9}$/.test(at);
    case 'kiro':
      return !/^\.kiro\/specs\/[^/\\]+$/.test(at) || at.endsWith('..');
    case 'spec-kit':
      return !/^specs\/[^/\\]+$/.test(at) || at.endsWith('..');
  }
};
