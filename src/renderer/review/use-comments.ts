import { useEffect, useState } from 'react';

import { host } from '#renderer/app/host.ts';
import type { Comment } from '#shared/contract/comments.ts';
import type { RunId } from '#shared/ids.ts';

const none: readonly Comment[] = [];

/** The comments on a run, as the host says now. */
export function useComments(runId: RunId): readonly Comment[] {
  const [state, setState] = useState<{ of: RunId; comments: readonly Comment[] } | null>(null);
  useEffect(() => {
    const feed = host.comments.onDidChange({ id: runId }, (comments) => {
      setState({ of: runId, comments });
    });
    return () => {
      feed.dispose();
    };
  }, [runId]);
  return state?.of === runId ? state.comments : none;
}
