import { create } from 'zustand';

import { notify } from '#renderer/ui/notify.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';
import type { RunId, TerminalId } from '#shared/ids.ts';

import { useMirror } from './mirror.ts';
import { isLive } from './run-actions.ts';
import { maximumPanes, useView } from './view.ts';

/** A paste of several lines that waits for the person's word, once for all terminals. */
export interface SeveralPaste {
  lines: number;
  preview: string;
  paste: () => void;
}

/** Several runs at once: which are being chosen, and which of them get what is typed. It lives as long as the page. */
export interface Several {
  isChoosing: boolean;
  chosen: ReadonlySet<RunId>;
  /**
   * The terminals that get what is typed into any one of them; empty: each gets its own. It only ever shrinks by itself: a
   * run that is spawned meanwhile, or started again, is not in it.
   */
  receiving: ReadonlyMap<RunId, TerminalId>;
  pendingPaste: SeveralPaste | null;
  /** Counts how often choosing was asked for by a command, which takes the keyboard there. */
  requests: number;

  /** Begins to choose, with those ticked that were chosen last. */
  choose: () => void;
  toggle: (id: RunId) => void;
  /** Ticks all of these; when they are ticked already, none of them. */
  toggleAll: (ids: readonly RunId[]) => void;
  cancel: () => void;
  /** From now on what is typed into one of the chosen goes into all of them. Shows their terminals. */
  startTyping: () => void;
  /** `why` is a sentence for the person; null when they ended it themselves. */
  endTyping: (why: string | null) => void;
  /** Something was typed: the time after which it ends by itself begins anew. */
  touch: () => void;
}

/** Why this run's terminal cannot be typed into, or null. */
export const whyNotReceiving = (run: Run): string | null => {
  if (run.terminalId === null) return 'It has no terminal.';
  if (run.status.kind === 'queued' || run.status.kind === 'preparing') return 'Its agent is not started yet.';
  return isLive(run) ? null : 'Its agent has ended.';
};

const findRun = (id: RunId): Run | undefined => useMirror.getState().runs?.get(id);

/** The chosen runs that can be typed into, in the order of the project. */
export function chosenRuns(chosen: ReadonlySet<RunId>, runs: Iterable<Run>): readonly Run[] {
  return Array.from(runs).filter((run) => chosen.has(run.id) && whyNotReceiving(run) === null);
}

/** Why typing cannot start, or null. */
export const whyNoTyping = (count: number): string | null => {
  if (count < 2) return 'Choose two runs or more whose agents are running.';
  return count > maximumPanes
    ? `At most ${String(maximumPanes)} terminals are shown, and only what is shown is typed into.`
    : null;
};

const off = { isChoosing: false, receiving: new Map<RunId, TerminalId>(), pendingPaste: null };

let idleTimer: ReturnType<typeof setTimeout> | undefined;
let typedAt = 0;

export const useSeveral = create<Several>()((set, get) => ({
  ...off,
  chosen: new Set(),
  requests: 0,

  choose: () => {
    set(({ chosen, requests }) => {
      const present = new Set(Array.from(chosen).filter((id) => findRun(id) !== undefined));
      return { isChoosing: true, chosen: present, requests: requests + 1 };
    });
  },
  toggle: (id) => {
    set(({ chosen, isChoosing }) => {
      const next = new Set(isChoosing ? chosen : []);
      if (!next.delete(id)) next.add(id);
      return { isChoosing: next.size > 0 || isChoosing, chosen: next };
    });
  },
  toggleAll: (ids) => {
    if (ids.length === 0) return;
    set(({ chosen, isChoosing }) => {
      const next = new Set(isChoosing ? chosen : []);
      const areAllIn = ids.every((id) => next.has(id));
      for (const id of ids)
        if (areAllIn) next.delete(id);
        else next.add(id);
      return { isChoosing: true, chosen: next };
    });
  },
  cancel: () => {
    set({ isChoosing: false });
  },
  startTyping: () => {
    const runs = chosenRuns(get().chosen, useMirror.getState().runs?.values() ?? []);
    if (whyNoTyping(runs.length) !== null) return;
    const receiving = new Map(
      runs.flatMap((run): [RunId, TerminalId][] => (run.terminalId === null ? [] : [[run.id, run.terminalId]])),
    );
    showTogether(runs.map((run) => run.id));
    set({ ...off, receiving });
    get().touch();
  },
  endTyping: (why) => {
    if (get().receiving.size === 0) return;
    clearTimeout(idleTimer);
    set(off);
    if (why !== null)
      notify.warn({ title: 'Typing into several terminals has ended', description: why, key: 'several' });
  },
  touch: () => {
    typedAt = Date.now();
    clearTimeout(idleTimer);
    idleTimer = setTimeout(endWhenIdle, idleMilliseconds());
  },
}));

