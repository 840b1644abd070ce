import { randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';

import type { HostDoor } from '#main/base/host-lock.ts';
import type { Disposable } from '#main/base/lifecycle.ts';
import { listenPrivately, makePrivateFolder, thisSystem } from '#main/base/listen-privately.ts';
import type { Log } from '#main/base/log.ts';
import { isSameSecret } from '#main/base/same-secret.ts';
import { FrameStream, frameWire, mostClientBytes, mostHelloBytes } from '#main/ptyhost/frame-stream.ts';
import { socketPlace } from '#main/ptyhost/host-files.ts';
import { serve } from '#shared/rpc/serve.ts';

import { commandContract, commandHello, type CommandAnswer, type CommandApi } from './command-contract.ts';

/** One that connects and says nothing is not kept. */
const helloMilliseconds = 10_000;

export interface CommandListenerOptions {
  stateFolder: string;
  platform: NodeJS.Platform;
  version: string;
  api: CommandApi;
  log: Log;
  onFault: (where: string, error: unknown) => void;
}

/**
 * Lets the `switchyard` command in: over a socket that only this user may open (0600, in a folder of 0700; on Windows a
 * named pipe), and only with the secret that lies beside it. Like the page's, it is a remote shell.
 */
export class CommandListener implements Disposable {
  /** Where a command finds it, and what it has to show. */
  readonly door: HostDoor;
  readonly #options: CommandListenerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(options: CommandListenerOptions, address: string) {
    this.#options = options;
    this.door = { address, secret: randomBytes(32).toString('hex') };
    this.#server = createServer((socket) => {
      this.#accept(socket);
    });
  }

  /** Throws when it cannot listen: whoever calls holds the lock of the state folder, so nobody else is there. */
  static async listen(options: CommandListenerOptions): Promise<CommandListener> {
    const { stateFolder, platform } = options;
    const place = socketPlace(stateFolder, thisSystem(platform));
    if (place.folder !== null) makePrivateFolder(place.folder, platform);
    const listener = new CommandListener(options, commandAddress(place.address));
    await listenPrivately(listener.#server, listener.door.address, platform);
    return listener;
  }

  dispose(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    const stream = new FrameStream(socket, mostHelloBytes);
    const impatience = setTimeout(() => {
      stream.destroy();
    }, helloMilliseconds);
    stream.onClose(() => {
      clearTimeout(impatience);
    });
    stream.onMessage((message) => {
      clearTimeout(impatience);
      const answer = this.#answer(message);
      stream.send(answer);
      if ('welcome' in answer) {
        stream.allow(mostClientBytes);
        serve(commandContract, this.#options.api, frameWire(stream), this.#options.onFault);
        return;
      }
      this.#options.log.warn('refused a command', { because: answer.refused });
      stream.onMessage(() => undefined);
      stream.end();
    });
  }

  #answer(message: unknown): CommandAnswer {
    const { version } = this.#options;
    const hello = commandHello.safeParse(message);
    if (!hello.success) return { refused: 'hello', version };
    if (!isSameSecret(hello.data.secret, this.door.secret)) return { refused: 'secret', version };
    return hello.data.version === version ? { welcome: true } : { refused: 'version', version };
  }
}

/** Beside the pty host's, under a name as long as its own: what is short enough for that one is so for this one. */
const commandAddress = (address: string): string =>
  address.endsWith('.sock') ? address.replace(/host(-\d+)?\.sock$/, 'cmnd$1.sock') : `${address}-commands`;
