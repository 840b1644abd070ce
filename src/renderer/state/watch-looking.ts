import { host } from '#renderer/app/host.ts';
import { reportFaultUnlessAway } from '#renderer/ui/notify.ts';
import type { NoticePush } from '#shared/contract/attention.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

import { afterFirstScreens } from './first-screens.ts';
import { goToRuns } from './go-to-runs.ts';
import { dismissSince, useSinceLooked } from './since-looked.ts';
import { useView, type View } from './view.ts';
import { showWebNotice } from './web-notices.ts';

/** After so long without a key or the pointer nobody is taken to look at anything. */
const awayMilliseconds = 120_000;
/** Going through runs quickly is not looking at each of them. */
const settleMilliseconds = 300;

/** Names this page to the host. */
const viewer = crypto.randomUUID();

/** Which run a view shows to be worked on, and which others are in sight. */
export function runInView({ centre, grid }: Pick<View, 'centre' | 'grid'>): {
  runId: RunId | null;
  inSight: readonly RunId[];
} {
  if (centre.kind === 'review' || centre.kind === 'file') return { runId: centre.runId, inSight: [] };
  if (centre.kind !== 'grid') return { runId: null, inSight: [] };
  return { runId: grid.focused, inSight: grid.maximised === null ? grid.runIds : [grid.maximised] };
}

/**
 * Tells the host which run the person looks at, as long as they are there; shows what has happened to it since the last
 * time; and gives the notices that the host has for them.
 */
export function watchLooking(projectId: ProjectId): Disposable {
  let isHere = true;
  let told = '';
  let settle: ReturnType<typeof setTimeout> | undefined;
  let away: ReturnType<typeof setTimeout> | undefined;

  const tell = async (): Promise<void> => {
    const isLooking = isHere && document.visibilityState === 'visible' && document.hasFocus();
    const { runId, inSight } = isLooking ? runInView(useView.getState()) : { runId: null, inSight: [] };
    const look = { projectId, viewer, runId, inSight: [...inSight] };
    const text = JSON.stringify(look);
    if (text === told) return;
    told = text;
    const answer = await host.attention.look(look);
    if (!answer.ok || answer.value === null) return;
    // They may have gone on meanwhile.
    if (runInView(useView.getState()).runId === runId) useSinceLooked.setState({ since: answer.value });
  };
  const tellSoon = (): void => {
    clearTimeout(settle);
    settle = setTimeout(() => {
      tell().catch((error: unknown) => {
        // The host is away: it is told again when it is back.
        reportFaultUnlessAway('Say what is looked at', error);
      });
    }, settleMilliseconds);
  };
  const beHere = (): void => {
    clearTimeout(away);
    away = setTimeout(() => {
      isHere = false;
      tellSoon();
    }, awayMilliseconds);
    if (isHere) return;
    isHere = true;
    tellSoon();
  };

  const heard = (push: NoticePush): void => {
    switch (push.kind) {
      case 'listening':
        told = ''; // also a host that was started meanwhile, and knows nothing of this page
        tellSoon();
        return;
      case 'notice':
        showWebNotice(push.notice, () => {
          goToRuns(push.notice.runIds);
        });
    }
  };
  let feed: Disposable | null = null;
  // It sets going what is slow, and nobody has looked for long yet.
  const later = afterFirstScreens(() => {
    feed = host.attention.onDidNotify({ projectId, viewer }, heard);
  });
  const leaveView = useView.subscribe((view, before) => {
    const { runId } = runInView(view);
    if (runId !== runInView(before).runId && useSinceLooked.getState().since?.runId !== runId) dismissSince();
    tellSoon();
  });
  const events = new AbortController();
  for (const name of ['focus', 'blur'] as const) addEventListener(name, tellSoon, { signal: events.signal });
  document.addEventListener('visibilitychange', tellSoon, { signal: events.signal });
  for (const name of ['keydown', 'pointermove', 'pointerdown', 'wheel'] as const) {
    addEventListener(name, beHere, { signal: events.signal, passive: true, capture: true });
  }
  beHere();
  return {
    dispose: () => {
      later.dispose();
      feed?.dispose();
      leaveView();
      events.abort();
      clearTimeout(settle);
      clearTimeout(away);
      dismissSince();
    },
  };
}
