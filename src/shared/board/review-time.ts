import type { Run } from '#shared/contract/runs.ts';

/*
 * How long a review takes depends on everything but the number of lines. The figures are at the quick end of what studies of
 * code review give (400 to 600 lines an hour is where fewer mistakes are found), because much of what agents write is tests.
 */

/** To find out what the piece of work is about, and to decide. */
const minutesPerRun = 2;
const minutesPerFile = 0.25;
const insertionsPerMinute = 12;
/** What is gone is read as a whole. */
const deletionsPerMinute = 60;
/** Nobody reads on for longer than this at one piece: what is beyond is generated, or is looked at here and there. */
const mostMinutesPerRun = 90;

/** An estimate of the minutes that a person takes to review these; 0 where there is nothing to read. */
export function reviewMinutes(runs: Iterable<Pick<Run, 'changes'>>): number {
  let sum = 0;
  for (const { changes } of runs) {
    if (changes === null) continue;
    const { files, insertions, deletions } = changes;
    if (files + insertions + deletions === 0) continue;
    const minutes =
      minutesPerRun + files * minutesPerFile + insertions / insertionsPerMinute + deletions / deletionsPerMinute;
    sum += Math.min(minutes, mostMinutesPerRun);
  }
  return sum;
}

/** `about 5 min`, `about 1 h 20 min`: no more exact than it is. */
export function minutesInWords(minutes: number): string {
  const rounded = minutes < 10 ? Math.max(1, Math.round(minutes)) : Math.round(minutes / 5) * 5;
  if (rounded < 60) return `about ${String(rounded)} min`;
  const hours = Math.floor(rounded / 60);
  const rest = rounded % 60;
  return rest === 0 || hours > 4 ? `about ${String(hours)} h` : `about ${String(hours)} h ${String(rest)} min`;
}
