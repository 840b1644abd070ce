import { ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';

import { parsePageFrame } from '#main/base/page-frame.ts';
import type { Wire } from '#shared/rpc/wire.ts';

import { isOurPage } from './app-scheme.ts';

const mainPortWire = (port: MessagePortMain): Wire => ({
  post: (frame) => {
    port.postMessage(frame);
  },
  onFrame: (listener) => {
    port.on('message', ({ data }) => {
      const frame = parsePageFrame(data);
      if (frame) listener(frame);
      else port.close(); // no page of ours sends that
    });
    port.start();
  },
  onClose: (listener) => {
    port.on('close', listener);
  },
});

/** Whether who asks for a port gets one: only the top frame, on a page of ours. A frame that has gone already is null. */
export const mayConnect = (frame: { url: string; parent: unknown } | null): boolean =>
  frame !== null && frame.parent === null && isOurPage(frame.url);

/**
 * Gives each window that asks a port of its own. A reload asks again and gets a fresh one; the old one closes with its
 * page. `accept` returns false for a page that is in none of our windows.
 */
export function acceptWindows(accept: (window: WebContents, wire: Wire) => boolean): void {
  ipcMain.on('host:connect', ({ sender, senderFrame }) => {
    if (!mayConnect(senderFrame)) return;
    const { port1, port2 } = new MessageChannelMain();
    if (accept(sender, mainPortWire(port1))) sender.postMessage('host:port', null, [port2]);
    else port1.close();
  });
}
