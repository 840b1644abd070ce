import type { Frame, Wire } from '#shared/rpc/wire.ts';

/** What the preload of the desktop host exposes, and nothing more. */
interface DesktopBridge {
  connect(): void;
  /** Where a dropped file or folder is; empty when it is nowhere on disk. */
  pathOf(file: File): string;
}

declare global {
  interface Window {
    desktop?: DesktopBridge;
  }
}

/** A DOM MessagePort as a wire. */
export const portWire = (port: MessagePort): Wire => ({
  post: (frame) => {
    port.postMessage(frame);
  },
  onFrame: (listener) => {
    port.addEventListener('message', (event) => {
      listener(event.data as Frame);
    });
    port.start();
  },
  onClose: (listener) => {
    // Electron tells a page when the other end is gone; browsers do not, and so lib.dom has no such event.
    port.addEventListener('close' as 'message', () => {
      listener();
    });
  },
});

/** Asks the desktop host for a port of this window's own. Rejects when none comes within `patience` milliseconds. */
export function requestPort(desktop: DesktopBridge, patience = 5000): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      removeEventListener('message', take);
    };
    const take = (event: MessageEvent): void => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== 'host:port' || !port) return;
      stop();
      resolve(port);
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error('the host handed over no port'));
    }, patience);
    addEventListener('message', take);
    desktop.connect();
  });
}
