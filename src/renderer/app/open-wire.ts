import { socketWire } from '#shared/rpc/socket-wire.ts';
import type { Wire } from '#shared/rpc/wire.ts';

import { portWire, requestPort } from './port-wire.ts';

/** The host is there and does not know this page: it was started anew, and each start has a key of its own. */
class Refused extends Error {
  constructor() {
    super('the host does not know this page');
    this.name = 'Refused';
  }
}

/**
 * A wire to whichever host served this page: the desktop's port where there is one, else the socket beside the page.
 * Rejects with `Refused` when the host turns this page away, and with another error when there is none.
 */
export async function openWire(): Promise<Wire> {
  if (window.desktop) return portWire(await requestPort(window.desktop));
  const address = new URL(`socket${location.search}`, location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(address);
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.addEventListener('open', () => {
      resolve(true);
    });
    socket.addEventListener('error', () => {
      resolve(false);
    });
  });
  if (isOpen) return socketWire(socket);
  // A socket does not tell a page why it was not opened; an ordinary request does.
  const answer = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' });
  throw answer.status === 403 ? new Refused() : new Error('the host does not answer');
}
