import { posix } from 'node:path';

import type { SymbolLanguage } from './symbols.ts';

/**
 * What names a module, whatever file it is in: a script's path without its ending and without `/index`, a Python module's
 * path, a Go package's folder.
 */
export function moduleOf(path: string, language: SymbolLanguage): string {
  if (language === 'go') return posix.dirname(path);
  if (language === 'python') return path.replace(/\.py$/u, '').replace(/\/__init__$/u, '');
  return withoutEnding(path);
}

const withoutEnding = (path: string): string => path.replace(/\.(?:d\.)?[cm]?[jt]sx?$/u, '').replace(/\/index$/u, '');

/** How a module that is used can be told from others: it is at a path, or a path ends like this. */
export type ModulePlace = { kind: 'at'; path: string } | { kind: 'ends'; path: string };

/** Which module of the repository a use means; null: one from elsewhere, or it cannot be said. */
export function placeOf(file: string, module: string, language: SymbolLanguage): ModulePlace | null {
  switch (language) {
    case 'go':
      return module === '' ? { kind: 'at', path: posix.dirname(file) } : endsLike(module);
    case 'python':
      return pythonPlace(file, module);
    case 'typescript':
    case 'tsx':
    case 'javascript':
      return scriptPlace(file, module);
  }
}

function scriptPlace(file: string, module: string): ModulePlace | null {
  if (/^\.\.?(?:\/|$)/u.test(module)) {
    const path = posix.join(posix.dirname(file), module);
    return path.startsWith('..') ? null : { kind: 'at', path: withoutEnding(path) };
  }
  // `#main/x`, `@/x`, `~/x`: what they stand for is set up elsewhere; the end of the path is the same.
  const alias = /^(?:#[^/]*|@|~|\$lib)\/(.+)$/u.exec(module)?.[1];
  if (alias !== undefined) return { kind: 'ends', path: withoutEnding(alias) };
  return /^(?:src|app|lib)\/./u.test(module) ? { kind: 'ends', path: withoutEnding(module) } : null;
}

function pythonPlace(file: string, module: string): ModulePlace | null {
  const dots = /^\.+/u.exec(module)?.[0].length ?? 0;
  const rest = module.slice(dots).replaceAll('.', '/');
  if (dots === 0) return rest === '' ? null : endsLike(rest);
  let folder = posix.dirname(file);
  for (let up = 1; up < dots; up++) folder = posix.dirname(folder);
  return { kind: 'at', path: rest === '' ? folder : posix.join(folder, rest) };
}

const endsLike = (path: string): ModulePlace => ({ kind: 'ends', path });

/** Whether a place means this module. */
export function isAt(place: ModulePlace, module: string, language: SymbolLanguage): boolean {
  if (place.kind === 'at') return place.path === module;
  if (module === place.path) return true;
  // An import path of Go is longer than the folder in the repository; elsewhere the folder is longer than what is said.
  if (language === 'go') return module !== '.' && place.path.endsWith(`/${module}`);
  return module.endsWith(`/${place.path}`);
}
