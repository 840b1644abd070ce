import type { EvidenceStore } from '#main/services/gates/evidence-store.ts';
import { runNamedTest } from '#main/services/gates/named-test.ts';
import type { CheckEnd } from '#main/services/gates/run-command.ts';
import type { TerminalId } from '#shared/ids.ts';

import type { ScratchWorktree } from './scratch-worktree.ts';
import type { RunsCommands, TrainProject } from './train-ports.ts';

export interface ScratchCheck {
  command: string;
  /** The name of the test that it runs; null: its exit code says it all. */
  test: string | null;
  timeoutMilliseconds: number;
  terminalId?: TerminalId;
  /** The files are there, and it is about to run. */
  onStart?: () => void;
}

const mostNamed = 5;

/** Whether a command has passed on this very tree, and so need not run again; null, or the evidence. */
export function knownPass(evidence: EvidenceStore | null, tree: string, command: string): { id: string } | null {
  const known = evidence?.find(tree, command);
  return known?.outcome === 'passed' && !known.treeMoved ? known : null;
}

/**
 * Runs a check on the files of a commit, to which they are put back before, and keeps how it came out. What it proves, it proves
 * of files that were as they are committed all the time: one that changes a tracked file has failed, whatever it says itself.
 * What it writes beside them, ignored by Git or not, is its own affair. Throws as `ScratchWorktree.checkOut` does.
 */
export async function runScratchCheck(
  parts: {
    scratch: ScratchWorktree;
    commands: RunsCommands;
    project: TrainProject;
    evidence: EvidenceStore | null;
    now: () => number;
    signal: AbortSignal;
  },
  check: ScratchCheck,
  of: { runId: string; check: string },
  files: { commit: string; tree: string },
): Promise<CheckEnd & { evidenceId: string | null }> {
  const { scratch, commands, project, evidence, now, signal } = parts;
  const { command, test, timeoutMilliseconds, terminalId } = check;
  await scratch.checkOut(files.commit, signal);
  const before = await scratch.trackedState(files.commit);
  check.onStart?.();
  const startedAt = now();
  const runLine = (line: string): Promise<CheckEnd> =>
    commands.run({
      process: { ...project.shell(line), cwd: scratch.path },
      timeoutMilliseconds,
      signal,
      ...(terminalId === undefined ? {} : { terminalId }),
    });
  const end = await (test === null ? runLine(command) : runNamedTest({ command, name: test }, runLine));
  const moved = await scratch.changedSince(before, files.commit);
  const judged: CheckEnd =
    end.outcome === 'passed' && moved.length > 0 ? { ...end, outcome: 'failed', reason: movedInWords(moved) } : end;
  const { outcome, exitCode, reason, output } = judged;
  const record = { outcome, exitCode, reason, tree: files.tree, command, startedAt, endedAt: now() };
  const kept = await evidence?.add(of, { ...record, treeMoved: moved.length > 0 }, output);
  return { ...judged, evidenceId: kept?.id ?? null };
}

function movedInWords(paths: readonly string[]): string {
  const more = paths.length > mostNamed ? ` and ${String(paths.length - mostNamed)} more` : '';
  return `It ended well, but it changed what it was to check, so it proves nothing: ${paths.slice(0, mostNamed).join(', ')}${more}.`;
}
