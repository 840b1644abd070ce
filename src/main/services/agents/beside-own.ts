import type { AgentDefinition } from './agent-definition.ts';

type Variables = Readonly<Record<string, string>>;
type Fields = Readonly<Record<string, unknown>>;

/**
 * The variables of a start, with what the person's own variables of the same names say beside what ours add, where a CLI takes
 * its configuration or its permissions as JSON in a variable. A configuration that we cannot read stays the person's, and ours
 * is left out. Permissions are those of the chosen mode, but what the person's forbid stays forbidden.
 */
export function besideOwn(ours: Variables, own: Variables, names: AgentDefinition['jsonVariables']): Variables {
  if (!names) return ours;
  const { [names.config]: config, [names.permission]: permission, ...others } = ours;
  const merged: Record<string, string> = others;
  const ownConfig = own[names.config];
  if (config !== undefined) {
    const theirs = ownConfig === undefined || ownConfig.trim() === '' ? {} : fieldsIn(ownConfig);
    if (theirs !== null) merged[names.config] = JSON.stringify(withFields(theirs, fieldsIn(config) ?? {}));
  }
  if (permission !== undefined) {
    const theirs = fieldsIn(own[names.permission] ?? '') ?? {};
    merged[names.permission] = JSON.stringify(withForbidden(theirs, fieldsIn(permission) ?? {}));
  }
  return merged;
}

/** Lists are joined, and what else both name is as ours say. */
function withFields(theirs: Fields, ours: Fields): Fields {
  const joined = Object.entries(ours).map(([name, value]) => {
    const own = theirs[name];
    return [
      name,
      Array.isArray(own) && Array.isArray(value) ? [...(own as unknown[]), ...(value as unknown[])] : value,
    ];
  });
  return { ...theirs, ...Object.fromEntries(joined) };
}

const forbids = (action: unknown): boolean => action === 'deny';

function withForbidden(theirs: Fields, ours: Fields): Fields {
  const merged = Object.entries(ours).map(([tool, action]) => [
    tool,
    actionBeside(theirs[tool] ?? theirs['*'], action),
  ]);
  return { ...theirs, ...Object.fromEntries(merged) };
}

/** What a tool may do: one word for all that it is used on, or words by pattern, of which the last that fits holds. */
function actionBeside(theirs: unknown, ours: unknown): unknown {
  if (typeof theirs !== 'object' || theirs === null) return forbids(theirs) ? theirs : ours;
  const { '*': anything, ...patterns } = theirs as Fields;
  const otherwise = forbids(anything) ? anything : ours;
  const others = Object.entries(patterns)
    .map(([pattern, action]) => [pattern, forbids(action) ? action : ours] as const)
    .filter(([, action]) => action !== otherwise);
  return others.length === 0 ? otherwise : { '*': otherwise, ...Object.fromEntries(others) };
}

/** Null: it is no JSON object. */
function fieldsIn(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}
