import { host } from '#renderer/app/host.ts';
import { notify, perform } from '#renderer/ui/notify.ts';
import type { Run } from '#shared/contract/runs.ts';
import { assertNever } from '#shared/result.ts';

import { isLive } from './run-actions.ts';

/** Why its agent cannot be told anything now; null when it can. */
export const whyNotTold = (run: Run): string | null =>
  isLive(run) ? null : `${run.agent.label} is not running. Resume it first, then tell it.`;

/** Tells the agents of runs which rules have changed, or what their branches break, and says what came of it. */
export function tellAgents(runs: readonly Run[], what: 'changes' | 'findings'): void {
  perform('Tell the agent', async () => {
    let told = 0;
    for (const run of runs) {
      const answer = await host.invariants.tell({ id: run.id, what });
      if (answer.ok) {
        told++;
        continue;
      }
      switch (answer.error.kind) {
        case 'nothing-to-tell':
          notify.info({ title: `There is nothing to tell “${run.spec.title}” any more` });
          break;
        case 'run-missing':
          notify.warn({ title: `“${run.spec.title}” is no longer there`, description: 'It was removed meanwhile.' });
          break;
        case 'not-running':
          notify.warn({
            title: `“${run.spec.title}” was not told`,
            description: `${run.agent.label} is not running, so nobody would read it. Resume it first.`,
          });
          break;
        case 'not-read':
          notify.warn({
            title: `“${run.spec.title}” was not told`,
            description: `${run.agent.label} does not read what is typed into it. Wait until it does, or stop it.`,
          });
          break;
        case 'asks':
          notify.warn({
            title: `“${run.spec.title}” was not told`,
            description: `${run.agent.label} waits for an answer, and the message would be taken for it. Answer it in its terminal first.`,
          });
          break;
        default:
          assertNever(answer.error);
      }
    }
    if (told > 0) {
      notify.success({
        title: told === 1 && runs[0] ? `“${runs[0].spec.title}” was told` : `${String(told)} agents were told`,
        description: 'The message is in the terminal, as if you had typed it.',
      });
    }
  });
}

/** Holds a run's files, as they are now, against the rules again. */
export function recheck(run: Run): void {
  perform('Check the invariants', async () => {
    const answer = await host.invariants.check({ id: run.id });
    if (!answer.ok) {
      notify.warn({ title: 'There is nothing to check', description: 'The run was removed meanwhile.' });
    }
  });
}
