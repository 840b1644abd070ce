import { notify } from '#renderer/ui/notify.ts';
import { placeOf } from '#shared/board/derive-board.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { RunId } from '#shared/ids.ts';

import { newCollisions } from './collisions.ts';
import { useMirror } from './mirror.ts';
import { useView } from './view.ts';

/** Says it, once, when two branches near review come to collide. Everything else is a number on a card. */
export function watchCollisions(): Disposable {
  const isNearReview = (id: RunId): boolean => {
    const run = useMirror.getState().runs?.get(id);
    return run !== undefined && placeOf(run).group === 'review';
  };
  const unsubscribe = useMirror.subscribe(({ radar, runs }, before) => {
    if (radar === null || radar === before.radar) return;
    for (const { a, b, outcome } of newCollisions(before.radar, radar, isNearReview)) {
      const [one, other] = [a, b].map((id) => (id === null ? undefined : runs?.get(id)?.spec.title));
      if (one === undefined || other === undefined || outcome.kind !== 'conflicts') continue;
      const [first] = outcome.conflicts;
      notify.warn({
        key: `collision:${a}:${b ?? ''}`,
        title: 'Two branches that wait for review collide now',
        description: `“${one}” and “${other}” do not merge with each other any more${first ? `: ${first.path}, ${first.reason}` : ''}. Nothing has changed in either.`,
        action: {
          label: 'Show the radar',
          run: () => {
            useView.getState().showRadar({ a, b });
          },
        },
      });
    }
  });
  return { dispose: unsubscribe };
}
