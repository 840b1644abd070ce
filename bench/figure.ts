/** One thing that was measured. */
export interface Figure {
  name: string;
  value: number;
  /** What `value` counts: `ms`, `MB/s`, `MB`; empty for a plain number. */
  unit: string;
  /**
   * The same kind of thing, measured in turn with it in the same run. Absolute figures move with the machine; the ratio to
   * this is what to compare, and what a goal is about where there is one.
   */
  baseline: { name: string; value: number } | null;
  /** Null: told for information. */
  goal: { atMost: number } | { atLeast: number } | null;
}

/** What a goal is about: the ratio to the baseline where there is one, else the value itself. */
export function compared({ value, baseline }: Figure): number {
  return baseline ? value / baseline.value : value;
}

/** Null where there is no goal. What is no number meets none. */
export function meetsGoal(figure: Figure): boolean | null {
  const { goal } = figure;
  if (!goal) return null;
  const number = compared(figure);
  return 'atMost' in goal ? number <= goal.atMost : number >= goal.atLeast;
}

/** A line for the terminal. */
export function inWords(figure: Figure): string {
  const { name, value, unit, baseline, goal } = figure;
  const amount = quantity(value, unit).padStart(12);
  const ratio = baseline ? `; ${plain(compared(figure))} × ${baseline.name} (${quantity(baseline.value, unit)})` : '';
  if (!goal) return `${amount}  ${name}${ratio}`;
  const bound = 'atMost' in goal ? `at most ${plain(goal.atMost)}` : `at least ${plain(goal.atLeast)}`;
  return `${amount}  ${name}${ratio} — goal ${bound}: ${meetsGoal(figure) === true ? 'PASS' : 'MISSED'}`;
}

const quantity = (value: number, unit: string): string => (unit === '' ? plain(value) : `${plain(value)} ${unit}`);

/** Three digits that mean something. */
function plain(number: number): string {
  if (!Number.isFinite(number)) return String(number);
  const digits = Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : 2;
  return String(Number(number.toFixed(digits)));
}
