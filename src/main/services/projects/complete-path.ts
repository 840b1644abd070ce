import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';

import type { PathCompletion } from '#shared/contract/projects.ts';

import { absolutePath } from './absolute-path.ts';

const maxCompletions = 50;
/** Beyond this a folder's contents are only sampled, so that a folder of a million does not hold a keystroke up. */
const maxLookedAt = 2000;

/**
 * Folders whose path starts with what was typed, repositories first, at most 50. Hidden ones only when the dot was typed.
 * A folder that cannot be read has no completions.
 */
export async function completePath(text: string, homeFolder: string): Promise<readonly PathCompletion[]> {
  const { parent, start } = split(text, homeFolder);
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const wanted = entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .filter((name) => name.toLowerCase().startsWith(start.toLowerCase()))
    .filter((name) => start.startsWith('.') || !name.startsWith('.'))
    .toSorted((a, b) => a.localeCompare(b))
    .slice(0, maxLookedAt);
  const folders = await Promise.all(
    wanted.map(async (name): Promise<PathCompletion | null> => {
      const path = join(parent, name);
      if (!(await isFolder(path))) return null;
      return { path, name, isRepository: await isThere(join(path, '.git')) };
    }),
  );
  return folders
    .filter((folder) => folder !== null)
    .toSorted((a, b) => Number(b.isRepository) - Number(a.isRepository))
    .slice(0, maxCompletions);
}

function split(text: string, homeFolder: string): { parent: string; start: string } {
  const path = absolutePath(text, homeFolder);
  const namesFolder = text === '' || text === '~' || text.endsWith('/') || text.endsWith(sep);
  // `..` at the end is a folder as well, but a lone dot is how a hidden name starts.
  if (namesFolder || text === '..' || text.endsWith('/..')) return { parent: path, start: '' };
  if (text === '.' || text.endsWith('/.')) return { parent: path, start: '.' };
  return { parent: dirname(path), start: basename(path) };
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );

const isThere = (path: string): Promise<boolean> =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
