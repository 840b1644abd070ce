/** A path that is a file, and another one for which it would have to be a folder. */
export interface PathClash {
  file: string;
  inside: string;
}

/**
 * The paths that cannot be in one tree with each other: no file can be a folder. `changed`: only what has to do with these
 * is looked for; default: all.
 */
export function findClashes(paths: ReadonlySet<string>, changed: ReadonlySet<string> = paths): readonly PathClash[] {
  const found: PathClash[] = [];
  for (const inside of paths) {
    for (let slash = inside.lastIndexOf('/'); slash > 0; slash = inside.lastIndexOf('/', slash - 1)) {
      const file = inside.slice(0, slash);
      if (paths.has(file) && (changed.has(file) || changed.has(inside))) found.push({ file, inside });
    }
  }
  return found;
}
