import { useEffect } from 'react';

import { warmMonaco } from '#renderer/monaco/load-monaco.ts';
import { useMirror } from '#renderer/state/mirror.ts';

/** The board and the terminals come first, milliseconds. */
const delay = 4000;

/**
 * Where there are runs there will be reviews: what they are shown with is loaded while the page rests.
 * @param importReview always the same function.
 */
export function useEditorsAhead(importReview: () => Promise<unknown>): void {
  const hasRuns = useMirror((mirror) => mirror.runs !== null && mirror.runs.size > 0);
  useEffect(() => {
    if (!hasRuns) return undefined;
    const timer = setTimeout(() => {
      warmMonaco()
        .then(importReview)
        // Whoever opens a review tries again, and says what is wrong.
        .catch(() => undefined);
    }, delay);
    return () => {
      clearTimeout(timer);
    };
  }, [hasRuns, importReview]);
}
