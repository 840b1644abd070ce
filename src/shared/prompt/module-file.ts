import { FrontMatterReader, type Report } from '#shared/spec/front-matter-reader.ts';
import { findFrontMatter, problemsIn, type FrontMatterProblem } from '#shared/spec/front-matter.ts';
import { isParameterName, refusePromptModule } from '#shared/spec/prompt-picks.ts';

/** A gap in a module that whoever picks it fills: `{{name}}`. */
export interface ModuleParameter {
  name: string;
  description: string;
  /** What it is when nobody says otherwise; null: nothing. */
  default: string | null;
  /** Whether a prompt without a value is incomplete. */
  required: boolean;
}

/** What must be there for a module to make sense. */
export interface ModuleNeeds {
  /** Modules that go in before it. */
  modules: readonly string[];
  /** Files of the project, from its top. */
  files: readonly string[];
  /** Agents that it is written for; empty: any. */
  agents: readonly string[];
}

/** A prompt module: Markdown, with front matter where it has something to declare. */
export interface ModuleFile {
  title: string | null;
  description: string;
  /** Goes into every prompt. */
  always: boolean;
  /** Goes into every prompt of these agents. */
  agents: readonly string[];
  parameters: readonly ModuleParameter[];
  needs: ModuleNeeds;
  body: string;
  bodyLine: number;
  problems: readonly FrontMatterProblem[];
}

/** What every prompt fills by itself, so that no parameter can be called so. */
export const promptVariables = ['branch', 'base', 'slug', 'agent', 'title'] as const;

const knownKeys = ['title', 'description', 'always', 'agents', 'parameters', 'needs'] as const;
const maxFrontMatterLength = 64 * 1024;

const nothingDeclared: Omit<ModuleFile, 'body' | 'bodyLine' | 'problems'> = {
  title: null,
  description: '',
  always: false,
  agents: [],
  parameters: [],
  needs: { modules: [], files: [], agents: [] },
};

/** Reads a module's text. It never fails: what cannot be read becomes a problem, and the rest holds. */
export function parseModule(text: string): ModuleFile {
  const place = findFrontMatter(text);
  if (place.kind === 'none') return { ...nothingDeclared, body: text, bodyLine: 1, problems: [] };
  if (place.kind === 'unclosed' || place.yaml.length > maxFrontMatterLength) {
    const message =
      place.kind === 'unclosed'
        ? 'The front matter is not closed: put a line `---` below it.'
        : 'The front matter is longer than 64 KB. Is the `---` that closes it missing?';
    const problem = { severity: 'error' as const, message, line: 1, column: 1, endLine: 1, endColumn: 4 };
    return { ...nothingDeclared, body: text, bodyLine: 1, problems: [problem] };
  }
  const { report, problems, bodyLine } = problemsIn(text, place);
  const declared = readModule(new FrontMatterReader(place.yaml, report), report);
  return { ...declared, body: text.slice(place.bodyFrom), bodyLine, problems: problems() };
}

/** The Markdown of a rule, without the front matter that other programs keep there. */
export function withoutFrontMatter(text: string): string {
  const place = findFrontMatter(text);
  return place.kind === 'found' ? text.slice(place.bodyFrom) : text;
}

function readModule(reader: FrontMatterReader, report: Report): typeof nothingDeclared {
  const fields = reader.fields(knownKeys);
  const value = (key: (typeof knownKeys)[number]): unknown => fields.get(key)?.value;
  const needs = value('needs');
  const needed = needs === undefined ? undefined : reader.fieldsOf(needs, '`needs`', ['modules', 'files', 'agents']);
  const names = (list: unknown, what: string, refuse: (name: string) => string | null): readonly string[] => {
    const found = new Set<string>();
    for (const item of reader.items(list, what)) {
      const name = reader.text(item, `Each item of ${what}`);
      if (!name) continue;
      const reason = refuse(name.value);
      if (reason === null) found.add(name.value);
      else report('error', `In ${what}, “${name.value}” ${reason}.`, name.from, name.to);
    }
    return [...found];
  };
  const title = reader.text(value('title'), 'The title')?.value.replaceAll(/\s+/g, ' ').trim() ?? '';
  return {
    title: title === '' ? null : title.slice(0, 200),
    description: reader.text(value('description'), 'The description')?.value.replaceAll(/\s+/g, ' ').trim() ?? '',
    always: reader.flag(value('always'), '`always`'),
    agents: names(value('agents'), '`agents`', refuseAgent),
    parameters: readParameters(reader, value('parameters'), report),
    needs: {
      modules: names(needed?.get('modules')?.value, '`modules`', refusePromptModule),
      files: names(needed?.get('files')?.value, '`files`', refusePath),
      agents: names(needed?.get('agents')?.value, '`agents`', refuseAgent),
    },
  };
}

function readParameters(reader: FrontMatterReader, value: unknown, report: Report): readonly ModuleParameter[] {
  const parameters = new Map<string, ModuleParameter>();
  for (const item of reader.items(value, '`parameters`')) {
    const fields = reader.hasKeys(item)
      ? reader.fieldsOf(item, 'a parameter', ['name', 'description', 'default', 'required'])
      : new Map();
    const name = reader.text(reader.hasKeys(item) ? fields?.get('name')?.value : item, 'The name of a parameter');
    if (!fields || !name) {
      if (fields && reader.hasKeys(item)) report('error', 'A parameter needs a name: add `name: …`.', 0, 0);
      continue;
    }
    const refusal = refuseParameter(name.value, parameters);
    if (refusal !== null) {
      report('error', `The parameter “${name.value}” ${refusal}.`, name.from, name.to);
      continue;
    }
    const given = reader.text(fields.get('default')?.value, 'A default');
    parameters.set(name.value, {
      name: name.value,
      description:
        reader.text(fields.get('description')?.value, 'A description')?.value.replaceAll(/\s+/g, ' ').trim() ?? '',
      default: given?.value ?? null,
      required: reader.flag(fields.get('required')?.value, '`required`'),
    });
  }
  return [...parameters.values()];
}

function refuseParameter(name: string, known: ReadonlyMap<string, unknown>): string | null {
  if (!isParameterName(name)) return 'has no name that can stand between braces: letters, digits, `-` and `_`';
  if ((promptVariables as readonly string[]).includes(name))
    return 'is filled by every prompt already: call it otherwise';
  return known.has(name) ? 'is declared twice' : null;
}

const refuseAgent = (id: string): string | null =>
  /^[a-z0-9][a-z0-9-]{0,39}$/.test(id) ? null : 'is no name of an agent';

const refusePath = (path: string): string | null => {
  if (path.trim() === '' || path.includes('\\') || /^(?:\/|~|[A-Za-z]:)/.test(path)) return 'is no path from the top';
  return path.split('/').includes('..') ? 'leaves the project' : null;
};
