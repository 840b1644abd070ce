/** One ticking second for everything on screen that shows an age. It stands still while nobody looks. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

export function onTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.hidden) return;
    for (const tick of Array.from(listeners)) tick();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** An age as it stands on a card: `now`, `42s`, `7m`, `3h`, `12d`. Clocks that disagree show `now`, never a minus. */
export function ageText(since: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  if (seconds < 5) return 'now';
  if (seconds < minute) return `${String(seconds)}s`;
  if (seconds < hour) return `${String(Math.floor(seconds / minute))}m`;
  if (seconds < day) return `${String(Math.floor(seconds / hour))}h`;
  return `${String(Math.floor(seconds / day))}d`;
}

/** The same where nothing beside it says that it is an age: `just now`, `42s ago`. */
export function agoText(since: number, now: number): string {
  const age = ageText(since, now);
  return age === 'now' ? 'just now' : `${age} ago`;
}
