import { type BrowserWindow, Notification } from 'electron';

import type { HostApi } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { ProjectId } from '#shared/ids.ts';

/**
 * Shows a project's notices by the system, until it is disposed. A press brings the project's window to the front, and its
 * page to what the notice is about.
 */
export function showNotices(api: Pick<HostApi, 'attention'>, projectId: ProjectId, window: BrowserWindow): Disposable {
  // One that nobody holds is collected, and its press goes nowhere.
  const shown = new Set<Notification>();
  return api.attention.onDidNotify({ projectId, viewer: `window-${String(window.id)}` }, (push) => {
    if (push.kind !== 'notice' || !Notification.isSupported()) return;
    const { title, body, sound, runIds } = push.notice;
    const notification = new Notification({ title, body, silent: !sound });
    shown.add(notification);
    notification.on('close', () => {
      shown.delete(notification);
    });
    notification.on('click', () => {
      shown.delete(notification);
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.focus();
      void api.attention.goTo({ projectId, runIds: [...runIds] });
    });
    notification.show();
  });
}
