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
  if (remembered && areas.some((area) => showsTitleBar(remembered, area))) {
    const { x, y, width, height } = remembered;
    return { x, y, width, height };
  }
  const first = areas[0] ?? { x: 0, y: 0, ...usual };
  return { width: Math.min(usual.width, first.width), height: Math.min(usual.height, first.height) };
}

function showsTitleBar(window: Rectangle, area: Rectangle): boolean {
  const shownWidth = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return shownWidth >= 120 && window.y >= area.y && window.y <= area.y + area.height - 40;
}
