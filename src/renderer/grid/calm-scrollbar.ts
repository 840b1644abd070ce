import type { Terminal } from '@xterm/xterm';

import type { Disposable } from '#shared/disposable.ts';

/** What of xterm.js 6.0.0 is needed here and has no public name. Where it has another one, everything stays as it was. */
interface Internals {
  _core?: { _viewport?: { _sync?: (ydisp?: number) => void } };
}

/**
 * xterm sizes and places its scrollbar anew for every line that scrolls, styles and timers and all: with 15 floods in view
 * 15,000 timers a second were counted. Nobody sees more of it than one place in a frame. For a terminal that is open.
 */
export function calmScrollbar(terminal: Terminal): Disposable {
  const viewport = (terminal as unknown as Internals)._core?._viewport;
  const sync = viewport?._sync;
  if (!viewport || typeof sync !== 'function') return { dispose: () => undefined };
  let frame = 0;
  viewport._sync = (...place: [ydisp?: number]) => {
    // Lines that scroll say no place. What says one comes once a frame already.
    if (place.length > 0) sync.apply(viewport, place);
    else if (frame === 0) {
      frame = requestAnimationFrame(() => {
        frame = 0;
        sync.call(viewport);
      });
    }
  };
  return {
    dispose: () => {
      cancelAnimationFrame(frame);
    },
  };
}
