import type { Terminal } from '@xterm/xterm';

import type { Disposable } from '#shared/disposable.ts';

type Cell = [number, number];
type SelectionChanged = (start: Cell | undefined, end: Cell | undefined, columns: boolean) => void;

/** What of xterm.js 6.0.0 is needed here and has no public name. Where it has another one, everything stays as it was. */
interface Internals {
  _core?: { _renderService?: { handleSelectionChanged?: SelectionChanged } };
}

/**
 * With every frame in which lines scroll, xterm tells its renderer of the selection, which draws all rows for it: once more
 * than they are drawn anyway, and also in the middle of a synchronized frame, where half of it is seen then. Where nothing
 * is selected and nothing was, there is nothing to tell. For a terminal that is open.
 */
export function calmSelection(terminal: Terminal): Disposable {
  const service = (terminal as unknown as Internals)._core?._renderService;
  const tell = service?.handleSelectionChanged;
  if (!service || typeof tell !== 'function') return { dispose: () => undefined };
  let wasSelected = terminal.hasSelection();
  service.handleSelectionChanged = (start, end, columns) => {
    const isSelected = start !== undefined && end !== undefined;
    if (!isSelected && !wasSelected) return;
    wasSelected = isSelected;
    tell.call(service, start, end, columns);
  };
  return {
    dispose: () => {
      service.handleSelectionChanged = tell;
    },
  };
}
