import { Notification } from 'electron';

import type { Log } from '#main/base/log.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/disposable.ts';

import type { FollowedProject } from './followed-projects.ts';
import type { Windows } from './windows.ts';

export interface NoticesOptions {
  api: Pick<HostApi, 'attention' | 'runs'>;
  project: FollowedProject;
  windows: Pick<Windows, 'showRuns'>;
  platform: NodeJS.Platform;
  log: Log;
}

/**
 * Shows a project's notices by the system, until it is disposed. A press brings the project's window to the front, or opens
 * it, at what the notice is about; where the system has a field for it, a question can be answered in the notice itself.
 */
export function showNotices({ api, project, windows, platform, log }: NoticesOptions): Disposable {
  const hasField = platform === 'darwin' || platform === 'win32';
  // One that nobody holds is collected, and its press goes nowhere.
  const shown = new Set<Notification>();
  return api.attention.onDidNotify({ projectId: project.id, viewer: 'desktop-shell' }, (push) => {
    if (push.kind !== 'notice' || !Notification.isSupported()) return;
    const { title, body, sound, runIds, replyTo } = push.notice;
    const hasReply = hasField && replyTo !== null;
    const notification = new Notification({ title, body, silent: !sound, hasReply, replyPlaceholder: 'Answer' });
    shown.add(notification);
    const goThere = (): void => {
      windows.showRuns(project.path, runIds);
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
      api.runs.send({ id: replyTo, text: reply, mayAnswer: true }).then(
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
