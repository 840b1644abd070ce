import type { Api, Contract, Endpoint } from '#shared/contract/define.ts';
import type { Disposable } from '#shared/disposable.ts';
import { errorMessage } from '#shared/error-message.ts';

import type { Frame, Wire } from './wire.ts';

/** How a bug in a handler is told: it goes to the log, and its message to the caller as a fault. */
export type FaultReporter = (path: string, error: unknown) => void;

/**
 * Answers one wire with an implementation of a contract. Inputs are parsed before a handler sees them; a path that the
 * contract does not declare reaches nothing. When the wire closes, or the returned handle is disposed, every feed ends.
 */
export function serve<C extends Contract>(
  contract: C,
  api: Api<C>,
  wire: Wire,
  reportFault: FaultReporter,
): Disposable {
  const feeds = new Map<number, Disposable>();
  let closed = false;
  const dispose = (): void => {
    closed = true;
    for (const feed of feeds.values()) feed.dispose();
    feeds.clear();
  };
  const post = (frame: Frame): void => {
    if (!closed) wire.post(frame);
  };

  wire.onClose(dispose);
  wire.onFrame((frame) => {
    if (closed) return;
    answer(frame).catch((error: unknown) => {
      const path = 'path' in frame ? frame.path : frame.t;
      reportFault(path, error);
      post({ t: 'fault', id: frame.id, message: errorMessage(error) });
    });
  });

  async function answer(frame: Frame): Promise<void> {
    if (frame.t === 'call') {
      const { endpoint, handler } = find(contract, api, frame.path);
      if (endpoint.type !== 'call') throw new Error(`${frame.path} is not a call`);
      const result = await handler(endpoint.input.parse(frame.input));
      post({ t: 'reply', id: frame.id, result });
    } else if (frame.t === 'open') {
      const { endpoint, handler } = find(contract, api, frame.path);
      if (endpoint.type !== 'feed') throw new Error(`${frame.path} is not a feed`);
      if (feeds.has(frame.id)) throw new Error(`feed ${String(frame.id)} is open already`);
      const { id } = frame;
      const push = (payload: unknown): void => {
        if (feeds.has(id)) post({ t: 'push', id, payload });
      };
      // Present before the handler runs: its first push happens inside it.
      feeds.set(id, { dispose: () => undefined });
      try {
        feeds.set(id, handler(endpoint.key.parse(frame.key), push) as Disposable);
      } catch (error) {
        feeds.delete(id);
        throw error;
      }
    } else if (frame.t === 'shut') {
      feeds.get(frame.id)?.dispose();
      feeds.delete(frame.id);
    }
  }

  return { dispose };
}

type Handler = (first: unknown, listener?: (payload: unknown) => void) => unknown;

function find(contract: Contract, api: object, path: string): { endpoint: Endpoint; handler: Handler } {
  const [domain = '', member = ''] = path.split('.');
  const endpoints = Object.hasOwn(contract, domain) ? contract[domain] : undefined;
  const endpoint = endpoints && Object.hasOwn(endpoints, member) ? endpoints[member] : undefined;
  if (!endpoint) throw new Error(`no endpoint ${path}`);
  const service = (api as Record<string, Record<string, Handler>>)[domain];
  const handler = service?.[member];
  if (!service || !handler) throw new Error(`${path} is declared but not served`);
  return { endpoint, handler: (first, listener) => handler.call(service, first, listener) };
}