const idleMinutes = (): number => useMirror.getState().settings?.severalIdleMinutes ?? 5;
const idleMilliseconds = (): number => idleMinutes() * 60_000;

function endWhenIdle(): void {
  const rest = typedAt + idleMilliseconds() - Date.now();
  if (rest > 0) idleTimer = setTimeout(endWhenIdle, rest);
  else useSeveral.getState().endTyping(`Nothing was typed for ${counted(idleMinutes(), 'minute')}.`);
}

/** Puts these terminals in sight, beside those that are shown already, as far as there is room. */
function showTogether(ids: readonly RunId[]): void {
  const view = useView.getState();
  const { runIds, maximised, focused } = view.grid;
  const missing = ids.filter((id) => !runIds.includes(id));
  const others = runIds.filter((id) => !ids.includes(id)).slice(0, Math.max(0, maximumPanes - ids.length));
  const kept = runIds.filter((id) => ids.includes(id) || others.includes(id));
  view.arrangePanes([...kept, ...missing]);
  if (maximised !== null) view.toggleMaximised(maximised);
  const first = focused !== null && ids.includes(focused) ? focused : ids[0];
  if (first !== undefined) view.openTerminal(first);
}

const titleOf = (run: Run): string =>
  run.variant === null ? run.spec.title : `${run.spec.title} #${String(run.variant)}`;

/** Lets go of those that can no longer be typed into, with a word about it. */
function dropLost(): void {
  const { receiving, endTyping } = useSeveral.getState();
  if (receiving.size === 0) return;
  const shown = new Set(useView.getState().grid.runIds);
  const words: string[] = [];
  const left = Array.from(receiving).filter(([id, terminalId]) => {
    const run = findRun(id);
    if (!run) words.push('A run was deleted.');
    else if (run.terminalId !== terminalId || whyNotReceiving(run) !== null) words.push(`“${titleOf(run)}” has ended.`);
    else if (!shown.has(id)) words.push(`“${titleOf(run)}” was taken out of the grid.`);
    else return true;
    return false;
  });
  if (left.length === receiving.size) return;
  if (left.length < 2) {
    endTyping(`${words.join(' ')} Fewer than two are left.`);
    return;
  }
  useSeveral.setState({ receiving: new Map(left) });
  notify.warn({
    title: `Typing into ${String(left.length)} terminals now`,
    description: words.join(' '),
    key: 'several-left',
  });
}

useMirror.subscribe((mirror, before) => {
  if (mirror.runs !== before.runs && mirror.runs !== null) dropLost();
});
useView.subscribe((view, before) => {
  const { endTyping, receiving } = useSeveral.getState();
  if (view.projectId !== before.projectId) {
    endTyping(null);
    useSeveral.setState({ ...off, chosen: new Set() });
  } else if (receiving.size > 0 && view.centre.kind !== 'grid' && before.centre.kind === 'grid') {
    // What is typed has to be seen where it arrives.
    endTyping('You have left the terminals.');
  } else if (view.grid.runIds !== before.grid.runIds) dropLost();
});
