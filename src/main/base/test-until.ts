import { setTimeout as wait } from 'node:timers/promises';

/** Long enough for a loaded machine, and shorter than a test may take, so that what was waited for is said. */
const patience = 60_000;

/** Waits, for a test, until it is so. `what` ends the sentence "it never came so: ...". */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string) = () => condition.toString(),
  milliseconds = patience,
): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`it never came so: ${typeof what === 'string' ? what : what()}`);
    await wait(10);
  }
}
