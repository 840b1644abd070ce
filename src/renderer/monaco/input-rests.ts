/** So long after the last key or move of the pointer, the person is taken to look and not to do, in milliseconds. */
const pause = 700;
const inputs = ['keydown', 'pointerdown', 'pointermove', 'wheel'];

/** Resolves when nobody has typed or pointed for a moment, and the page has nothing to do. */
export function inputRests(): Promise<void> {
  return new Promise((resolve) => {
    let last = performance.now();
    const heard = (): void => {
      last = performance.now();
    };
    const look = (): void => {
      requestIdleCallback(() => {
        const left = last + pause - performance.now();
        if (left > 0) setTimeout(look, left);
        else {
          for (const input of inputs) removeEventListener(input, heard, { capture: true });
          resolve();
        }
      });
    };
    for (const input of inputs) addEventListener(input, heard, { capture: true, passive: true });
    look();
  });
}
