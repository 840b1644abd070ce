import type { Disposable } from '#shared/disposable.ts';

import { guardLinks } from './guard-links.ts';

type Parameters = readonly (number | number[])[];
interface SequenceId {
  prefix?: string;
  intermediates?: string;
  final: string;
}

/** What of an xterm.js terminal is needed here: the headless one and the one in the page both have it. */
export interface GuardableTerminal {
  readonly rows: number;
  readonly parser: {
    registerCsiHandler(id: SequenceId, callback: (params: (number | number[])[]) => boolean): Disposable;
    registerEscHandler(id: SequenceId, callback: () => boolean): Disposable;
    registerOscHandler(id: number, callback: (data: string) => boolean): Disposable;
  };
}

/** Insert and delete lines, scroll up and down, by the names that xterm.js 6.0.0 gives to what does them. */
const lineSequences = { L: 'insertLines', M: 'deleteLines', S: 'scrollUp', T: 'scrollDown' } as const;
/** Repeat the last character, tab forward and back. */
const stepSequences = ['b', 'I', 'Z'];
const stepLimit = 10_000;

/** The private part that is called with fewer lines than were asked for. Where it is missing, such a request does nothing. */
interface LineCore {
  _inputHandler?: Partial<
    Record<
      (typeof lineSequences)[keyof typeof lineSequences],
      (params: { params: number[]; length: number }) => boolean
    >
  >;
}

/**
 * Makes a terminal safe against sequences that cost far more than they are long. xterm.js 6.0.0 obeys `CSI 2147483647 b`
 * step by step: 14 bytes of output hang it for minutes and take gigabytes. Counts of lines end at the height of the
 * screen, behind which nothing changes any more; other counts far above any screen are swallowed; links are kept to a
 * number that costs little.
 */
export function guardSequences(terminal: GuardableTerminal): Disposable {
  const { parser } = terminal;
  const guards = [
    ...Object.entries(lineSequences).map(([final, name]) =>
      parser.registerCsiHandler({ final }, (params: Parameters) => {
        const [count] = params;
        if (typeof count !== 'number' || count <= terminal.rows) return false;
        (terminal as { _core?: LineCore })._core?._inputHandler?.[name]?.({ params: [terminal.rows], length: 1 });
        return true;
      }),
    ),
    ...stepSequences.map((final) =>
      parser.registerCsiHandler({ final }, (params: Parameters) => {
        const [count] = params;
        return typeof count === 'number' && count > stepLimit;
      }),
    ),
    guardLinks(terminal),
  ];
  return {
    dispose: () => {
      for (const guard of guards) guard.dispose();
    },
  };
}
