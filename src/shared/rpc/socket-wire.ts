import type { Frame, Wire } from './wire.ts';

interface SocketLike {
  readonly readyState: number;
  send(text: string): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

/** `WebSocket.OPEN`, which this file cannot name: it stands in a browser and in Node. */
const open = 1;

/** A WebSocket as a wire. The browser's and the `ws` package's both fit, so one adapter serves both ends. */
export const socketWire = (socket: SocketLike): Wire => ({
  post: (frame) => {
    // While it closes nothing goes out any more, and whoever waits for an answer is told when it has closed.
    if (socket.readyState === open) socket.send(JSON.stringify(frame));
  },
  onFrame: (listener) => {
    socket.addEventListener('message', (event) => {
      listener(JSON.parse(String(event.data)) as Frame);
    });
  },
  onClose: (listener) => {
    socket.addEventListener('close', listener);
  },
});
