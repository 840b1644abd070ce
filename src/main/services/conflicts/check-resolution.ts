import type { CheckEnd } from '#main/services/gates/run-command.ts';
import { runNamedTest } from '#main/services/gates/named-test.ts';
import type { EvidenceStore } from '#main/services/gates/evidence-store.ts';
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
  run: RunsCommands;
  evidence: EvidenceStore | null;
  runId: RunId;
  files: { commit: string; tree: string };
  checks: readonly SideCheck[];
  progress: (progress: ResolutionProgress) => void;
  signal: AbortSignal;
  now: () => number;
}): Promise<readonly FailedCheck[]> {
  const { git, project, run, evidence, runId, files, checks, progress, signal, now } = options;
  const failed: FailedCheck[] = [];
  const scratch = new ScratchWorktree({ git, project, run, folder });
  let isThere = false;
  try {
    for (const [done, check] of checks.entries()) {
      if (signal.aborted) break;
      const known = evidence?.find(files.tree, check.command);
      if (known?.outcome === 'passed' && !known.treeMoved) continue;
      progress({ kind: 'checking', title: check.title, done, total: checks.length });
      isThere = true;
      await scratch.checkOut(files.commit, signal);
      const startedAt = now();
      const { command, timeoutMilliseconds } = check;
      const runLine = (line: string): Promise<CheckEnd> =>
        run({ process: { ...project.shell(line), cwd: scratch.path }, timeoutMilliseconds, signal });
      const end = await (check.test === null ? runLine(command) : runNamedTest({ command, name: check.test }, runLine));
      const { outcome, exitCode, reason, output } = end;
      await evidence?.add(
        { runId, check: check.id },
        { outcome, exitCode, reason, tree: files.tree, command, startedAt, endedAt: now(), treeMoved: false },
        output,
      );
      if (outcome === 'passed') continue;
      const last = output.trimEnd().split('\n').slice(-shownLines).join('\n');
      failed.push({ title: check.title, command, reason: reason ?? outcome, output: last });
    }
    return failed;
  } finally {
    if (isThere) await scratch.remove();
  }
}
