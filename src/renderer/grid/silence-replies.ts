import type { Disposable } from '#shared/disposable.ts';

type Params = (number | number[])[];
interface SequenceId {
  prefix?: string;
  intermediates?: string;
  final: string;
}

/** The part of an xterm that is needed here, so that the headless one fits too. */
export interface AnsweringTerminal {
  parser: {
    registerCsiHandler(id: SequenceId, handler: (params: Params) => boolean): Disposable;
    registerDcsHandler(id: SequenceId, handler: (data: string, params: Params) => boolean): Disposable;
    registerOscHandler(id: number, handler: (data: string) => boolean): Disposable;
  };
}

/** What a program can ask a terminal with a CSI: device attributes, status and cursor, modes, window size. */
const csiQueries: readonly SequenceId[] = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { prefix: '>', final: 'q' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { final: 't' },
  { prefix: '?', final: 'u' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
];

/** OSC numbers that ask for a colour when their value is `?`: palette, foreground, background, cursor. */
const colourQueries = [4, 10, 11, 12] as const;

const focusReporting = 1004;

export interface ReplySilencer extends Disposable {
  /** Whether what the terminal emits at this moment answers the output it is parsing, and is not the person's input. */
  isAnswering(): boolean;
}

/**
 * Tells a viewer's own answers apart from what the person types. The host's headless screen answers the program; an
 * answer from every viewer as well would reach the program as typed text, and each time a snapshot is parsed again.
 *
 * xterm emits an answer synchronously while it parses the query, and the person's input only from DOM events and timers,
 * which cannot run in between. So a query marks the rest of its own task as answering. The queries themselves are left
 * to xterm: their other effects (a colour set in the same OSC, focus reporting switched on) stay.
 */
export function silenceReplies(terminal: AnsweringTerminal): ReplySilencer {
  let answering = false;
  const markAnswering = (): false => {
    if (!answering) {
      answering = true;
      queueMicrotask(() => {
        answering = false;
      });
    }
    return false;
  };

  const { parser } = terminal;
  const handlers = [
    ...csiQueries.map((id) => parser.registerCsiHandler(id, markAnswering)),
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, markAnswering),
    parser.registerDcsHandler({ intermediates: '+', final: 'q' }, markAnswering),
    ...colourQueries.map((id) =>
      parser.registerOscHandler(id, (data) => (data.includes('?') ? markAnswering() : false)),
    ),
    // Switching focus reports on makes xterm send one at once.
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) =>
      params.includes(focusReporting) ? markAnswering() : false,
    ),
  ];
  return {
    isAnswering: () => answering,
    dispose: () => {
      for (const handler of handlers) handler.dispose();
    },
  };
}
