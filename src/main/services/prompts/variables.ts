import { closesFence, openFence, type OpenFence } from '#shared/spec/fence.ts';

/** What a part of a prompt can name. Null: not decided yet, so that its variable stays as it is written. */
export type Variables = Readonly<Record<string, string | null>>;

export interface Filled {
  text: string;
  /** Names between double braces that stand for nothing. */
  unknown: readonly string[];
}

// `${{ … }}` is an expression of GitHub Actions and not ours.
const variable = /(?<!\$)\{\{\s*([A-Za-z][\w-]*)\s*\}\}/g;

/** Puts the values in the places of their variables. What they say is not looked at again. */
export function fillVariables(text: string, variables: Variables): Filled {
  const unknown = new Set<string>();
  const filled = text.replaceAll(variable, (whole, name: string) => {
    if (Object.hasOwn(variables, name)) return variables[name] ?? whole;
    unknown.add(name);
    return whole;
  });
  return { text: filled, unknown: [...unknown] };
}

/** The same outside fenced blocks: what a spec quotes as code is meant to the letter. */
export function fillVariablesInProse(markdown: string, variables: Variables): Filled {
  const unknown = new Set<string>();
  let open: OpenFence | null = null;
  const lines = markdown.split('\n').map((line) => {
    const bare = line.replace(/\r$/, '');
    if (open !== null) {
      if (closesFence(bare, open)) open = null;
      return line;
    }
    open = openFence(bare);
    if (open !== null) return line;
    const filled = fillVariables(line, variables);
    for (const name of filled.unknown) unknown.add(name);
    return filled.text;
  });
  return { text: lines.join('\n'), unknown: [...unknown] };
}
