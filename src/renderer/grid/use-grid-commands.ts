import { useEffect, type RefObject } from 'react';

import { registerCommands, type Command } from '#renderer/state/commands.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import type { RunId } from '#shared/ids.ts';

import { gridKeys, keyOfPane, numberedPanes } from './grid-keys.ts';
import { neighbour, type Direction, type Rect } from './pane-layout.ts';
import { changePaneState, readPaneState } from './pane-state.ts';
import { swapPanes } from './swap-panes.ts';

/** The panes in reading order, where they stand now. */
export type PanePlaces = RefObject<readonly Rect[]>;

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

function makeCommands(places: PanePlaces): readonly Command[] {
  const ofFocused = (change: (id: RunId) => void) => (): void => {
    const id = focused();
    if (id !== null) change(id);
  };
  const directions: readonly [Direction, string, string][] = [
    ['left', gridKeys.left, gridKeys.moveLeft],
    ['right', gridKeys.right, gridKeys.moveRight],
    ['up', gridKeys.up, gridKeys.moveUp],
    ['down', gridKeys.down, gridKeys.moveDown],
  ];
  const group = 'Terminals';
  return [
    {
      id: 'grid.maximise',
      title: 'Maximise the terminal, or back to the grid',
      group,
      keys: [gridKeys.maximise],
      inTerminal: true,
      keywords: ['zoom', 'full screen', 'restore'],
      when: () => focused() !== null,
      run: ofFocused((id) => {
        useView.getState().toggleMaximised(id);
      }),
    },
    {
      id: 'grid.find',
      title: 'Find in the terminal',
      group,
      keys: [gridKeys.find],
      inTerminal: true,
      keywords: ['search'],
      when: hasTerminal,
      run: ofFocused((id) => {
        changePaneState(id, { isFinding: true });
      }),
    },
    {
      id: 'grid.compose',
      title: 'Write a message to the agent',
      group,
      keys: [gridKeys.compose],
      inTerminal: true,
      keywords: ['send', 'prompt', 'answer'],
      when: hasTerminal,
      run: ofFocused((id) => {
        changePaneState(id, { isComposing: !readPaneState(id).isComposing });
      }),
    },
    {
      id: 'grid.next',
      title: 'Next terminal',
      group,
      keys: [gridKeys.next],
      inTerminal: true,
      when: hasPanes,
      run: () => {
        step(1);
      },
    },
    {
      id: 'grid.previous',
      title: 'Previous terminal',
      group,
      keys: [gridKeys.previous],
      inTerminal: true,
      when: hasPanes,
      run: () => {
        step(-1);
      },
    },
    ...directions.flatMap(([direction, focusKeys, moveKeys]): Command[] => [
      {
        id: `grid.focus-${direction}`,
        title: `Terminal ${where[direction]}`,
        group,
        keys: [focusKeys],
        inTerminal: true,
        when: isOneOfMany,
        run: () => {
          focusTowards(direction, places.current);
        },
      },
      {
        id: `grid.move-${direction}`,
        title: `Move the terminal ${direction}`,
        group,
        keys: [moveKeys],
        inTerminal: true,
        when: isOneOfMany,
        run: ofFocused((id) => {
          movePaneTowards(id, direction, places.current);
        }),
      },
    ]),
    ...Array.from({ length: numberedPanes }, (_, index): Command => {
      const keys = keyOfPane(index);
      return {
        id: `grid.focus-${String(index + 1)}`,
        title: `Terminal ${String(index + 1)}`,
        group,
        ...(keys ? { keys: [keys] } : {}),
        inTerminal: true,
        inPalette: false,
        when: () => index < useView.getState().grid.runIds.length,
        run: () => {
          const id = useView.getState().grid.runIds[index];
          if (id !== undefined) goTo(id);
        },
      };
    }),
    {
      id: 'grid.actions',
      title: 'Go to the terminal’s buttons',
      group,
      keywords: ['leave', 'header', 'toolbar'],
      when: () => focused() !== null,
      run: ofFocused((id) => {
        document
          .querySelector<HTMLElement>(`[data-run="${CSS.escape(id)}"] [role="toolbar"] button:last-of-type`)
          ?.focus();
      }),
    },
    {
      id: 'grid.hide',
      title: 'Take the terminal out of the grid',
      group,
      keywords: ['close', 'hide'],
      when: () => focused() !== null,
      run: ofFocused((id) => {
        useView.getState().closeTerminal(id);
      }),
    },
  ];
}

const where: Readonly<Record<Direction, string>> = {
  left: 'on the left',
  right: 'on the right',
  up: 'above',
  down: 'below',
};

/** The grid's commands, as long as the grid is on screen. */
export function useGridCommands(places: PanePlaces): void {
  useEffect(() => {
    const commands = registerCommands(makeCommands(places));
    return () => {
      commands.dispose();
    };
  }, [places]);
}
