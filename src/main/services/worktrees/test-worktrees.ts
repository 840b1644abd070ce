import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import type { TestRepository } from '#main/services/git/test-repository.ts';
import { Snapshots } from '#main/services/snapshots/snapshots.ts';

import { Worktrees } from './worktrees.ts';

/** The worktrees of a test's repository, on its real Git, and the snapshots that they take. */
export function testWorktrees(repository: TestRepository): { worktrees: Worktrees; snapshots: Snapshots } {
  const git = new Git({ log: silentLog, env: repository.env });
  const snapshots = new Snapshots({ git, log: silentLog });
  return { worktrees: new Worktrees({ git, snapshots, log: silentLog }), snapshots };
}
