import type { RunId } from '#shared/ids.ts';

import { attentionItem, openItem } from './attention.ts';
import { useMirror } from './mirror.ts';
import { openRun } from './run-actions.ts';
import { useView } from './view.ts';

/** One run is shown where it can be answered; several are in the inbox. */
export function goToRuns(runIds: readonly RunId[]): void {
  const [only, ...others] = runIds;
  if (only === undefined || others.length > 0) {
    useView.getState().showInbox();
    return;
  }
  const item = attentionItem(only);
  const run = useMirror.getState().runs?.get(only);
  if (item) openItem(item);
  else if (run) openRun(run);
}
