import type { FrameClock } from './output-turns.ts';

/** A page in the background is not painted; then a frame comes after this many milliseconds nevertheless. */
const patience = 250;

/** The page's own frames. */
export const pageFrames: FrameClock = {
  next: (callback) => {
    const stop = (): void => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
    const run = (): void => {
      stop();
      callback(performance.now());
    };
    const frame = requestAnimationFrame(run);
    const timer = setTimeout(run, patience);
    return { dispose: stop };
  },
};
