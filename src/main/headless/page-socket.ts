import type { RawData, WebSocket } from 'ws';

import { parsePageFrame } from '#main/base/page-frame.ts';
import type { Frame, Wire } from '#shared/rpc/wire.ts';

/** The largest frame that a page may send: a spec of 2,000,000 characters with every one of them escaped, and room. */
export const maxFrameBytes = 16 * 1024 * 1024;

/**
 * How much may wait for a page before it counts as dead. Terminals are held back long before, by what their viewers
 * acknowledge; what can pile up is the rest, for a tab that the browser has frozen.
 */
const maxBacklogBytes = 64 * 1024 * 1024;

/** WebSocket close codes, RFC 6455 section 7.4.1. */
export const closeCodes = {
  goingAway: 1001,
  unsupportedData: 1003,
  invalidPayload: 1007,
} as const;

/**
 * A page's socket as a wire that nothing on its other end can break: what is no frame closes it, and a page that does
 * not take what it is sent is dropped, and comes back by itself with fresh state.
 */
export function pageSocketWire(socket: WebSocket, onDrop: (reason: string) => void): Wire {
  return {
    post: (frame) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > maxBacklogBytes) {
        onDrop(`it did not take ${String(socket.bufferedAmount)} bytes`);
        socket.terminate();
        return;
      }
      socket.send(JSON.stringify(frame));
    },
    onFrame: (listener) => {
      socket.on('message', (data, isBinary) => {
        const frame = isBinary ? null : parseFrame(data);
        if (frame) listener(frame);
        else {
          onDrop(isBinary ? 'it sent a binary message' : 'it sent something that is no frame');
          socket.close(isBinary ? closeCodes.unsupportedData : closeCodes.invalidPayload);
        }
      });
    },
    onClose: (listener) => {
      socket.on('close', listener);
    },
  };
}

function parseFrame(data: RawData): Frame | null {
  try {
    const text = Buffer.isBuffer(data) ? data.toString('utf8') : '';
    return parsePageFrame(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Ends a connection whose other side has gone without a word: a laptop's lid, a tunnel. Ends with the socket. */
export function keepAlive(socket: WebSocket, intervalMilliseconds = 20_000): void {
  let missed = 0;
  socket.on('pong', () => {
    missed = 0;
  });
  const timer = setInterval(() => {
    if (missed === 2) socket.terminate();
    else {
      missed++;
      socket.ping();
    }
  }, intervalMilliseconds);
  timer.unref();
  socket.on('close', () => {
    clearInterval(timer);
  });
}
