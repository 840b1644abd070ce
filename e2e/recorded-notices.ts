import type { BrowserContext, Page } from '@playwright/test';

import type { Desktop } from './desktop.ts';
import type { ShellOption } from './fixtures.ts';

/** Where a person would see notices: the browser's, or the system's. */
interface NoticePlace extends ShellOption {
  page: Page;
  context: BrowserContext;
  desktop: Desktop;
}

/** Has notices written down instead of shown, and loads the page anew for that. Returns what reads them, a line each. */
export async function recordNotices({
  page,
  context,
  desktop,
  shell,
}: NoticePlace): Promise<() => Promise<readonly string[]>> {
  if (shell === 'desktop') {
    return async () => {
      const { notices } = await desktop.recorded();
      return notices.map(({ title, body, silent }) => inWords(title, body, silent));
    };
  }
  await context.grantPermissions(['notifications', 'clipboard-read', 'clipboard-write']);
  await page.addInitScript(() => {
    const shown: unknown[] = [];
    class Recorded extends EventTarget {
      static readonly permission = 'granted';
      static requestPermission(): Promise<NotificationPermission> {
        return Promise.resolve('granted');
      }
      constructor(title: string, { body = '', silent }: NotificationOptions = {}) {
        super();
        shown.push([title, body, silent]);
      }
    }
    Object.assign(globalThis, { Notification: Recorded, shownNotices: shown });
  });
  await page.reload();
  return async () => {
    const shown = await page.evaluate(
      () => (globalThis as unknown as { shownNotices: readonly [string, string, boolean][] }).shownNotices,
    );
    return shown.map(([title, body, silent]) => inWords(title, body, silent));
  };
}

const inWords = (title: string, body: string, silent: boolean): string =>
  [title, ...body.split('\n'), silent ? 'silent' : 'with sound'].join(' | ');
