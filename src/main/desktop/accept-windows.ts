import { ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';

import { parsePageFrame } from '#main/base/page-frame.ts';
import type { Wire } from '#shared/rpc/wire.ts';

import { mayConnect } from './may-connect.ts';

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
 * page. `accept` returns false for a page that is in none of our windows.
 */
export function acceptWindows(accept: (window: WebContents, wire: Wire) => boolean): void {
  ipcMain.on('host:connect', ({ sender, senderFrame }) => {
    if (senderFrame === null || !mayConnect(senderFrame)) return;
    const { port1, port2 } = new MessageChannelMain();
    // To the very frame that was looked at: what the window shows by then may be another page.
    if (accept(sender, mainPortWire(port1))) senderFrame.postMessage('host:port', null, [port2]);
    else port1.close();
  });
}
