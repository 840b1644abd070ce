/** The languages whose names are read. */
export type SymbolLanguage = 'typescript' | 'tsx' | 'javascript' | 'python' | 'go';

/** A name that a file gives to others. */
export interface ExportedName {
  name: string;
  line: number;
}

/** A name that a file takes from another one. `name` is `*` for the module itself. */
export interface UsedName {
  /** As the file says it: a specifier, a dotted name, an import path; empty for Go's own package. */
  module: string;
  name: string;
  line: number;
}

export interface FileSymbols {
  exports: readonly ExportedName[];
  uses: readonly UsedName[];
  /** It passes on whatever another module exports, so that what it exports is not known. */
  passesOn: boolean;
  /** Some of it is not understood, so that a name that is missing may only not have been read. */
  isBroken: boolean;
}

const languages: Readonly<Record<string, SymbolLanguage>> = {
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'tsx',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  py: 'python',
  go: 'go',
};

/** The language of a file by its name; null: none of which names are read. */
export function languageOf(path: string): SymbolLanguage | null {
  if (path.endsWith('.d.ts') || path.endsWith('.min.js')) return null;
  const dot = path.lastIndexOf('.');
  return dot < 0 ? null : (languages[path.slice(dot + 1)] ?? null);
}
