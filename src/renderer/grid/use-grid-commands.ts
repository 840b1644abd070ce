import { useEffect, type RefObject } from 'react';

import { registerCommands, type CommandAct } from '#renderer/state/commands.ts';
import { keyPass } from '#renderer/state/key-pass.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import type { RunId } from '#shared/ids.ts';

import { neighbour, type Direction, type Rect } from './pane-layout.ts';
import { changePaneState, readPaneState } from './pane-state.ts';
import { swapPanes } from './swap-panes.ts';
import { terminalSessions } from './terminal-sessions.ts';

/** The panes in reading order, where they stand now. */
export type PanePlaces = RefObject<readonly Rect[]>;

/** Gives the keyboard to the terminal of a pane: from the palette it would otherwise be nobody's. */
function focusTerminalOf(id: RunId): void {
  const terminalId = useMirror.getState().runs?.get(id)?.terminalId ?? null;
  terminalSessions.find(terminalId)?.focus();
}

/** Puts a pane in the place of the one beside it, and that one in its place. */
export function movePaneTowards(id: RunId, direction: Direction, places: readonly Rect[]): void {
  const { grid, arrangePanes } = useView.getState();
  const from = grid.runIds.indexOf(id);
  const to = neighbour(places, from, direction);
  const other = to === null ? undefined : grid.runIds[to];
  if (other !== undefined) arrangePanes(swapPanes(grid.runIds, id, other));
}

function focusTowards(direction: Direction, places: readonly Rect[]): void {
  const { grid, focusTerminal } = useView.getState();
  const from = grid.focused === null ? -1 : grid.runIds.indexOf(grid.focused);
  const to = neighbour(places, from, direction);
  const other = to === null ? undefined : grid.runIds[to];
  if (other !== undefined) focusTerminal(other);
}

/** Focuses a pane. While one is maximised, it is this one from now on. */
function goTo(id: RunId): void {
  const { grid, focusTerminal, openTerminal } = useView.getState();
  if (grid.maximised !== null && grid.maximised !== id) openTerminal(id);
  else focusTerminal(id);
}

function step(by: 1 | -1): void {
  const { grid } = useView.getState();
  const count = grid.runIds.length;
  const from = grid.focused === null ? -1 : grid.runIds.indexOf(grid.focused);
  const next = grid.runIds[(Math.max(0, from) + (from < 0 ? 0 : by) + count) % count];
  if (next !== undefined) goTo(next);
}

const focused = (): RunId | null => useView.getState().grid.focused;
const hasPanes = (): boolean => useView.getState().grid.runIds.length > 0;
const isOneOfMany = (): boolean => {
  const { grid } = useView.getState();
  return grid.runIds.length > 1 && grid.focused !== null && grid.maximised === null;
};
const hasTerminal = (): boolean => {
  const id = focused();
  const run = id === null ? undefined : useMirror.getState().runs?.get(id);
  return run !== undefined && run.terminalId !== null;
};

function makeCommands(places: PanePlaces): readonly CommandAct[] {
  const ofFocused = (change: (id: RunId) => void) => (): void => {
    const id = focused();
    if (id !== null) change(id);
  };
  return [
    {
      id: 'grid.maximise',
      when: () => focused() !== null,
      run: ofFocused((id) => {
        useView.getState().toggleMaximised(id);
      }),
    },
    {
      id: 'grid.find',
      when: hasTerminal,
      run: ofFocused((id) => {
        changePaneState(id, { isFinding: true });
      }),
    },
    {
      id: 'grid.compose',
      when: hasTerminal,
      run: ofFocused((id) => {
        changePaneState(id, { isComposing: !readPaneState(id).isComposing });
      }),
    },
    {
      id: 'grid.pass-key',
      when: hasTerminal,
      run: ofFocused((id) => {
        focusTerminalOf(id);
        keyPass.arm();
      }),
    },
    {
      id: 'grid.lock-keys',
      when: hasTerminal,
      run: ofFocused((id) => {
        changePaneState(id, { isLocked: !readPaneState(id).isLocked });
        focusTerminalOf(id);
      }),
    },
    {
      id: 'grid.next',
      when: hasPanes,
      run: () => {
        step(1);
      },
    },
    {
      id: 'grid.previous',
      when: hasPanes,
      run: () => {
        step(-1);
      },
    },
    ...(['left', 'right', 'up', 'down'] as const).flatMap((direction): CommandAct[] => [
      {
        id: `grid.focus-${direction}`,
        when: isOneOfMany,
        run: () => {
          focusTowards(direction, places.current);
        },
      },
      {
        id: `grid.move-${direction}`,
        when: isOneOfMany,
        run: ofFocused((id) => {
          movePaneTowards(id, direction, places.current);
        }),
      },
    ]),
    {
      id: 'grid.actions',
      when: () => focused() !== null,
      run: ofFocused((id) => {
        document
          .querySelector<HTMLElement>(`[data-run="${CSS.escape(id)}"] [role="toolbar"] button:last-of-type`)
          ?.focus();
      }),
    },
    {
      id: 'grid.hide',
      when: () => focused() !== null,
      run: ofFocused((id) => {
        useView.getState().closeTerminal(id);
      }),
    },
  ];
}

/** The grid's commands, as long as the grid is on screen. */
export function useGridCommands(places: PanePlaces): void {
  useEffect(() => {
    const commands = registerCommands(makeCommands(places));
    return () => {
      commands.dispose();
    };
  }, [places]);
}
