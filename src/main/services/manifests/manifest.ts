import { parse as parseToml } from 'smol-toml';

/** Whose packages a manifest names. A name means the same package only within one of them. */
export type Ecosystem = 'npm' | 'python' | 'go' | 'cargo';

export interface Dependency {
  name: string;
  /** What the manifest asks for, as it says it; empty: any. */
  version: string;
  /** The line of the manifest, from 1. */
  line: number;
}

/** What a project's file says of itself and of what it needs. */
export interface Manifest {
  ecosystem: Ecosystem;
  dependencies: readonly Dependency[];
  /** Its own version, and the line; null: it has none. */
  version: { value: string; line: number } | null;
}

/** Larger ones are no manifests that a person writes. */
export const largestManifestBytes = 1_000_000;

/** Whose manifest a file is by its name; null: it is none. */
export function ecosystemOf(path: string): Ecosystem | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'package.json') return 'npm';
  if (name === 'go.mod') return 'go';
  if (name === 'Cargo.toml') return 'cargo';
  if (name === 'pyproject.toml' || /^(?:requirements|constraints)[\w.-]*\.(?:txt|in)$/u.test(name)) return 'python';
  return /(?:^|\/)requirements\/[\w.-]+\.(?:txt|in)$/u.test(path) ? 'python' : null;
}

/** Reads a manifest; null: it is none, or it cannot be read as what its name says. Never throws. */
export function readManifest(path: string, text: string): Manifest | null {
  const ecosystem = ecosystemOf(path);
  if (ecosystem === null || text.length > largestManifestBytes) return null;
  try {
    switch (ecosystem) {
      case 'npm':
        return readPackageJson(text);
      case 'go':
        return { ecosystem, dependencies: readGoMod(text), version: null };
      case 'cargo':
        return readCargo(text);
      case 'python':
        return path.endsWith('.toml')
          ? readPyproject(text)
          : { ecosystem, dependencies: readRequirements(text), version: null };
    }
  } catch {
    return null;
  }
}

type Table = Readonly<Record<string, unknown>>;

const tableAt = (value: unknown, ...keys: readonly string[]): Table => {
  let found: unknown = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return {};
    found = (found as Table)[key];
  }
  return typeof found === 'object' && found !== null ? (found as Table) : {};
};

/** Says on which line a name stands first as a whole word; 1 where it stands nowhere. */
function lineFinder(text: string): (name: string) => number {
  // All words in one pass: a search for each of thousands of names would take as long as somebody likes.
  const first = new Map<string, number>();
  for (const [index, line] of text.toLowerCase().split('\n').entries()) {
    for (const word of line.match(/[\w@][\w@/.-]*/gu) ?? []) if (!first.has(word)) first.set(word, index + 1);
  }
  return (name) => first.get(name.toLowerCase()) ?? 1;
}

function readPackageJson(text: string): Manifest {
  const content: unknown = JSON.parse(text);
  const lineOf = lineFinder(text);
  const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  const dependencies = sections.flatMap((section) =>
    Object.entries(tableAt(content, section)).map(([name, version]) => ({
      name,
      version: typeof version === 'string' ? version : '',
      line: lineOf(name),
    })),
  );
  const version = tableAt(content)['version'];
  return {
    ecosystem: 'npm',
    dependencies,
    version: typeof version === 'string' ? { value: version, line: lineOf('version') } : null,
  };
}

function readGoMod(text: string): readonly Dependency[] {
  const dependencies: Dependency[] = [];
  let isInside = false;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\/\/.*$/u, '').trim();
    if (/^require\s*\($/u.test(line)) isInside = true;
    else if (isInside && line === ')') isInside = false;
    else {
      const found = /^(?:require\s+)?(\S+)\s+(v\S+)$/u.exec(line);
      if (found && (isInside || line.startsWith('require'))) {
        dependencies.push({ name: found[1] ?? '', version: found[2] ?? '', line: index + 1 });
      }
    }
  }
  return dependencies;
}

const versionOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const { version } = tableAt(value);
  return typeof version === 'string' ? version : JSON.stringify(value ?? '');
};

function readCargo(text: string): Manifest {
  const content = parseToml(text);
  const lineOf = lineFinder(text);
  const kinds = ['dependencies', 'dev-dependencies', 'build-dependencies'];
  const tables = [
    ...kinds.map((kind) => tableAt(content, kind)),
    tableAt(content, 'workspace', 'dependencies'),
    ...Object.values(tableAt(content, 'target')).flatMap((target) => kinds.map((kind) => tableAt(target, kind))),
  ];
  const dependencies = tables.flatMap((table) =>
    Object.entries(table).map(([name, value]) => ({ name, version: versionOf(value), line: lineOf(name) })),
  );
  const { version } = tableAt(content, 'package');
  return {
    ecosystem: 'cargo',
    dependencies,
    version: typeof version === 'string' ? { value: version, line: lineOf('version') } : null,
  };
}

function readPyproject(text: string): Manifest {
  const content = parseToml(text);
  const lineOf = lineFinder(text);
  const lists = [
    tableAt(content, 'project', 'dependencies'),
    ...Object.values(tableAt(content, 'project', 'optional-dependencies')),
    ...Object.values(tableAt(content, 'dependency-groups')),
  ];
  const required = lists.flatMap((list) =>
    Array.isArray(list) ? list.flatMap((item) => (typeof item === 'string' ? (readRequirement(item) ?? []) : [])) : [],
  );
  const poetry = [
    tableAt(content, 'tool', 'poetry', 'dependencies'),
    ...Object.values(tableAt(content, 'tool', 'poetry', 'group')).map((group) => tableAt(group, 'dependencies')),
  ].flatMap((table) => Object.entries(table).map(([name, value]) => ({ name, version: versionOf(value) })));
  const dependencies = [...required, ...poetry.filter(({ name }) => name !== 'python')].map(({ name, version }) => ({
    name: pythonName(name),
    version,
    line: lineOf(name),
  }));
  const { version } = { ...tableAt(content, 'tool', 'poetry'), ...tableAt(content, 'project') };
  return {
    ecosystem: 'python',
    dependencies,
    version: typeof version === 'string' ? { value: version, line: lineOf('version') } : null,
  };
}

const readRequirements = (text: string): readonly Dependency[] =>
  text.split('\n').flatMap((line, index) => {
    const found = readRequirement(line.replace(/(?:^|\s)#.*$/u, ''));
    return found ? [{ name: pythonName(found.name), version: found.version, line: index + 1 }] : [];
  });

/** `name[extras] >= 1, < 2 ; marker`; null for options, addresses and empty lines. */
function readRequirement(text: string): { name: string; version: string } | null {
  const found = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?((?:[<>=!~@].*)?)$/u.exec(
    text.split(';')[0]?.trimEnd() ?? '',
  );
  return found ? { name: found[1] ?? '', version: (found[2] ?? '').replaceAll(/[\s)]+/gu, '') } : null;
}

/** As the package index compares names. */
const pythonName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/gu, '-');
