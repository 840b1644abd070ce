import type { GitPort } from './merge-ports.ts';
import type { TreeChange } from './tree-changes.ts';

/**
 * Files of a move that would come out wrong: their content goes through a filter (git-crypt, a local Git LFS) that only
 * the repository's own configuration names. We run no such program, and without it the checkout would get raw content.
 */
export async function disabledFilterObstacle(
  git: Pick<GitPort, 'read'>,
  path: string,
  changes: readonly TreeChange[],
): Promise<{ files: readonly string[]; obstacle: string } | null> {
  const written = changes.filter((change) => change.new !== null).map((change) => change.path);
  if (written.length === 0) return null;
  const config = await git.read({
    name: 'look for filters',
    cwd: path,
    args: ['config', '-z', '--get-regexp', '^filter\\..*\\.(smudge|process)$'],
    okExitCodes: [0, 1],
  });
  const disabled = disabledFilters(config.text);
  if (disabled.size === 0) return null;
  const attributes = await git.read({
    name: 'look for filtered files',
    cwd: path,
    args: ['check-attr', '-z', '--stdin', 'filter'],
    input: written.map((file) => `${file}\0`).join(''),
  });
  const fields = attributes.text.split('\0');
  const files: string[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    if (disabled.has(fields[at + 2] ?? '')) files.push(fields[at] ?? '');
  }
  if (files.length === 0) return null;
  const names = [...disabled].join(', ');
  const obstacle = `These files go through a filter (${names}) that only this repository’s configuration names. Switchyard runs no such program; merge this branch with Git itself.`;
  return { files, obstacle };
}

/** Filters that are configured and that our hardening has then set to nothing: the last value is what counts. */
function disabledFilters(text: string): ReadonlySet<string> {
  const values = new Map<string, { name: string; all: string[] }>();
  for (const item of text.split('\0')) {
    const lineEnd = item.indexOf('\n');
    const key = lineEnd === -1 ? item : item.slice(0, lineEnd);
    const name = /^filter\.(.*)\.(smudge|process)$/su.exec(key)?.[1];
    if (name === undefined) continue;
    const entry = values.get(key) ?? { name, all: [] };
    entry.all.push(lineEnd === -1 ? 'true' : item.slice(lineEnd + 1));
    values.set(key, entry);
  }
  return new Set(
    Array.from(values.values())
      .filter(({ all }) => all.at(-1) === '' && all.some((value) => value !== ''))
      .map(({ name }) => name),
  );
}
