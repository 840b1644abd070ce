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

/**
 * Gives each window that asks a port of its own. A reload asks again and gets a fresh one; the old one closes with its
 * page. Only the top frame of one of our windows, on one of our pages, gets any.
 */
export function acceptWindows(accept: (window: WebContents, wire: Wire) => void): void {
  ipcMain.on('host:connect', ({ sender, senderFrame }) => {
    if (!senderFrame || senderFrame.parent !== null || !isOurPage(senderFrame.url)) return;
    const { port1, port2 } = new MessageChannelMain();
    accept(sender, mainPortWire(port1));
    sender.postMessage('host:port', null, [port2]);
  });
}
