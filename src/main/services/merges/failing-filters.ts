import { GitError } from '#main/services/git/git.ts';

import type { GitPort } from './merge-ports.ts';
import type { TreeChange } from './tree-changes.ts';

/** So much of what a filter prints is enough to know that it works. */
const mostBytes = 1_000_000;

/**
 * Files of a move that Git would take away and then fail to write, because they have to go through a filter (Git LFS,
 * git-crypt) whose program is not there or fails. Of each such filter one file is tried, the first that the move would write.
 */
export async function failingFilterObstacle(
  git: Pick<GitPort, 'read'>,
  path: string,
  changes: readonly TreeChange[],
): Promise<{ files: readonly string[]; obstacle: string } | null> {
  const required = await requiredFilters(git, path);
  if (required.size === 0) return null;
  const written = changes.filter((change) => change.new !== null);
  if (written.length === 0) return null;
  const { text } = await git.read({
    name: 'look for filtered files',
    cwd: path,
    args: ['check-attr', '-z', '--stdin', 'filter'],
    input: written.map((change) => `${change.path}\0`).join(''),
  });
  const fields = text.split('\0');
  const byFilter = new Map<string, TreeChange[]>();
  for (const [index, change] of written.entries()) {
    const filter = fields[index * 3 + 2] ?? '';
    if (required.has(filter)) byFilter.set(filter, [...(byFilter.get(filter) ?? []), change]);
  }
  for (const [filter, filtered] of byFilter) {
    const [first] = filtered;
    const failure = first?.new ? await tryFilter(git, path, first.path, first.new.hash) : null;
    if (failure === null) continue;
    const obstacle = `These files have to go through a filter (${filter}), and that fails: ${failure}. Git would take them away before it finds out.`;
    return { files: filtered.map((change) => change.path), obstacle };
  }
  return null;
}

async function requiredFilters(git: Pick<GitPort, 'read'>, path: string): Promise<ReadonlySet<string>> {
  const { text } = await git.read({
    name: 'look for filters',
    cwd: path,
    args: ['config', '-z', '--type=bool', '--get-regexp', '^filter\\..*\\.required$'],
    okExitCodes: [0, 1],
  });
  const values = new Map<string, boolean>();
  for (const item of text.split('\0')) {
    const [key = '', value] = item.split('\n');
    const name = /^filter\.(.*)\.required$/su.exec(key)?.[1];
    if (name !== undefined) values.set(name, value === 'true');
  }
  return new Set([...values].filter(([, isRequired]) => isRequired).map(([name]) => name));
}

/** What Git says against writing a file with this content; null when it can. */
async function tryFilter(git: Pick<GitPort, 'read'>, cwd: string, file: string, hash: string): Promise<string | null> {
  try {
    await git.read({
      name: 'try a filter',
      cwd,
      args: ['cat-file', '--filters', `--path=${file}`, hash],
      maxBytes: mostBytes,
    });
    return null;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // Without an exit code it has printed more than was asked for, so it works.
    return error.exitCode === null ? null : error.message.replace('git could not try a filter: ', '');
  }
}
