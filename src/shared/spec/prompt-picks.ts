import type { FrontMatterReader, Report } from './front-matter-reader.ts';

/** A prompt module that a spec asks for, with the values of its parameters, by name. */
export interface PromptPick {
  id: string;
  values: Readonly<Record<string, string>>;
}

/** Why this is no name of a prompt module, as the end of a sentence; null when it is one. */
export function refusePromptModule(id: string): string | null {
  if (id.endsWith('.md')) return 'is a file name: name the prompt module without `.md`';
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(id) ? null : 'is no name of a prompt module';
}

/** What a parameter can be called: what can stand between double braces. */
export const isParameterName = (name: string): boolean => /^[A-Za-z][\w-]{0,39}$/.test(name);

/** Reads `prompts:`, whose items are ids, or an id with values: `- testing: { command: npm test }`. */
export function readPromptPicks(reader: FrontMatterReader, value: unknown, report: Report): readonly PromptPick[] {
  const picks = new Map<string, PromptPick>();
  const add = (id: { value: string; from: number; to: number }, values: PromptPick['values']): void => {
    const reason = refusePromptModule(id.value);
    if (reason !== null) report('error', `In \`prompts\`, “${id.value}” ${reason}.`, id.from, id.to);
    else if (picks.has(id.value)) {
      report('warning', `“${id.value}” stands in \`prompts\` twice.`, id.from, id.to);
    } else picks.set(id.value, { id: id.value, values });
  };
  for (const item of reader.items(value, '`prompts`')) {
    if (!reader.hasKeys(item)) {
      const id = reader.text(item, 'Each item of `prompts`');
      if (id) add(id, {});
      continue;
    }
    for (const { key, value: given } of reader.pairs(item, 'A prompt module')) {
      add(key, readValues(reader, given, key.value, report));
    }
  }
  return [...picks.values()];
}

function readValues(reader: FrontMatterReader, value: unknown, id: string, report: Report): PromptPick['values'] {
  const values: Record<string, string> = {};
  for (const { key, value: given } of reader.pairs(value, `What stands behind “${id}”`)) {
    if (!isParameterName(key.value)) {
      report('error', `“${key.value}” is no name of a parameter.`, key.from, key.to);
      continue;
    }
    values[key.value] = reader.text(given, `The value of “${key.value}”`)?.value ?? '';
  }
  return values;
}
