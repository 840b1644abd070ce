import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { GitError, type Git } from '#main/services/git/git.ts';
import type { OpenFailure } from '#shared/contract/projects.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { hasIdentity, ownIdentityOnly } from '#main/services/git/own-identity.ts';

export type StartPorts = Pick<Git, 'read' | 'write' | 'writes' | 'direct' | 'commonDir'>;

const missingIdentity =
  'Git does not know who you are. Set it once with: git config --global user.name "Your Name" and git config --global user.email you@example.com';

/** `git init` in a folder, with `main` as its branch; nothing else is written. */
export async function initialiseRepository(folder: string, git: StartPorts): Promise<Result<void, OpenFailure>> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch {
    return fail({ kind: 'no-permission', path: folder });
  }
  return explained(async () => {
    await git.write({
      name: 'make a repository',
      cwd: folder,
      commonDir: join(folder, '.git'),
      args: ['init', '--quiet', '--initial-branch=main'],
    });
    return ok(undefined);
  });
}

/**
 * The first commit of a repository that has none: of an empty tree, in the person's own name. What is staged stays
 * staged, what is in the folder stays as it is. Does nothing when HEAD has a commit meanwhile.
 */
export async function commitNothing(folder: string, git: StartPorts): Promise<Result<void, OpenFailure>> {
  return explained(async () => {
    if (!(await hasIdentity(folder, git))) return fail({ kind: 'git-failed', message: missingIdentity });
    const commonDir = await git.commonDir(folder);
    await git.writes(commonDir, async () => {
      const direct = async (name: string, args: readonly string[], input = ''): Promise<string> =>
        (await git.direct({ name, cwd: folder, args, input })).text.trim();
      const tree = await direct('write an empty tree', ['mktree']);
      const commit = await direct('make the first commit', [...ownIdentityOnly, 'commit-tree', '-m', 'Start', tree]);
      // The zeros say: only if there is still no commit.
      const nothing = '0'.repeat(commit.length);
      await direct('set the branch to its first commit', [
        'update-ref',
        '-m',
        'commit (initial): Start',
        'HEAD',
        commit,
        nothing,
      ]);
    });
    return ok(undefined);
  });
}

async function explained(task: () => Promise<Result<void, OpenFailure>>): Promise<Result<void, OpenFailure>> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof GitError) return fail({ kind: 'git-failed', message: error.message });
    throw error;
  }
}
