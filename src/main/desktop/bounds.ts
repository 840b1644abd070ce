import type { WindowState } from '#main/services/settings/settings.ts';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

const usual = { width: 1440, height: 900 };

/**
 * Where a window opens: where it was, if enough of its title bar to drag it by is still on a screen; otherwise in the middle, in
 * the usual size or what fits. `areas` are the screens' areas without docks and bars.
 */
export function visibleBounds(
  remembered: WindowState | null,
  areas: readonly Rectangle[],
): { width: number; height: number; x?: number; y?: number } {
  if (remembered && isReachable(remembered, areas)) {
    const { x, y, width, height } = remembered;
    return { x, y, width, height };
  }
  const first = areas[0] ?? { x: 0, y: 0, ...usual };
  const { width, height } = remembered ?? usual;
  return { width: Math.min(width, first.width), height: Math.min(height, first.height) };
}

/** Whether a window can be dragged: enough of its title bar is on one of the screens. */
export const isReachable = (window: Rectangle, areas: readonly Rectangle[]): boolean =>
  areas.some((area) => showsTitleBar(window, area));

/** The same place moved onto the first screen, when the one that it was on is gone. */
export function broughtBack(window: Rectangle, areas: readonly Rectangle[]): Rectangle {
  const area = areas[0];
  if (!area || isReachable(window, areas)) return window;
  const width = Math.min(window.width, area.width);
  const height = Math.min(window.height, area.height);
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  };
}

function showsTitleBar(window: Rectangle, area: Rectangle): boolean {
  const shownWidth = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return shownWidth >= 120 && window.y >= area.y && window.y <= area.y + area.height - 40;
}
