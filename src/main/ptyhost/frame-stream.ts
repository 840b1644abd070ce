import type { Socket } from 'node:net';

import type { Frame, Wire } from '#shared/rpc/wire.ts';

/** Every message is its length in bytes, 4 of them, the highest first, and then that much JSON in UTF-8. */
const headerBytes = 4;

/** What a client may send at once: a million typed characters, each escaped. A start with a long environment fits too. */
export const mostClientBytes = 8_000_000;
/** What the host may send at once: the longest snapshot, escaped. */
export const mostHostBytes = 64_000_000;
/** Before it has shown its secret, a stranger may not make us hold more than this. */
export const mostHelloBytes = 4096;

/** A peer that reads nothing while so much waits for it is cut off. It can connect again and ask for the present state. */
const mostUnreadBytes = 96_000_000;

/** Messages over a socket. What is malformed or too long ends the connection, and nothing else. */
export class FrameStream {
  readonly #socket: Socket;
  #limit: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #wantedBytes = headerBytes;
  #readsBody = false;
  #listener: ((message: unknown) => void) | null = null;
  readonly #closeListeners: (() => void)[] = [];
  #isClosed = false;

  constructor(socket: Socket, limit: number) {
    this.#socket = socket;
    this.#limit = limit;
    socket.on('data', (chunk) => {
      this.#receive(chunk);
    });
    // The close that follows tells what matters.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isClosed = true;
      for (const listener of this.#closeListeners) listener();
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** From now on messages may be so long. */
  allow(bytes: number): void {
    this.#limit = bytes;
  }

  /** Who gets the messages from now on. */
  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  onClose(listener: () => void): void {
    if (this.#isClosed) listener();
    else this.#closeListeners.push(listener);
  }

  send(message: unknown): void {
    if (this.#isClosed || this.#socket.destroyed) return;
    const body = Buffer.from(JSON.stringify(message));
    const header = Buffer.alloc(headerBytes);
    header.writeUInt32BE(body.length);
    this.#socket.cork();
    this.#socket.write(header);
    this.#socket.write(body);
    this.#socket.uncork();
    if (this.#socket.writableLength > mostUnreadBytes) this.#socket.destroy();
  }

  /** Sends what was said, then closes. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    while (this.#heldBytes >= this.#wantedBytes && !this.#socket.destroyed) {
      const bytes = this.#take(this.#wantedBytes);
      if (this.#readsBody) {
        this.#wantedBytes = headerBytes;
        this.#readsBody = false;
        this.#deliver(bytes);
      } else {
        const length = bytes.readUInt32BE();
        if (length === 0 || length > this.#limit) {
          this.#socket.destroy();
          return;
        }
        this.#wantedBytes = length;
        this.#readsBody = true;
      }
    }
  }

  #take(length: number): Buffer {
    const [first] = this.#held;
    const all = this.#held.length === 1 && first ? first : Buffer.concat(this.#held, this.#heldBytes);
    this.#heldBytes -= length;
    this.#held = this.#heldBytes === 0 ? [] : [all.subarray(length)];
    return all.subarray(0, length);
  }

  #deliver(body: Buffer): void {
    let message: unknown;
    try {
      message = JSON.parse(body.toString('utf8'));
    } catch {
      this.#socket.destroy();
      return;
    }
    this.#listener?.(message);
  }
}

/** The stream as a wire of the RPC core. A message that is no frame ends the connection. */
export function frameWire(stream: FrameStream): Wire {
  return {
    post: (frame) => {
      stream.send(frame);
    },
    onFrame: (listener) => {
      stream.onMessage((message) => {
        if (isFrame(message)) listener(message);
        else stream.destroy();
      });
    },
    onClose: (listener) => {
      stream.onClose(listener);
    },
  };
}

function isFrame(message: unknown): message is Frame {
  if (typeof message !== 'object' || message === null) return false;
  const { t, id, path } = message as { t?: unknown; id?: unknown; path?: unknown };
  if (!Number.isSafeInteger(id)) return false;
  switch (t) {
    case 'call':
    case 'open':
      return typeof path === 'string';
    case 'reply':
    case 'fault':
    case 'push':
    case 'shut':
      return true;
    default:
      return false;
  }
}
