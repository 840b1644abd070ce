import { app, BrowserWindow, type WebContents } from 'electron';

import { isOurPage } from './app-scheme.ts';
import type { ExternalLinks } from './external-links.ts';

/** Keeps whatever shows pages, now or later, to pages of ours: nothing else is gone to, embedded, or opened in a window. */
export function guardContents(links: ExternalLinks): void {
  app.on('web-contents-created', (_event, contents) => {
    guard(contents, links);
  });
}

function guard(contents: WebContents, links: ExternalLinks): void {
  const stay = (event: { preventDefault(): void; url: string }): void => {
    if (!isOurPage(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    const window = BrowserWindow.fromWebContents(contents);
    if (window) links.open(url, window);
    return { action: 'deny' };
  });
}
