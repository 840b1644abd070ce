import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

import { findHost } from '#main/base/host-lock.ts';
import { FrameStream, frameWire, mostHostBytes } from '#main/ptyhost/frame-stream.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { connect as connectRpc } from '#shared/rpc/connect.ts';

import { commandAnswer, commandContract, helloOf, type CommandApi } from './command-contract.ts';

export type DialHostFailure =
  | { kind: 'not-running' }
  /** It is starting or quitting. */
  | { kind: 'not-ready' }
  | { kind: 'other-version'; host: string }
  | { kind: 'no-answer'; message: string };

export interface HostConnection {
  api: CommandApi;
  close(): void;
}

/** A host under load answers late; one that is stopped never does. */
const answerMilliseconds = 10_000;

/** Connects to the host that works on a state folder, if one runs. */
export async function dialHost(stateFolder: string, version: string): Promise<Result<HostConnection, DialHostFailure>> {
  if (!existsSync(stateFolder)) return fail({ kind: 'not-running' }); // it never ran
  const found = findHost(stateFolder);
  if (found.kind === 'nobody') return fail({ kind: 'not-running' });
  const door = found.by?.door ?? null;
  if (door === null) return fail({ kind: 'not-ready' });
  const socket = await openSocket(door.address);
  if (socket === null) return fail({ kind: 'not-ready' });
  const stream = new FrameStream(socket, mostHostBytes);
  return new Promise((resolve) => {
    const giveUp = (message: string): void => {
      resolve(fail({ kind: 'no-answer', message }));
    };
    const timer = setTimeout(() => {
      stream.destroy();
      giveUp('It does not answer.');
    }, answerMilliseconds);
    stream.onClose(() => {
      clearTimeout(timer);
      giveUp('It closed the connection.');
    });
    stream.onMessage((message) => {
      clearTimeout(timer);
      const answer = commandAnswer.safeParse(message);
      if (!answer.success) {
        stream.destroy();
        giveUp('Something else answers in its place.');
      } else if ('welcome' in answer.data) {
        const api = connectRpc(commandContract, frameWire(stream), () => undefined);
        resolve(ok({ api, close: () => stream.destroy() }));
      } else {
        stream.destroy();
        if (answer.data.refused === 'version') resolve(fail({ kind: 'other-version', host: answer.data.version }));
        else giveUp('It does not let this command in.');
      }
    });
    stream.send(helloOf(version, door.secret));
  });
}

/** Null: nobody listens there. */
function openSocket(address: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', () => {
      socket.destroy();
      resolve(null);
    });
  });
}
