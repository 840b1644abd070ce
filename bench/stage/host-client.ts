import { request } from 'node:http';

import { WebSocket } from 'ws';

import { contract, type HostApi } from '#shared/contract/index.ts';
import { connect } from '#shared/rpc/connect.ts';
import { socketWire } from '#shared/rpc/socket-wire.ts';

/** A page's connection to a headless host, without a page. */
export interface HostClient {
  api: HostApi;
  close(): void;
}

/** Comes in by the address that the host printed, as a browser does. */
export async function connectToHost(address: string): Promise<HostClient> {
  const { origin, cookie, location } = await enter(address);
  const socketAddress = new URL('socket', new URL(location, origin));
  socketAddress.protocol = 'ws:';
  const socket = new WebSocket(socketAddress, { headers: { origin, cookie }, perMessageDeflate: false });
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  const api = connect(contract, socketWire(socket), (path, message) => {
    throw new Error(`${path}: ${message}`);
  });
  return {
    api,
    close: () => {
      socket.close();
    },
  };
}

function enter(address: string): Promise<{ origin: string; cookie: string; location: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(address, (answer) => {
      answer.resume();
      const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
      const { location } = answer.headers;
      if (cookie === undefined || location === undefined) reject(new Error('the host did not let us in'));
      else resolve({ origin: new URL(address).origin, cookie, location });
    });
    asked.on('error', reject);
    asked.end();
  });
}
