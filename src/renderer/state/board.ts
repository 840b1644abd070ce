import { deriveBoard, type BoardGroups } from '#shared/board/derive-board.ts';

import { useMirror, type Mirror } from './mirror.ts';

let last: { runs: Mirror['runs']; specs: Mirror['specs']; groups: BoardGroups } | null = null;

/** The board of what the mirror holds: the same object until runs or specs change, so that it can be selected. */
function boardOf({ runs, specs }: Pick<Mirror, 'runs' | 'specs'>): BoardGroups {
  if (last?.runs !== runs || last.specs !== specs) {
    last = { runs, specs, groups: deriveBoard(runs?.values() ?? [], specs) };
  }
  return last.groups;
}

export const useBoard = (): BoardGroups => useMirror(boardOf);
export const currentBoard = (): BoardGroups => boardOf(useMirror.getState());
