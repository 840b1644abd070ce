import { notify } from '#renderer/ui/notify.ts';

import { useView } from './view.ts';

/** Says that nothing was run, because the person has not allowed the project's commands, and leads to where they can. */
export function tellNotTrusted(): void {
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
}
