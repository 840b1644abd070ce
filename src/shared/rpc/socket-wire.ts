import type { Frame, Wire } from './wire.ts';

interface SocketLike {
  send(text: string): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

/** A WebSocket as a wire. The browser's and the `ws` package's both fit, so one adapter serves both ends. */
export const socketWire = (socket: SocketLike): Wire => ({
  post: (frame) => {
    socket.send(JSON.stringify(frame));
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
