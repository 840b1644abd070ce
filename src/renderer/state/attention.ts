import { host } from '#renderer/app/host.ts';
import { notify, perform } from '#renderer/ui/notify.ts';
import type { AttentionItem } from '#shared/contract/attention.ts';
import type { RunId } from '#shared/ids.ts';

import { useMirror, type Mirror } from './mirror.ts';
import { nextItem, visitKey } from './next-item.ts';
import { openRun, whyNoReview, whyNoTerminal } from './run-actions.ts';
import { aimAt } from './targets.ts';
import { useView } from './view.ts';

const none: readonly AttentionItem[] = [];
const itemsOf = ({ attention }: Mirror): readonly AttentionItem[] => attention?.items ?? none;

/** What needs the person now, the first first. */
export const useAttentionItems = (): readonly AttentionItem[] => useMirror(itemsOf);
export const attentionItem = (id: RunId | null): AttentionItem | null =>
  itemsOf(useMirror.getState()).find(({ runId }) => runId === id) ?? null;

/** Agents that are at work, or about to be. */
export const useAgentsAtWork = (): number =>
  useMirror(
    ({ runs }) =>
      Array.from(runs?.values() ?? []).filter(({ status }) => status.kind === 'working' || status.kind === 'preparing')
        .length,
  );

/** Takes the person to the place where an item can be answered. */
export function openItem({ runId, place, collidesWith }: AttentionItem): void {
  const run = useMirror.getState().runs?.get(runId);
  if (!run) return;
  const view = useView.getState();
  if (place === 'terminal' && whyNoTerminal(run) === null) view.openTerminal(runId);
  else if (place === 'collisions') {
    view.selectRun(runId);
    view.showRadar({ a: runId, b: collidesWith });
  } else if ((place === 'review' || place === 'checks') && whyNoReview(run) === null) {
    if (place === 'checks') aimAt({ checks: { runId } });
    view.showReview(runId);
  } else openRun(run);
}

/** Where Next has been. It outlives what is on screen, so that it goes on from anywhere. */
const visited = new Set<string>();

/** Takes the person to what comes first, other than the run in which they are. */
export function goToNext(currentId: RunId | null): void {
  const next = nextItem(itemsOf(useMirror.getState()), visited, currentId);
  if (!next) {
    notify.info({ title: 'Nothing needs you now', key: 'next' });
    return;
  }
  if (next.startsOver) visited.clear();
  visited.add(visitKey(next.item));
  openItem(next.item);
}

/** How long something can be put off. */
export const snoozeChoices = [
  { id: 'quarter', label: '15 minutes' },
  { id: 'hour', label: '1 hour' },
  { id: 'evening', label: '4 hours' },
  { id: 'tomorrow', label: 'Until tomorrow, 9:00' },
  { id: 'changed', label: 'Until it changes' },
] as const;
export type SnoozeChoice = (typeof snoozeChoices)[number]['id'];

const minute = 60_000;

/** For how long, in milliseconds; null: until it changes. */
export function snoozeTime(choice: SnoozeChoice, now: Date): number | null {
  switch (choice) {
    case 'quarter':
      return 15 * minute;
    case 'hour':
      return 60 * minute;
    case 'evening':
      return 240 * minute;
    case 'tomorrow':
      return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9).getTime() - now.getTime();
    case 'changed':
      return null;
  }
}

/** Puts off what a run needs, says so with a way back, and goes on to what comes next. */
export function snoozeRun(runId: RunId, choice: SnoozeChoice, then: 'next' | 'stay'): void {
  const title = useMirror.getState().runs?.get(runId)?.spec.title ?? 'The run';
  perform('Snooze the run', async () => {
    const snoozed = await host.attention.snooze({ id: runId, milliseconds: snoozeTime(choice, new Date()) });
    if (!snoozed.ok) {
      notify.info({ title: 'It needs nothing any more', description: 'There was nothing to put off.', key: 'snooze' });
      return;
    }
    const until = snoozeChoices.find(({ id }) => id === choice)?.label ?? '';
    notify.info({
      key: 'snooze',
      title: `Snoozed “${title}”`,
      description:
        choice === 'changed' ? 'It comes back when it needs something else.' : `${until}, or until it changes.`,
      action: {
        label: 'Undo',
        run: () => {
          wakeRun(runId);
        },
      },
    });
    if (then === 'next' && itemsOf(useMirror.getState()).some((item) => item.runId !== runId)) goToNext(runId);
  });
}

/** Takes a snooze back. */
export function wakeRun(runId: RunId): void {
  perform('Wake the run', async () => {
    await host.attention.wake({ id: runId });
  });
}
