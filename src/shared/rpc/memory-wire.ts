import type { Frame, Wire } from './wire.ts';

/** Two ends of one wire in memory, for tests. Frames arrive a microtask later and as JSON, as on a real transport. */
export function memoryWires(): { host: Wire; client: Wire; close(): void } {
  const listeners: Record<'host' | 'client', ((frame: Frame) => void)[]> = { host: [], client: [] };
  const closers: (() => void)[] = [];
  const end = (mine: 'host' | 'client', other: 'host' | 'client'): Wire => ({
    post: (frame) => {
      const text = JSON.stringify(frame);
      void Promise.resolve().then(() => {
        for (const listener of listeners[other]) listener(JSON.parse(text) as Frame);
      });
    },
    onFrame: (listener) => {
      listeners[mine].push(listener);
    },
    onClose: (listener) => {
      closers.push(listener);
    },
  });
  return {
    host: end('host', 'client'),
    client: end('client', 'host'),
    close: () => {
      for (const closer of closers) closer();
    },
  };
}
