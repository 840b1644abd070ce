import type { Terminal } from '@xterm/xterm';

import type { Disposable } from '#shared/disposable.ts';

/** What of xterm.js 6.0.0 is needed here and has no public name. Where it has another one, everything stays as it was. */
interface Internals {
  _core?: {
    _viewport?: { _sync?: (ydisp?: number) => void; _latestYDisp?: number | undefined };
    _renderService?: { _isPaused?: boolean };
  };
}

/**
 * xterm sizes and places its scrollbar anew for every line that scrolls, styles and timers and all: with 15 floods in view
 * 15,000 timers a second were counted. Nobody sees more of it than one place in a frame. For a terminal that is open.
 *
 * While the terminal is out of sight the scrollbar waits until it is drawn again. xterm leaves its measures as they were
 * for so long: a scrollbar placed by those of a taller terminal would stop short of the end, and take the text with it.
 */
export function calmScrollbar(terminal: Terminal): Disposable {
  const core = (terminal as unknown as Internals)._core;
  const viewport = core?._viewport;
  const sync = viewport?._sync;
  if (!viewport || typeof sync !== 'function') return { dispose: () => undefined };
  const isOutOfSight = (): boolean => core?._renderService?._isPaused === true;
  let isBehind = false;
  let frame = 0;
  const place = (...to: [ydisp?: number]): void => {
    if (isOutOfSight()) isBehind = true;
    else sync.apply(viewport, to);
  };
  viewport._sync = (...to: [ydisp?: number]) => {
    // Lines that scroll say no place. What says one comes once a frame already.
    if (to.length > 0) place(...to);
    else if (frame === 0) {
      frame = requestAnimationFrame(() => {
        frame = 0;
        place();
      });
    }
  };
  const drawing = terminal.onRender(() => {
    if (!isBehind || isOutOfSight()) return;
    isBehind = false;
    viewport._latestYDisp = undefined; // else a place that it was told before is taken for where it is
    sync.call(viewport);
  });
  return {
    dispose: () => {
      drawing.dispose();
      cancelAnimationFrame(frame);
    },
  };
}
