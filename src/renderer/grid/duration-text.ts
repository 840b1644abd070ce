/**
 * A duration as it stands beside a stage: `12 ms`, `1.4 s`, `2 min 5 s`. While it still goes on only whole seconds are
 * told, and nothing in the first one: digits that race say nothing.
 */
export function durationText(milliseconds: number, hasEnded: boolean): string {
  const time = Math.max(0, milliseconds);
  const seconds = Math.floor(time / 1000);
  if (!hasEnded) return seconds < 1 ? '' : minutesAndSeconds(seconds);
  if (time < 1000) return `${String(Math.round(time))} ms`;
  if (time < 60_000) return `${(time / 1000).toFixed(1)} s`;
  return minutesAndSeconds(seconds);
}

function minutesAndSeconds(seconds: number): string {
  return seconds < 60 ? `${String(seconds)} s` : `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}
