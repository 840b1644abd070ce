/** What travels on a wire. `id` belongs to the side that opens: a call's reply or fault, and a feed's pushes, carry it. */
export type Frame =
  | { t: 'call'; id: number; path: string; input: unknown }
  | { t: 'reply'; id: number; result: unknown }
  | { t: 'fault'; id: number; message: string }
  | { t: 'open'; id: number; path: string; key: unknown }
  | { t: 'push'; id: number; payload: unknown }
  | { t: 'shut'; id: number };

/** All that a transport has to be: a MessagePort, a WebSocket, a Unix socket, or memory. */
export interface Wire {
  post(frame: Frame): void;
  onFrame(listener: (frame: Frame) => void): void;
  onClose(listener: () => void): void;
}
