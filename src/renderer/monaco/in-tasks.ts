/** Does one step after the other, each in a task of its own, so that keys and frames come between. */
export function inTasks(steps: readonly (() => void)[]): { dispose: () => void } {
  let next = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const plan = (): void => {
    timer = setTimeout(() => {
      steps[next++]?.();
      if (next < steps.length) plan();
    });
  };
  plan();
  return {
    dispose: () => {
      next = steps.length;
      clearTimeout(timer);
    },
  };
}
