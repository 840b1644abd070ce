import type { EvidenceStore } from '#main/services/gates/evidence-store.ts';
import { knownPass, runScratchCheck } from '#main/services/train/run-scratch-check.ts';
import { ScratchWorktree } from '#main/services/train/scratch-worktree.ts';
import type { GitPort, RunsCommands, TrainProject } from '#main/services/train/train-ports.ts';
import type { FailedCheck, ResolutionProgress } from '#shared/contract/conflicts.ts';
import type { RunId } from '#shared/ids.ts';

import type { SideCheck } from './side-checks.ts';

/** The name of the worktree in which they run. No run's branch can be called so: it would begin with a dot. */
const folder = '.resolve';
const shownLines = 40;

/**
 * Runs every check on the files of a commit, in a worktree of our own, and returns those that did not pass. What has passed on
 * this very tree is not run again.
 */
export async function checkResolution(options: {
  git: GitPort;
  project: TrainProject;
  commands: RunsCommands;
  evidence: EvidenceStore | null;
  runId: RunId;
  files: { commit: string; tree: string };
  checks: readonly SideCheck[];
  progress: (progress: ResolutionProgress) => void;
  signal: AbortSignal;
  now: () => number;
}): Promise<readonly FailedCheck[]> {
  const { git, project, commands, evidence, runId, files, checks, progress, signal, now } = options;
  const failed: FailedCheck[] = [];
  const scratch = new ScratchWorktree({ git, project, commands, folder });
  let isThere = false;
  try {
    for (const [done, check] of checks.entries()) {
      if (signal.aborted) break;
      if (knownPass(evidence, files.tree, check.command) !== null) continue;
      progress({ kind: 'checking', title: check.title, done, total: checks.length });
      isThere = true;
      const parts = { scratch, commands, project, evidence, now, signal };
      const { outcome, reason, output } = await runScratchCheck(parts, check, { runId, check: check.id }, files);
      if (outcome === 'passed') continue;
      const last = output.trimEnd().split('\n').slice(-shownLines).join('\n');
      failed.push({ title: check.title, command: check.command, reason: reason ?? outcome, output: last });
    }
    return failed;
  } finally {
    if (isThere) await scratch.remove();
  }
}
