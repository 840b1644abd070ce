import type { HostApi } from '#shared/contract/index.ts';
import type { RemovalPlan } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';

/** What goes with a run that is deleted, in a sentence or two. */
export function lossWords(plan: RemovalPlan, agent: string): string {
  const { unmergedCommits, uncommittedFiles, processIsRunning, branch } = plan;
  const losses = [
    ...(unmergedCommits.length > 0 ? [`${counted(unmergedCommits.length, 'commit')} that no other branch has`] : []),
    ...(uncommittedFiles.length > 0
      ? [`${counted(uncommittedFiles.length, 'file')} with changes that are not committed`]
      : []),
  ];
  const goes =
    losses.length === 0
      ? `Everything on ${branch} is on another branch, too: no work goes.`
      : `${branch} has ${losses.join(' and ')}.`;
  return `${goes}${processIsRunning ? ` ${agent} is still running, and is ended.` : ''}`;
}

type RemovalFailure = Extract<Awaited<ReturnType<HostApi['runs']['remove']>>, { ok: false }>['error'];

/** What happened, what is safe, what next; null: it is gone already, which is what was wanted. */
export function removalFailure(error: RemovalFailure, name: string): string | null {
  switch (error.kind) {
    case 'run-missing':
      return null;
    case 'more-would-be-lost':
      return `${name} has changed since you looked, so it was not deleted. What would go now stands below.`;
    case 'main-checkout':
      return `${name} is checked out in your own checkout of the repository, which is never deleted from here.`;
    case 'failed':
      return `${name} could not be deleted: it stopped at “${error.step}”: ${error.message}. A snapshot was taken before, so nothing is lost.`;
  }
}
