import type { BrowserWindow } from 'electron';

/** Shows a window that may be hidden, minimised, or gone. */
export function bringToFront(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  if (!window.isVisible()) window.show();
  window.focus();
}
