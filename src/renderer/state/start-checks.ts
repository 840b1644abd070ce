import { host } from '#renderer/app/host.ts';
import { notify, perform } from '#renderer/ui/notify.ts';
import type { Run } from '#shared/contract/runs.ts';

import { useView } from './view.ts';

/** Runs checks of a run, or all that can be run; says what was in the way. `again`: also what has passed on this very state. */
export function startChecks(run: Run, checks: readonly string[] | null, again: boolean): void {
  perform('Run the checks', async () => {
    const started = await host.gates.start({ id: run.id, checks: checks === null ? null : [...checks], again });
    if (started.ok) return;
    switch (started.error.kind) {
      case 'not-trusted':
        notify.warn({
          title: 'This project’s commands are not allowed yet',
          description: 'Nothing was run. Look at what the config wants to run, and allow it once.',
          action: {
            label: 'Look at them',
            run: () => {
              useView.getState().openDialog({ kind: 'trust' });
            },
          },
        });
        return;
      case 'nothing-to-run':
        notify.info({ title: 'There was nothing to run', description: started.error.reason });
        return;
      case 'run-missing':
      case 'worktree-missing':
        notify.warn({
          title: 'There are no files to check',
          description: 'The run’s worktree is gone. Its commits are safe on the branch.',
        });
    }
  });
}
