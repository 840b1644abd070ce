import type { Disposable } from '#shared/disposable.ts';

/** A terminal that does not come holds nothing back for longer, milliseconds. */
const patience = 3000;

let pending: { callbacks: Set<() => void>; timer: ReturnType<typeof setTimeout> } | null = null;

/** A project is about to be shown. */
export function expectScreens(): void {
  const callbacks = pending?.callbacks ?? new Set();
  clearTimeout(pending?.timer);
  pending = { callbacks, timer: setTimeout(screensShown, patience) };
}

/** The terminals in view show what they have, or there are none. */
export function screensShown(): void {
  if (!pending) return;
  const { callbacks, timer } = pending;
  pending = null;
  clearTimeout(timer);
  for (const callback of callbacks) callback();
}

/**
 * Calls back when the screens have been shown that are expected; at once when none are. A person who comes back waits for
 * their agents' screens: what only fills in what is beside them is asked for afterwards.
 */
export function afterFirstScreens(callback: () => void): Disposable {
  const waiting = pending;
  if (!waiting) {
    callback();
    return { dispose: () => undefined };
  }
  waiting.callbacks.add(callback);
  return {
    dispose: () => {
      waiting.callbacks.delete(callback);
    },
  };
}
