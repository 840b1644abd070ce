import { type BrowserWindow, Notification } from 'electron';

import type { Log } from '#main/base/log.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { ProjectId } from '#shared/ids.ts';

import { bringToFront } from './bring-to-front.ts';

export interface NoticesOptions {
  api: Pick<HostApi, 'attention' | 'runs'>;
  projectId: ProjectId;
  window: BrowserWindow;
  platform: NodeJS.Platform;
  log: Log;
}

/**
 * Shows a project's notices by the system, until it is disposed. A press brings the project's window to the front, and its
 * page to what the notice is about; where the system has a field for it, a question can be answered in the notice itself.
 */
export function showNotices({ api, projectId, window, platform, log }: NoticesOptions): Disposable {
  const hasField = platform === 'darwin' || platform === 'win32';
  // One that nobody holds is collected, and its press goes nowhere.
  const shown = new Set<Notification>();
  return api.attention.onDidNotify({ projectId, viewer: `window-${String(window.id)}` }, (push) => {
    if (push.kind !== 'notice' || !Notification.isSupported()) return;
    const { title, body, sound, runIds, replyTo } = push.notice;
    const hasReply = hasField && replyTo !== null;
    const notification = new Notification({ title, body, silent: !sound, hasReply, replyPlaceholder: 'Answer' });
    shown.add(notification);
    const goThere = (): void => {
      bringToFront(window);
      void api.attention.goTo({ projectId, runIds: [...runIds] });
    };
    notification.on('close', () => {
      shown.delete(notification);
    });
    notification.on('click', () => {
      shown.delete(notification);
      goThere();
    });
    notification.on('reply', (_details, reply) => {
      shown.delete(notification);
      if (replyTo === null || reply.trim() === '') return;
      api.runs.send({ id: replyTo, text: reply }).then(
        (sent) => {
          // The words are not lost on nobody: the person sees at the run that it does not take them.
          if (!sent.ok) goThere();
        },
        (error: unknown) => {
          log.error('an answer in a notice could not be sent', error, { run: replyTo });
          goThere();
        },
      );
    });
    notification.show();
  });
}
