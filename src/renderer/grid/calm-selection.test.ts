import type { Terminal } from '@xterm/xterm';
import { describe, expect, it } from 'vitest';

import { calmSelection } from './calm-selection.ts';

type Cell = [number, number];

/** The part of a terminal that is reached into. */
function stage(isSelected = false) {
  const told: unknown[] = [];
  const service = {
    handleSelectionChanged: (start?: Cell, end?: Cell, _columns?: boolean) => {
      told.push([start, end]);
    },
  };
  const terminal = { hasSelection: () => isSelected, _core: { _renderService: service } } as unknown as Terminal;
  return { told, service, terminal };
}

describe('calmSelection', () => {
  it('does not have rows drawn for a selection that there is not', () => {
    const { told, service, terminal } = stage();
    calmSelection(terminal);
    for (let frame = 0; frame < 5; frame++) service.handleSelectionChanged(undefined, undefined, false);
    expect(told).toEqual([]);
  });

  it('tells of every change of one that there is, and once that it is gone', () => {
    const { told, service, terminal } = stage();
    calmSelection(terminal);
    service.handleSelectionChanged([0, 1], [5, 1], false);
    service.handleSelectionChanged([0, 0], [5, 0], false);
    service.handleSelectionChanged(undefined, undefined, false);
    service.handleSelectionChanged(undefined, undefined, false);
    expect(told).toEqual([
      [
        [0, 1],
        [5, 1],
      ],
      [
        [0, 0],
        [5, 0],
      ],
      [undefined, undefined],
    ]);
  });

  it('knows of what was selected before', () => {
    const { told, service, terminal } = stage(true);
    calmSelection(terminal);
    service.handleSelectionChanged(undefined, undefined, false);
    expect(told).toHaveLength(1);
  });

  it('leaves everything as it was afterwards, and a terminal alone that has other names', () => {
    const { told, service, terminal } = stage();
    calmSelection(terminal).dispose();
    service.handleSelectionChanged(undefined, undefined, false);
    expect(told).toHaveLength(1);
    expect(() => {
      calmSelection({ hasSelection: () => false } as unknown as Terminal).dispose();
    }).not.toThrow();
  });
});
