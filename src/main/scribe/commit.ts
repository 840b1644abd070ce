import { fail, ok, type Result } from '#shared/result.ts';

import type { Programs } from './programs.ts';

/** Hooks run, and may run tests. */
const limitMilliseconds = 10 * 60_000;

export type CommitFailure = { kind: 'nothing-to-commit' } | { kind: 'failed'; output: string };

/** Commits these files as they are now, and nothing else that may be staged. Returns the short hash. */
export async function commitFiles(
  programs: Programs,
  paths: readonly string[],
  message: string,
): Promise<Result<{ hash: string }, CommitFailure>> {
  // A path that starts with a colon or holds a star is a path.
  const git = (args: readonly string[], input = '') =>
    programs.run('git', ['--literal-pathspecs', ...args], input, limitMilliseconds);
  const added = await git(['add', '--', ...paths]);
  if (added.code !== 0) return fail({ kind: 'failed', output: added.output });
  const staged = await git(['diff', '--cached', '--quiet', '--', ...paths]);
  if (staged.code === 0) return fail({ kind: 'nothing-to-commit' });
  const committed = await git(['commit', '--quiet', '--file=-', '--cleanup=verbatim', '--', ...paths], message);
  if (committed.code !== 0) return fail({ kind: 'failed', output: committed.output });
  const head = await git(['rev-parse', '--short', 'HEAD']);
  return ok({ hash: head.output.trim() });
}
