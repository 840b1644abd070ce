import { isScalar } from 'yaml';

import type { FrontMatterReader, Report } from './front-matter-reader.ts';
import type { Acceptance } from './spec-file.ts';

const knownKeys = ['id', 'text', 'check', 'test'] as const;
const unproven =
  'has no check: it stays unproven until a person says otherwise. Add `check: <command>` or `test: <name>`.';

/**
 * Reads the criteria. One without an id is given `a` and its number; one that is mere text has no check; `test: name` is the same as
 * the check `test: name`.
 */
export function readAcceptance(reader: FrontMatterReader, value: unknown, report: Report): readonly Acceptance[] {
  const criteria: Acceptance[] = [];
  const ids = new Set<string>();
  for (const [index, item] of reader.items(value, '`acceptance`').entries()) {
    const fallbackId = `a${String(index + 1)}`;
    if (isScalar(item)) {
      const text = reader.text(item, 'A criterion');
      if (!text || text.value.trim() === '') continue;
      report('warning', 'This criterion ' + unproven.replace('Add', 'Write it with `text:` and'), text.from, text.to);
      if (!ids.has(fallbackId)) criteria.push({ id: fallbackId, text: oneLine(text.value), check: null });
      ids.add(fallbackId);
      continue;
    }
    const fields = reader.fieldsOf(item, 'a criterion', knownKeys);
    if (!fields) continue;
    const id = reader.text(fields.get('id')?.value, 'The id of a criterion');
    const text = reader.text(fields.get('text')?.value, 'The text of a criterion');
    const check = reader.text(fields.get('check')?.value, 'The check of a criterion');
    const test = reader.text(fields.get('test')?.value, 'The test of a criterion');
    const first = id ?? text ?? check ?? test ?? { value: '', from: 0, to: 0 };
    if (id && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(id.value)) {
      report(
        'error',
        `“${id.value}” is no id: those are letters, digits, dots and dashes, at most 40.`,
        id.from,
        id.to,
      );
      continue;
    }
    const name = id?.value ?? fallbackId;
    if (ids.has(name)) {
      report('error', `Two criteria have the id “${name}”.`, first.from, first.to);
      continue;
    }
    ids.add(name);
    if (!text || text.value.trim() === '') {
      report('error', `The criterion “${name}” does not say what must hold: add \`text: …\`.`, first.from, first.to);
      continue;
    }
    if (check && test) {
      report('error', `The criterion “${name}” has a check and a test; only the check counts.`, test.from, test.to);
    }
    const named = test && !check ? oneLine(test.value) : '';
    const command = check?.value.trim() ?? (named === '' ? '' : `test: ${named}`);
    if (command === '') report('warning', `The criterion “${name}” ${unproven}`, text.from, text.to);
    criteria.push({ id: name, text: oneLine(text.value), check: command === '' ? null : command });
  }
  return criteria;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
