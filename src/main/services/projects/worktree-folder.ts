import { basename, dirname, join, resolve } from 'node:path';

import { isInside } from '#main/base/is-inside.ts';

/** Where a project is, as far as the rules for its worktrees need it. All canonical. */
export interface ProjectPlace {
  projectPath: string;
  /** The folder that holds the repository's data, usually `<project>/.git`. */
  commonDir: string;
  homeFolder: string;
  /** Folders that the machine may empty without asking. */
  temporaryFolders: readonly string[];
}

/** The template with its placeholder filled and its path made absolute: relative to the project, or from `~`. */
export function resolveWorktreeFolder(template: string, place: ProjectPlace): string {
  const filled = template.replaceAll('{repo}', basename(place.projectPath));
  if (filled === '~' || filled.startsWith('~/')) return join(place.homeFolder, filled.slice(1));
  return resolve(place.projectPath, filled);
}

/**
 * Whether a folder is somewhere that only the person can say is right. Programs take what lies in some folders for their
 * own and run it (plug-ins of editors, drop-ins of services), and a worktree is full of the repository's files. Inside the
 * project, and beside it under a name that says what it is for, no program looks.
 */
export function isElsewhere(folder: string, { projectPath }: ProjectPlace): boolean {
  if (isInside(folder, projectPath)) return false;
  const name = basename(folder).toLowerCase();
  const saysSo = name.startsWith(basename(projectPath).toLowerCase()) || name.includes('worktree');
  return dirname(folder) !== dirname(projectPath) || name.startsWith('.') || !saysSo;
}

/** Why worktrees must not be kept in that folder, as a sentence; null when they may. */
export function refuseWorktreeFolder(folder: string, place: ProjectPlace): string | null {
  if (isInside(folder, place.commonDir) || isInside(folder, join(place.projectPath, '.git'))) {
    return "is inside the repository's own data (.git)";
  }
  if (folder === place.projectPath) return 'is the project itself';
  // A project that is in a temporary folder already loses nothing more by having its worktrees there too.
  const temporary = place.temporaryFolders.find(
    (candidate) => isInside(folder, candidate) && !isInside(place.projectPath, candidate),
  );
  return temporary ? `is in a temporary folder (${temporary}), which may be emptied while work is in it` : null;
}
