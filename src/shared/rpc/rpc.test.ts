import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';

import { call, fails, feed, returns, type Api } from '#shared/contract/define.ts';
import { fail, ok } from '#shared/result.ts';

import { connect, Disconnected } from './connect.ts';
import { memoryWires } from './memory-wire.ts';
import { serve } from './serve.ts';
import { socketWire } from './socket-wire.ts';

const contract = {
  letters: {
    upper: call(z.object({ text: z.string() }), returns<string>(), fails<{ kind: 'empty' }>()),
    explode: call(z.object({}), returns<void>(), fails<never>()),
    never: call(z.object({}), returns<void>(), fails<never>()),
    stream: feed(z.object({ from: z.number() }), returns<string>()),
  },
};

function letters() {
  const listeners = new Set<(payload: string) => void>();
  const api: Api<typeof contract> = {
    letters: {
      upper: ({ text }) => Promise.resolve(text === '' ? fail({ kind: 'empty' as const }) : ok(text.toUpperCase())),
      explode: () => Promise.reject(new Error('a bug')),
      never: () => new Promise(() => undefined),
      stream: ({ from }, listener) => {
        listener(`from ${String(from)}`);
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
    },
  };
  return { api, listeners };
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const faults: string[] = [];
const reportFault = (path: string): void => {
  faults.push(path);
};

const transports = {
  memory: (api: Api<typeof contract>) => {
    const wires = memoryWires();
    serve(contract, api, wires.host, reportFault);
    return Promise.resolve({ client: connect(contract, wires.client, reportFault), close: () => wires.close() });
  },
  websocket: async (api: Api<typeof contract>) => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    server.on('connection', (socket) => serve(contract, api, socketWire(socket), reportFault));
    const socket = new WebSocket(`ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    await once(socket, 'open');
    cleanups.push(() => {
      socket.terminate();
      server.close();
    });
    return { client: connect(contract, socketWire(socket), reportFault), close: () => socket.close() };
  },
};

const until = (condition: () => boolean): Promise<boolean> => vi.waitUntil(condition, { timeout: 10_000, interval: 5 });

describe.each(Object.entries(transports))('over %s', (_name, open) => {
  it('returns values and typed failures', async () => {
    const { client } = await open(letters().api);
    expect(await client.letters.upper({ text: 'a' })).toEqual({ ok: true, value: 'A' });
    expect(await client.letters.upper({ text: '' })).toEqual({ ok: false, error: { kind: 'empty' } });
  });

  it('refuses input that the contract does not allow', async () => {
    const { client } = await open(letters().api);
    // @ts-expect-error deliberately wrong: the host must not rely on the page's types
    await expect(client.letters.upper({ text: 5 })).rejects.toThrow(/expected string/);
  });

  it('turns a bug in a handler into a fault for the caller and the log', async () => {
    const { client } = await open(letters().api);
    faults.length = 0;
    await expect(client.letters.explode({})).rejects.toThrow('a bug');
    expect(faults).toEqual(['letters.explode']);
  });

  it('delivers the present state first, then what follows, until it is disposed', async () => {
    const { api, listeners } = letters();
    const { client } = await open(api);
    const heard: string[] = [];
    const feedHandle = client.letters.stream({ from: 3 }, (text) => heard.push(text));
    await until(() => listeners.size === 1 && heard.length === 1);
    for (const listener of listeners) listener('next');
    await until(() => heard.length === 2);
    expect(heard).toEqual(['from 3', 'next']);
    feedHandle.dispose();
    await until(() => listeners.size === 0);
  });

  it('ends feeds and rejects open calls when the wire closes', async () => {
    const { api, listeners } = letters();
    const { client, close } = await open(api);
    client.letters.stream({ from: 1 }, () => undefined);
    const outcome = client.letters.never({}).catch((error: unknown) => error);
    await until(() => listeners.size === 1);
    close();
    expect(await outcome).toBeInstanceOf(Disconnected);
    await until(() => listeners.size === 0);
    await expect(client.letters.upper({ text: 'a' })).rejects.toThrow(Disconnected);
  });
});

it('reaches nothing that the contract does not declare, not even by way of the prototype', async () => {
  const wires = memoryWires();
  const messages: string[] = [];
  serve(contract, letters().api, wires.host, () => undefined);
  wires.client.onFrame((frame) => {
    if (frame.t === 'fault') messages.push(frame.message);
  });
  wires.client.post({ t: 'call', id: 1, path: 'letters.constructor', input: {} });
  wires.client.post({ t: 'call', id: 2, path: 'toString.call', input: {} });
  wires.client.post({ t: 'open', id: 3, path: 'letters.upper', key: {} });
  await until(() => messages.length === 3);
  expect(messages).toEqual([
    'no endpoint letters.constructor',
    'no endpoint toString.call',
    'letters.upper is not a feed',
  ]);
});

it('sends nothing into a socket that is closing, and tells the caller when it has closed', async () => {
  const sent: string[] = [];
  const hasClosed: (() => void)[] = [];
  const closing = {
    readyState: WebSocket.CLOSING,
    send: (text: string) => sent.push(text),
    addEventListener: (type: string, listener: (event: { data: unknown }) => void) => {
      if (type === 'close') hasClosed.push(() => listener({ data: null }));
    },
  };
  const client = connect(contract, socketWire(closing), () => undefined);
  const outcome = client.letters.upper({ text: 'a' }).catch((error: unknown) => error);
  for (const close of hasClosed) close();
  expect(await outcome).toBeInstanceOf(Disconnected);
  expect(sent).toEqual([]);
});
