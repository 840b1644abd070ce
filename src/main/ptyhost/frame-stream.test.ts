import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Frame } from '#shared/rpc/wire.ts';

import { FrameStream, frameWire } from './frame-stream.ts';

describe('messages over a socket', () => {
  let folder: string;
  let server: Server;
  let client: Socket;
  let accepted: Socket;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'frames-'));
    const address = join(folder, 's');
    server = createServer();
    await new Promise<void>((resolve) => server.listen(address, resolve));
    const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
    client = connect(address);
    client.on('error', () => undefined);
    accepted = await connected;
  });

  afterEach(() => {
    client.destroy();
    accepted.destroy();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const received = (stream: FrameStream, count: number): Promise<unknown[]> =>
    new Promise((resolve) => {
      const messages: unknown[] = [];
      stream.onMessage((message) => {
        messages.push(message);
        if (messages.length === count) resolve(messages);
      });
    });
  const closed = (stream: FrameStream): Promise<void> => new Promise((resolve) => stream.onClose(resolve));
  const framed = (text: string): Buffer => {
    const body = Buffer.from(text);
    const header = Buffer.alloc(4);
    header.writeUInt32BE(body.length);
    return Buffer.concat([header, body]);
  };

  it('come whole and in order, however they are cut', async () => {
    const stream = new FrameStream(accepted, 1_000_000);
    const messages = received(stream, 3);
    const bytes = Buffer.concat([framed('{"a":"日本"}'), framed('"second"'), framed(`"${'x'.repeat(200_000)}"`)]);
    for (let at = 0; at < 40; at++) {
      client.write(bytes.subarray(at, at + 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.write(bytes.subarray(40));
    expect(await messages).toEqual([{ a: '日本' }, 'second', 'x'.repeat(200_000)]);
  });

  it.each([
    ['that are no JSON', () => framed('not json')],
    ['of no length', () => Buffer.alloc(8)],
    ['longer than is allowed', () => Buffer.from([0x7f, 0xff, 0xff, 0xff, 1, 2, 3])],
    ['from a web browser', () => Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ])('%s end the connection', async (_, bytes) => {
    const stream = new FrameStream(accepted, 1000);
    let heard = 0;
    stream.onMessage(() => heard++);
    client.write(bytes());
    await closed(stream);
    expect(heard).toBe(0);
  });

  it('that are no frames of the protocol end it too', async () => {
    const stream = new FrameStream(accepted, 1000);
    const frames: Frame[] = [];
    frameWire(stream).onFrame((frame) => frames.push(frame));
    client.write(framed('{"t":"call","id":1,"path":"host.info","input":{}}'));
    client.write(framed('{"t":"call","id":"1; drop","path":7}'));
    await closed(stream);
    expect(frames).toEqual([{ t: 'call', id: 1, path: 'host.info', input: {} }]);
  });

  it('may be longer once that is allowed', async () => {
    const stream = new FrameStream(accepted, 10);
    stream.allow(1000);
    const messages = received(stream, 1);
    client.write(framed(JSON.stringify('x'.repeat(500))));
    expect(await messages).toEqual(['x'.repeat(500)]);
  });
});
