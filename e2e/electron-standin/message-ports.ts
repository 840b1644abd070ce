import { EventEmitter } from 'node:events';

import type { MessageEvent } from 'electron';

import { report, screenLink } from './screen.ts';

/** Those whose other end is in a page, by the number that both sides know them by. */
const inPages = new Map<number, StandinPort>();
let last = 0;

/** One end of a channel. Its other end is another one of this process, or one in a page once it was handed there. */
export class StandinPort
  extends EventEmitter
  implements Pick<Electron.MessagePortMain, 'postMessage' | 'start' | 'close'>
{
  /** The other end, while it is in this process. */
  other: StandinPort | null = null;
  /** The number of the page's end, once it is there. */
  pageId: number | null = null;
  #isStarted = false;
  #isClosed = false;
  #queue: unknown[] = [];

  postMessage(message: unknown): void {
    if (this.#isClosed) return;
    if (this.pageId !== null)
      screenLink.portMessage({ id: this.pageId, data: message }).catch(report('a message to a page'));
    else this.other?.arrive(structuredClone(message));
  }

  start(): void {
    this.#isStarted = true;
    const queue = this.#queue;
    this.#queue = [];
    for (const data of queue) this.#tell(data);
  }

  close(): void {
    if (this.#isClosed) return;
    this.end();
    if (this.pageId !== null) screenLink.closePort({ id: this.pageId }).catch(() => undefined);
    else this.other?.end();
  }

  arrive(data: unknown): void {
    if (this.#isClosed) return;
    if (this.#isStarted) this.#tell(data);
    else this.#queue.push(data);
  }

  /** The other end is gone. */
  end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.pageId !== null) inPages.delete(this.pageId);
    this.emit('close');
  }

  /** Hands this end to a page: what its other end says goes there from now on. Returns the page's number for it. */
  handOver(): number {
    const { other } = this;
    if (!other || this.pageId !== null) throw new Error('this port was handed over already');
    other.pageId = ++last;
    other.other = null;
    inPages.set(other.pageId, other);
    return other.pageId;
  }

  #tell(data: unknown): void {
    const event: MessageEvent = { data, ports: [] };
    this.emit('message', event);
  }
}

export class StandinMessageChannel {
  readonly port1 = new StandinPort();
  readonly port2 = new StandinPort();

  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

export const portFromPage = (id: number): StandinPort | undefined => inPages.get(id);
