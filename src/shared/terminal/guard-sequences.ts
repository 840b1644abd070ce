import type { Disposable } from '#shared/disposable.ts';

type Parameters = readonly (number | number[])[];

/** What of an xterm.js terminal is needed here: the headless one and the one in the page both have it. */
export interface GuardableTerminal {
  readonly rows: number;
  readonly parser: {
    registerCsiHandler(
      id: { prefix?: string; intermediates?: string; final: string },
      callback: (params: (number | number[])[]) => boolean,
    ): Disposable;
  };
}

/** Insert and delete lines, scroll up and down: each step moves a screen of lines, and nothing is left after `rows`. */
const lineSequences = ['L', 'M', 'S', 'T'];
/** Repeat the last character, tab forward and back. */
const stepSequences = ['b', 'I', 'Z'];
const lineLimit = 1000;
const stepLimit = 10_000;

/**
 * Makes a terminal swallow repeat counts that no program means. xterm.js 6.0.0 obeys `CSI 2147483647 b` step by step:
 * 14 bytes of output hang it for minutes and take gigabytes. The limits are far above any screen's size.
 */
export function guardSequences(terminal: GuardableTerminal): Disposable {
  const swallowAbove =
    (limit: () => number) =>
    (params: Parameters): boolean => {
      const [count] = params;
      return typeof count === 'number' && count > limit();
    };
  const guards = [
    ...lineSequences.map((final) =>
      terminal.parser.registerCsiHandler(
        { final },
        swallowAbove(() => Math.max(lineLimit, terminal.rows)),
      ),
    ),
    ...stepSequences.map((final) =>
      terminal.parser.registerCsiHandler(
        { final },
        swallowAbove(() => stepLimit),
      ),
    ),
  ];
  return {
    dispose: () => {
      for (const guard of guards) guard.dispose();
    },
  };
}
