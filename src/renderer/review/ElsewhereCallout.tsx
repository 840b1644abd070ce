import type { ReactNode } from 'react';

import { Callout } from '#renderer/ui/Callout.tsx';
import type { Run } from '#shared/contract/runs.ts';
import { workElsewhereWords } from '#shared/work-elsewhere-words.ts';

/** What its agent did on another branch does not go with what is about to be merged or pushed. */
export function ElsewhereCallout({ run }: { run: Run }): ReactNode {
  const words = workElsewhereWords(run);
  if (words === null) return null;
  return (
    <Callout tone="warning" title="What it did on another branch is not part of this">
      {words.fact} {words.safe} The review says how to take it over.
    </Callout>
  );
}
