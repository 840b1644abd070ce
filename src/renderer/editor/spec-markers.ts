import { parseSpec, type ParsedSpec, type SpecProblem } from '#shared/spec/spec-file.ts';

/** What the project has, for finding names in a spec that mean nothing. */
export interface KnownNames {
  agents: readonly string[] | null;
  modules: readonly string[] | null;
  branches: readonly string[] | null;
  specs: readonly string[] | null;
}

/**
 * What is wrong with a spec's text: what the parser finds, and names of agents, modules, branches and specs that the
 * project does not have. The latter are warnings: they may come.
 */
export function checkSpec(text: string, known: KnownNames): { parsed: ParsedSpec; problems: readonly SpecProblem[] } {
  const parsed = parseSpec(text);
  const { frontMatter } = parsed;
  const unknown = [
    ...missingFrom(frontMatter.agents, known.agents).map((name) => ({ name, what: 'agent' })),
    ...missingFrom(frontMatter.prompts, known.modules).map((name) => ({ name, what: 'prompt module' })),
    ...missingFrom(frontMatter.after, known.specs).map((name) => ({ name, what: 'spec' })),
    ...missingFrom(frontMatter.base === null ? [] : [frontMatter.base], known.branches).map((name) => ({
      name,
      what: 'branch',
    })),
  ];
  const warnings = unknown.map(({ name, what }): SpecProblem => ({
    severity: 'warning',
    message: `There is no ${what} “${name}” in this project.`,
    ...placeOf(text, name, parsed.bodyLine),
  }));
  return { parsed, problems: [...parsed.problems, ...warnings] };
}

const missingFrom = (names: readonly string[], known: readonly string[] | null): readonly string[] =>
  known === null ? [] : names.filter((name) => !known.includes(name));

/** Where a name stands in the front matter; its first line when it is written in a way that cannot be found. */
function placeOf(text: string, name: string, bodyLine: number): Omit<SpecProblem, 'severity' | 'message'> {
  const lines = text.split(/\r\n|\n|\r/).slice(0, Math.max(0, bodyLine - 1));
  const pattern = new RegExp(`(?<![\\w-])${name.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)}(?![\\w-])`);
  for (const [index, line] of lines.entries()) {
    const found = pattern.exec(line);
    if (!found) continue;
    const column = found.index + 1;
    return { line: index + 1, column, endLine: index + 1, endColumn: column + name.length };
  }
  return { line: 1, column: 1, endLine: 1, endColumn: 4 };
}
