import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What tells one entry of a file system from another; null: there is none at this path. */
export type Identify = (path: string) => Promise<string | null>;

/**
 * Whether two absolute paths, both free of links, lead to the same place although they are spelled in different letter case or
 * with accents composed in another way. The file system is asked and not the platform: a Mac may have a volume that tells
 * case apart, Windows a folder that does, and Linux a stick that does not. Where neither is there any more, it is asked how it takes
 * the names of what is there on the way.
 */
export async function isSamePlace(one: string, other: string, identify: Identify = identity): Promise<boolean> {
  if (one === other) return true;
  if (folded(one) !== folded(other)) return false;
  const [first, second] = await Promise.all([identify(one), identify(other)]);
  if (first !== null || second !== null) return first === second;
  if (dirname(one) === one || !(await isSamePlace(dirname(one), dirname(other), identify))) return false;
  return basename(one) === basename(other) || takesForSame(dirname(one), basename(one), basename(other), identify);
}

/** Letters alike but for case and composition. Not how any one file system folds them: only what is worth asking about. */
const folded = (path: string): string => path.normalize('NFC').toLowerCase();

/** Whether two names that are not there would be one entry in a folder: as the folders on the way to it are found by such names. */
async function takesForSame(folder: string, one: string, other: string, identify: Identify): Promise<boolean> {
  const differsInCase = one.normalize('NFC') !== other.normalize('NFC');
  const differsInForm = one.toLowerCase() !== other.toLowerCase();
  return (
    (!differsInCase || (await finds(folder, swapCase, identify))) &&
    (!differsInForm || (await finds(folder, swapForm, identify)))
  );
}

/** Whether an entry on the way to a folder is found under a respelled name too. False where none can be respelled. */
async function finds(folder: string, respell: (name: string) => string, identify: Identify): Promise<boolean> {
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    const respelled = respell(basename(at));
    const found = respelled === basename(at) ? null : await identify(at);
    if (found !== null) return found === (await identify(join(dirname(at), respelled)));
  }
  return false;
}

const swapCase = (name: string): string => (name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase());

const swapForm = (name: string): string =>
  name === name.normalize('NFC') ? name.normalize('NFD') : name.normalize('NFC');

async function identity(path: string): Promise<string | null> {
  // As numbers, those of Windows and of some network file systems would be rounded.
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found && `${String(found.dev)}:${String(found.ino)}`;
}
