import type { Api, Contract } from '#shared/contract/define.ts';

import type { Wire } from './wire.ts';

/** The wire went away while something was under way. What became of it is not known. */
export class Disconnected extends Error {
  constructor() {
    super('the host is gone');
    this.name = 'Disconnected';
  }
}

/**
 * The client's side of a contract: an object of the shape that the host implements. A call rejects only for a bug or a
 * lost wire; what can be expected to fail comes back as a Result. A feed that the host refuses reports to `onFault`.
 */
export function connect<C extends Contract>(
  contract: C,
  wire: Wire,
  onFault: (path: string, message: string) => void,
): Api<C> {
  let nextId = 1;
  let closed = false;
  const calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const feeds = new Map<number, { path: string; listener(payload: unknown): void }>();

  wire.onFrame((frame) => {
    switch (frame.t) {
      case 'reply':
        calls.get(frame.id)?.resolve(frame.result);
        calls.delete(frame.id);
        break;
      case 'fault': {
        const feed = feeds.get(frame.id);
        if (feed) {
          feeds.delete(frame.id);
          onFault(feed.path, frame.message);
        }
        calls.get(frame.id)?.reject(new Error(frame.message));
        calls.delete(frame.id);
        break;
      }
      case 'push':
        feeds.get(frame.id)?.listener(frame.payload);
        break;
      case 'call':
      case 'open':
      case 'shut':
        break; // a client serves nothing
    }
  });
  wire.onClose(() => {
    closed = true;
    for (const call of calls.values()) call.reject(new Disconnected());
    calls.clear();
    feeds.clear();
  });

  const makeCall =
    (path: string) =>
    (input: unknown): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(new Disconnected());
          return;
        }
        const id = nextId++;
        calls.set(id, { resolve, reject });
        wire.post({ t: 'call', id, path, input });
      });

  const makeFeed = (path: string) => (key: unknown, listener: (payload: unknown) => void) => {
    const id = nextId++;
    if (!closed) {
      feeds.set(id, { path, listener });
      wire.post({ t: 'open', id, path, key });
    }
    return {
      dispose: () => {
        if (feeds.delete(id) && !closed) wire.post({ t: 'shut', id });
      },
    };
  };

  const domains = Object.entries(contract).map(([domain, endpoints]) => {
    const members = Object.entries(endpoints).map(([name, endpoint]) => {
      const path = `${domain}.${name}`;
      return [name, endpoint.type === 'call' ? makeCall(path) : makeFeed(path)];
    });
    return [domain, Object.fromEntries(members)];
  });
  return Object.fromEntries(domains) as Api<C>;
}
