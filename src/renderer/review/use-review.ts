import { useEffect, useState } from 'react';

import { host } from '#renderer/app/host.ts';
import { reportFault } from '#renderer/ui/notify.ts';
import type { ReviewContent, ReviewFile, ReviewState } from '#shared/contract/review.ts';
import type { RunId } from '#shared/ids.ts';

/** What a run changed, as the host says now; null until it has said so. */
export function useReview(runId: RunId): ReviewState | null {
  const [state, setState] = useState<{ of: RunId; review: ReviewState } | null>(null);
  useEffect(() => {
    const feed = host.review.onDidChange({ id: runId }, (review) => {
      setState({ of: runId, review });
    });
    return () => {
      feed.dispose();
    };
  }, [runId]);
  return state?.of === runId ? state.review : null;
}

export type LoadedContent =
  | { kind: 'loading' }
  | { kind: 'loaded'; content: ReviewContent }
  /** It has left the review meanwhile: committed away, reverted. */
  | { kind: 'left' };

/** Both sides of a file, loaded again when its version changes. The former content stays until the next has come. */
export function useContent(runId: RunId, file: ReviewFile | null, showHuge: boolean): LoadedContent {
  const [loaded, setLoaded] = useState<{ of: string; content: LoadedContent }>({
    of: '',
    content: { kind: 'loading' },
  });
  const path = file?.path ?? null;
  const version = file?.version ?? null;
  const place = `${runId}\0${path ?? ''}`;
  useEffect(() => {
    if (path === null) return undefined;
    let isStale = false;
    host.review
      .content({ id: runId, path, showHuge })
      .then((answer) => {
        if (isStale) return;
        setLoaded({ of: place, content: answer.ok ? { kind: 'loaded', content: answer.value } : { kind: 'left' } });
      })
      .catch((error: unknown) => {
        if (!isStale) reportFault('Load the file', error);
      });
    return () => {
      isStale = true;
    };
  }, [runId, path, version, showHuge, place]);
  return loaded.of === place ? loaded.content : { kind: 'loading' };
}
