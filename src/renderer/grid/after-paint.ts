import { pageFrames } from './frame-clock.ts';

/** Calls back when the next frame has been painted; on a page that is not painted, after a while. */
export function afterPaint(callback: () => void): void {
  pageFrames.next(() => {
    setTimeout(callback);
  });
}
