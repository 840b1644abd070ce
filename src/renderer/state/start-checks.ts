import { host } from '#renderer/app/host.ts';
import { notify, perform } from '#renderer/ui/notify.ts';
import type { Run } from '#shared/contract/runs.ts';

import { tellNotTrusted } from './tell-not-trusted.ts';

/** Runs checks of a run, or all that can be run; says what was in the way. `again`: also what has passed on this very state. */
export function startChecks(run: Run, checks: readonly string[] | null, again: boolean): void {
  perform('Run the checks', async () => {
    const started = await host.gates.start({ id: run.id, checks: checks === null ? null : [...checks], again });
    if (started.ok) return;
    switch (started.error.kind) {
      case 'not-trusted':
        tellNotTrusted();
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
