import { join, resolve, sep } from 'node:path';

/** A path as a person types it, made absolute: `~` is their home folder, and so is where a relative path starts. */
export function absolutePath(text: string, homeFolder: string): string {
  if (text === '~') return homeFolder;
  if (text.startsWith('~/') || text.startsWith(`~${sep}`)) return join(homeFolder, text.slice(2));
  return resolve(homeFolder, text);
}
