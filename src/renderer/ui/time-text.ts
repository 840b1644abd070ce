const minute = 60_000;
const hour = 60 * minute;

/** A length of time: `—` for none, `12 min`, `3.4 h`. */
export function timeText(milliseconds: number): string {
  if (milliseconds <= 0) return '—';
  if (milliseconds < minute) return '< 1 min';
  if (milliseconds < 1.5 * hour) return `${String(Math.round(milliseconds / minute))} min`;
  return `${(milliseconds / hour).toFixed(1)} h`;
}
