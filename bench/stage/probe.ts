/** When a key was pressed and when what it echoed had been painted, milliseconds of the page's own clock. */
export interface Echo {
  pressedAt: number;
  paintedAt: number;
}

export interface PageTimes {
  /** Between one frame of the page and the next. */
  frames: readonly number[];
  /** Tasks of 50 ms and more. */
  tasks: readonly number[];
}

/** What a page is watched with. The same for our page and for the baseline's, and no part of either. */
export interface Probe {
  /** Forgets what was seen until now. */
  reset(): void;
  times(): PageTimes;
  /** Begins to take down the keys that are pressed, and when each one's character stands in this terminal. */
  watchKeys(label: string): void;
  echoes(): readonly Echo[];
  /** Begins to count the frames in which this terminal's rows were drawn anew. */
  watchPaints(label: string): void;
  paints(): number;
  /** Resolves when the text stands in this terminal and is painted: milliseconds since 1970. */
  painted(label: string, text: string): Promise<number>;
  /** From the next event of this kind until the text is painted in this terminal, which may not be there yet: ms. */
  shown(from: 'pointerup' | 'keydown', label: string, text: string): Promise<number>;
  /** When Control was last pressed with another key: milliseconds since 1970. */
  controlPressedAt(): number;
  text(label: string): string;
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/**
 * Runs in the page before anything else in it. It sees what a person sees: the rows of the DOM renderer, and frames.
 * `label` is what a screen reader calls the terminal.
 */
export function installProbe(): void {
  let frames: number[] = [];
  let tasks: number[] = [];
  let lastFrame = 0;
  let typed: { pressedAt: number }[] = [];
  let echoes: Echo[] = [];
  let paints = 0;
  let controlAt = 0;
  let stopKeys = (): void => undefined;

  const root = (label: string): Element => {
    const textarea = document.querySelector(`textarea[aria-label^="${label}"]`);
    const element = textarea?.closest('.xterm');
    if (!element) throw new Error(`there is no terminal “${label}”`);
    return element;
  };
  const rows = (label: string): Element => {
    const element = root(label).querySelector('.xterm-rows');
    if (!element) throw new Error(`“${label}” has no rows: it is not drawn by the DOM renderer`);
    return element;
  };
  const text = (element: Element): string =>
    Array.from(element.children, (row) => (row.textContent ?? '').replaceAll('\u00a0', ' ').trimEnd()).join('\n');
  const characters = (element: Element): number => (element.textContent ?? '').replaceAll(/\s/g, '').length;
  /** After the frame that is being made: its style, layout and paint are done then. */
  const afterFrame = (action: () => void): void => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', action, { once: true });
    port1.start();
    port2.postMessage(null);
  };
  const onRows = (element: Element, listener: () => void): MutationObserver => {
    const observer = new MutationObserver(listener);
    observer.observe(element, { childList: true, characterData: true, subtree: true });
    return observer;
  };

  const countFrame = (now: number): void => {
    if (lastFrame > 0) frames.push(now - lastFrame);
    lastFrame = now;
    requestAnimationFrame(countFrame);
  };
  requestAnimationFrame(countFrame);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) tasks.push(entry.duration);
  }).observe({ entryTypes: ['longtask'] });
  addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey && event.key !== 'Control') controlAt = performance.timeOrigin + event.timeStamp;
      if (event.key.length === 1 && !event.ctrlKey) typed.push({ pressedAt: event.timeStamp });
    },
    true,
  );

  window.probe = {
    reset: () => {
      frames = [];
      tasks = [];
      lastFrame = 0;
    },
    times: () => ({ frames, tasks }),
    watchKeys: (label) => {
      stopKeys();
      const element = rows(label);
      const before = characters(element);
      typed = [];
      echoes = [];
      const observer = onRows(element, () => {
        const shown = Math.min(typed.length, characters(element) - before);
        const fresh = typed.slice(echoes.length, shown);
        if (fresh.length === 0) return;
        const taken = fresh.map(({ pressedAt }): Echo => ({ pressedAt, paintedAt: Infinity }));
        echoes.push(...taken);
        afterFrame(() => {
          for (const echo of taken) echo.paintedAt = performance.now();
        });
      });
      stopKeys = () => {
        observer.disconnect();
      };
    },
    echoes: () => echoes.filter(({ paintedAt }) => paintedAt !== Infinity),
    watchPaints: (label) => {
      paints = 0;
      let counted = false;
      onRows(rows(label), () => {
        if (counted) return;
        counted = true;
        paints++;
        afterFrame(() => {
          counted = false;
        });
      });
    },
    paints: () => paints,
    painted: (label, wanted) =>
      new Promise((resolve) => {
        const element = rows(label);
        const look = (): void => {
          if (!(element.textContent ?? '').includes(wanted)) return;
          observer.disconnect();
          afterFrame(() => {
            resolve(performance.timeOrigin + performance.now());
          });
        };
        const observer = onRows(element, look);
        look();
      }),
    shown: (from, label, wanted) =>
      new Promise((resolve) => {
        let wantedAt: number | null = null;
        // Rows are drawn in callbacks of the frame, some of them after ours: what the frame has made is there behind it.
        const look = (): void => {
          const textarea = document.querySelector(`textarea[aria-label^="${label}"]`);
          const shown = textarea?.closest('.xterm')?.querySelector('.xterm-rows')?.textContent ?? '';
          if (wantedAt !== null && shown.includes(wanted)) resolve(performance.now() - wantedAt);
          else requestAnimationFrame(() => afterFrame(look));
        };
        addEventListener(
          from,
          (event) => {
            wantedAt = event.timeStamp;
          },
          { capture: true, once: true },
        );
        look();
      }),
    controlPressedAt: () => controlAt,
    text: (label) => text(rows(label)),
  };
}
