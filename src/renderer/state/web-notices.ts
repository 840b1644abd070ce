import type { Notice } from '#shared/contract/attention.ts';

import { useMirror } from './mirror.ts';

/** Whether the browser lets this page show notices outside of itself. `unsupported`: it has none. */
export type NoticePermission = 'granted' | 'denied' | 'default' | 'unsupported';

export const noticePermission = (): NoticePermission =>
  'Notification' in globalThis ? Notification.permission : 'unsupported';

/** Asks the browser; it shows its own question. Only ever upon a press of the person's. */
export async function askForNotices(): Promise<NoticePermission> {
  if (!('Notification' in globalThis)) return 'unsupported';
  return Notification.requestPermission();
}

/** Whether the shell around the page shows notices itself. */
export const shellShowsNotices = (): boolean => useMirror.getState().info?.kind === 'desktop';

/** Shows a notice by the browser, where it may and nobody else does. Of several tabs one shows it: they share its tag. */
export function showWebNotice(notice: Notice, onPress: () => void): void {
  if (shellShowsNotices() || noticePermission() !== 'granted') return;
  const shown = new Notification(notice.title, { body: notice.body, tag: notice.id, silent: !notice.sound });
  shown.addEventListener('click', () => {
    shown.close();
    focus();
    onPress();
  });
}
