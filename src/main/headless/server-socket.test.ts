import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';

import { connect } from '#shared/rpc/connect.ts';
import { socketWire } from '#shared/rpc/socket-wire.ts';

import { pagePath, TestServer, testContract as contract, token } from './test-server.ts';

/** A loaded machine is slow, not wrong. */
const patiently = { timeout: 20_000 };

const closing = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.on('close', resolve);
  });

let server: TestServer;

beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(async () => {
  await server.end();
});

describe('the socket', () => {
  it('opens for our own page', async () => {
    expect(await server.tryToConnect({ origin: server.origin, cookie: await server.enter() })).toBe('open');
  });

  it('says which project the page was opened for', async () => {
    const headers = { origin: server.origin, cookie: await server.enter() };
    await server.tryToConnect(headers);
    await server.tryToConnect(headers, `${server.socketAddress}?project=%2Fsrv%2Fmy+app`);
    expect(server.startProjects).toEqual([null, '/srv/my app']);
  });

  it('stays shut without a session', async () => {
    const port = String(server.port);
    expect(await server.tryToConnect({ origin: server.origin })).toBe(403);
    expect(await server.tryToConnect({ origin: server.origin, cookie: `switchyard-${port}=${token}` })).toBe(403);
    expect(await server.tryToConnect({ origin: server.origin, cookie: `switchyard-${port}=` })).toBe(403);
    expect(await server.tryToConnect({ origin: server.origin, authorization: `Bearer ${token}` })).toBe(403);
    expect(await server.tryToConnect({ origin: server.origin }, `${server.socketAddress}?token=${token}`)).toBe(403);
  });

  it.each([undefined, 'null', 'http://evil.example', 'http://127.0.0.1:1', 'http://localhost', 'file://', ''])(
    'stays shut for another Origin, or none: %s',
    async (foreign) => {
      const cookie = await server.enter();
      expect(await server.tryToConnect(foreign === undefined ? { cookie } : { cookie, origin: foreign })).toBe(403);
    },
  );

  it('stays shut for a name that points here, even when the Origin agrees with it', async () => {
    const cookie = await server.enter();
    const host = `evil.example:${String(server.port)}`;
    expect(await server.tryToConnect({ cookie, host, origin: `http://${host}` })).toBe(403);
    expect(await server.tryToConnect({ cookie, host, origin: server.origin })).toBe(403);
    const localhost = `http://localhost:${String(server.port)}`;
    expect(await server.tryToConnect({ cookie, origin: localhost })).toBe(403); // our Host is 127.0.0.1 here
  });

  it('opens at its own path alone', async () => {
    const headers = { origin: server.origin, cookie: await server.enter() };
    const root = `ws://127.0.0.1:${String(server.port)}`;
    for (const path of ['/', '/socket', pagePath, `${pagePath}assets/main-abc123.js`, `${pagePath}socket/`]) {
      expect(await server.tryToConnect(headers, `${root}${path}`)).toBe(403);
    }
  });

  it('says what it is to who asks without an upgrade', async () => {
    expect((await server.ask(`${pagePath}socket`, { headers: { cookie: await server.enter() } })).status).toBe(426);
    expect((await server.ask(`${pagePath}socket`)).status).toBe(403);
  });

  it('serves the contract, and ends the feeds of a page that goes', async () => {
    const socket = await server.openPage();
    const client = connect(contract, socketWire(socket), () => undefined);
    expect(await client.test.double({ number: 21 })).toEqual({ ok: true, value: 42 });
    const first = await new Promise((resolve) => client.test.ticks({}, resolve));
    expect([first, server.openFeeds]).toEqual([1, 1]);
    socket.terminate();
    await expect.poll(() => server.openFeeds, patiently).toBe(0);
  });

  it('drops a page that takes nothing any more, instead of keeping everything for it', async () => {
    const socket = await server.openPage();
    const client = connect(contract, socketWire(socket), () => undefined);
    socket.pause();
    client.test.flood({}, () => undefined);
    await expect.poll(() => server.logged.join('\n'), patiently).toContain('it did not take');
    await expect.poll(() => server.openFeeds, patiently).toBe(0);
    socket.terminate();
  });

  it.each([
    '',
    'no JSON',
    '{}',
    '[]',
    'null',
    '{"t":"call"}',
    '{"t":"call","id":"1","path":"test.double"}',
    '{"t":"push","id":1}',
  ])('closes on what is no frame, and the host lives: %s', async (garbage) => {
    const socket = await server.openPage();
    const closed = closing(socket);
    socket.send(garbage);
    expect(await closed).toBe(1007);
    expect(await server.tryToConnect({ origin: server.origin, cookie: await server.enter() })).toBe('open');
  });

  it('closes on binary messages and on frames that are too large', async () => {
    const binary = await server.openPage();
    const binaryClosed = closing(binary);
    binary.send(Buffer.from('{"t":"shut","id":1}'));
    expect(await binaryClosed).toBe(1003);
    const huge = await server.openPage();
    const hugeClosed = closing(huge);
    huge.send('x'.repeat(17 * 1024 * 1024));
    expect(await hugeClosed).toBe(1009);
    expect(await server.tryToConnect({ origin: server.origin, cookie: await server.enter() })).toBe('open');
  });

  it('takes leave of its pages when the host quits', async () => {
    const socket = await server.openPage();
    const closed = closing(socket);
    await server.close();
    expect(await closed).toBe(1001);
    await expect(server.ask('/')).rejects.toThrow(/ECONNREFUSED/);
  });
});
