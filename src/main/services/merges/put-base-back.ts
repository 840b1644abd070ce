import { logRecords } from '#main/services/git/parse.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import type { PutBackPlan } from '#shared/contract/merges.ts';

import { mergedRef } from './merged-ref.ts';
import type { GitPort, SnapshotsPort } from './merge-ports.ts';
import { moveBase, type BaseMoved } from './move-base.ts';
import { branchRef, deleteRefs } from './refs.ts';

const shownCommits = 50;
const commitFields = logRecords({ hash: '%H', subject: '%s' });

type Needs = { git: GitPort; snapshots: SnapshotsPort };

/** What it would mean to put a base back to where a merge found it; null: there is no such snapshot, or no such base. */
export async function planPutBack(
  { git, snapshots }: Needs,
  projectPath: string,
  ref: string,
): Promise<PutBackPlan | null> {
  const snapshot = await snapshots.find(projectPath, ref);
  if (snapshot === null) return null;
  const { branch: base, commit: to, reason } = snapshot;
  const [note, from] = await resolveCommits(git, projectPath, [mergedRef(ref), branchRef(base)]);
  // Without the note of where a base was moved to, this snapshot is of something else.
  if (!note || !from) return null;
  const { text } = await git.read({
    name: 'list what would come off the base',
    cwd: projectPath,
    args: ['log', '--first-parent', '--encoding=UTF-8', `--format=${commitFields.format}`, from, `^${to}`],
  });
  const commits = commitFields.parse(text);
  return { base, reason, from, to, commits: commits.slice(0, shownCommits), commitCount: commits.length };
}

/**
 * Moves the base to where a merge found it, with its checkout, whatever it has got since. Where it is now is kept in a
 * snapshot of its own, from which it can be put back again. `elsewhere`: it is not where the plan saw it.
 */
export async function putBaseBack(
  { git, snapshots }: Needs,
  projectPath: string,
  plan: PutBackPlan,
): Promise<Exclude<BaseMoved, { kind: 'moved' }> | { kind: 'moved'; snapshot: string }> {
  const { base, from, to } = plan;
  const reason = `Put ${base} back to ${to.slice(0, 8)}`;
  const kept = await snapshots.takeRef({ projectPath, ref: branchRef(base), reason });
  const note = mergedRef(kept.ref);
  return git.writes(await git.commonDir(projectPath), async () => {
    let moved: BaseMoved = { kind: 'elsewhere' };
    if (kept.commit === from) {
      const nothing = '0'.repeat(to.length);
      await git.direct({ name: 'note where the base goes', cwd: projectPath, args: ['update-ref', note, to, nothing] });
      const reflog = `switchyard: put ${base} back`;
      moved = await moveBase(git, projectPath, { branch: base, from, to, direction: 'back', reflog });
    }
    if (moved.kind === 'moved') return { kind: 'moved', snapshot: kept.ref };
    const [baseNow = null] = await resolveCommits(git, projectPath, [branchRef(base)]);
    await deleteRefs(git, projectPath, baseNow === null ? [note] : [note, kept.ref]);
    return moved;
  });
}
