import { connect, type Socket } from 'node:net';

import { fail, ok, type Result } from '#shared/result.ts';
import { connect as connectRpc } from '#shared/rpc/connect.ts';

import { FrameStream, frameWire, mostHostBytes } from './frame-stream.ts';
import { readAnswer, type PresentTerminal } from './hello.ts';
import { hostFiles, readDescriptor, type HostDescriptor } from './host-files.ts';
import { protocolVersion, ptyHostContract, type ProtocolVersion, type PtyHostApi } from './protocol.ts';

/** A pty host that has let us in. */
export interface PtyHostConnection {
  api: PtyHostApi;
  pid: number;
  protocol: ProtocolVersion;
  onClose(listener: () => void): void;
  close(): void;
}

export type DialFailure =
  /** None runs: nothing says where, or nobody listens there. */
  | { kind: 'absent' }
  | { kind: 'refused-secret' }
  | {
      kind: 'refused-version';
      host: ProtocolVersion;
      client: ProtocolVersion;
      message: string;
      /** The terminals that it has. */
      terminals: readonly PresentTerminal[];
    }
  /** Somebody is there and does not answer as a pty host does. */
  | { kind: 'failed'; message: string };

/** A host under load answers late; one that is stopped never does. */
const answerMilliseconds = 10_000;

/**
 * Connects to the pty host of a state folder, if one runs. `protocol` is what we claim to speak, `major` whose host is
 * meant: that of another version refuses us, and says what it has.
 */
export async function dialPtyHost(
  stateFolder: string,
  onFault: (path: string, message: string) => void,
  protocol: ProtocolVersion = protocolVersion,
  major = protocol.major,
): Promise<Result<PtyHostConnection, DialFailure>> {
  const path = hostFiles(stateFolder, major).descriptor;
  const descriptor = readDescriptor(path);
  if (!descriptor) return fail({ kind: 'absent' });
  const dialled = await dialAddress(descriptor, onFault, protocol);
  if (dialled.ok || dialled.error.kind !== 'refused-secret') return dialled;
  // One host may have followed another between our reading and our connecting.
  const again = readDescriptor(path);
  return again && again.secret !== descriptor.secret ? dialAddress(again, onFault, protocol) : dialled;
}

async function dialAddress(
  descriptor: HostDescriptor,
  onFault: (path: string, message: string) => void,
  protocol: ProtocolVersion,
): Promise<Result<PtyHostConnection, DialFailure>> {
  const opened = await openSocket(descriptor.address);
  if (!opened.ok) return opened;
  const stream = new FrameStream(opened.value, mostHostBytes);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      stream.destroy();
      resolve(fail({ kind: 'failed', message: 'The terminal host does not answer.' }));
    }, answerMilliseconds);
    stream.onClose(() => {
      clearTimeout(timer);
      resolve(fail({ kind: 'failed', message: 'The terminal host closed the connection.' }));
    });
    stream.onMessage((message) => {
      clearTimeout(timer);
      const answer = readAnswer(message);
      if (answer && 'welcome' in answer) {
        const api = connectRpc(ptyHostContract, frameWire(stream), onFault);
        const { pid, protocol: theirs } = answer;
        resolve(
          ok({
            api,
            pid,
            protocol: theirs,
            onClose: (listener) => stream.onClose(listener),
            close: () => stream.destroy(),
          }),
        );
        return;
      }
      stream.destroy();
      if (answer?.refused === 'secret') resolve(fail({ kind: 'refused-secret' }));
      else if (answer?.refused === 'version') {
        const { protocol: theirs, message, terminals = [] } = answer;
        resolve(fail({ kind: 'refused-version', host: theirs, client: protocol, message, terminals }));
      } else
        resolve(fail({ kind: 'failed', message: answer?.message ?? 'Something else than a terminal host answers.' }));
    });
    stream.send({ hello: 'switchyard-pty-host', protocol, secret: descriptor.secret });
  });
}

function openSocket(address: string): Promise<Result<Socket, DialFailure>> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      resolve(ok(socket));
    });
    // For good: what goes wrong later, before anybody reads from it, must not end this process.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      socket.destroy();
      const isAbsent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      resolve(fail(isAbsent ? { kind: 'absent' } : { kind: 'failed', message: error.message }));
    });
  });
}
