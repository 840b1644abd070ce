import { host } from '#renderer/app/host.ts';
import { notify } from '#renderer/ui/notify.ts';
import type { ProjectId } from '#shared/ids.ts';
import { assertNever } from '#shared/result.ts';

/**
 * Brings back what a snapshot holds and says what came of it: a deleted run's branch and worktree, or a base as it was
 * before a merge. True when it did. `base-moved`: the base has got more since, so that the person has to be asked first.
 */
export async function restoreSnapshot(projectId: ProjectId, ref: string): Promise<boolean | 'base-moved'> {
  const restored = await host.runs.restoreSnapshot({ projectId, ref });
  if (restored.ok) {
    const { branch, worktreePath } = restored.value;
    notify.success({
      title: `Brought back ${branch}`,
      description: worktreePath
        ? `Its worktree is at ${worktreePath}, with what was not committed.`
        : 'The branch is there again; it had no worktree to bring back.',
    });
    return true;
  }
  const { error } = restored;
  switch (error.kind) {
    case 'snapshot-missing':
      notify.warn({ title: 'This snapshot is no longer there', description: 'Nothing was changed.' });
      break;
    case 'branch-exists':
      // So it is with the snapshot of a merge: its base is there, and can be put back to where it was.
      return undoMerge(projectId, ref, error.branch);
    case 'failed':
      notify.error({
        title: 'It could not be brought back',
        description: `The snapshot is kept, so it can be tried again. ${error.message}`,
      });
      break;
    default:
      assertNever(error);
  }
  return false;
}

async function undoMerge(projectId: ProjectId, snapshot: string, branch: string): Promise<boolean | 'base-moved'> {
  const undone = await host.merges.undo({ projectId, snapshot });
  if (undone.ok) {
    notify.success({
      title: `${undone.value.base} is back where it was`,
      description: `At ${undone.value.commit.slice(0, 8)}. The branch that was merged is as it was.`,
    });
    return true;
  }
  const { error } = undone;
  switch (error.kind) {
    case 'snapshot-missing':
      notify.warn({
        title: `There is a branch ${branch} already`,
        description: 'Nothing was changed and the snapshot is kept. Rename or delete that branch, then restore again.',
      });
      break;
    case 'base-moved':
      return 'base-moved';
    case 'checkout-dirty':
      notify.warn({
        title: 'The checkout of that branch is in the way',
        description: `${error.obstacle ?? `Commit what is not committed in ${error.path}, then undo again.`} Nothing was changed.`,
      });
      break;
    case 'git-failed':
      notify.error({ title: 'The merge could not be undone', description: `Nothing was changed. ${error.message}` });
      break;
    default:
      assertNever(error);
  }
  return false;
}
