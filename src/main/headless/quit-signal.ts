import type { EventEmitter } from 'node:events';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What comes within so many milliseconds is one act: a terminal sends Ctrl-C to each process in it, and npm hands its own on. */
const oneAct = 500;

/**
 * Resolves with the first signal that asks a process to quit. Whoever sends another one later does not want to wait, and
 * `again` is called. It takes these signals from everybody else: `when-exit`, which conf brings along, answers one by sending it
 * to its own process once more, which on a busy machine comes so late that it looks like a second one.
 */
export function quitSignal(source: EventEmitter, again: () => void): Promise<NodeJS.Signals> {
  const asked = Promise.withResolvers<NodeJS.Signals>();
  let since: number | null = null;
  for (const signal of signals) {
    source.removeAllListeners(signal);
    source.on(signal, () => {
      if (since === null) {
        since = performance.now();
        asked.resolve(signal);
      } else if (performance.now() - since > oneAct) again();
    });
  }
  return asked.promise;
}
