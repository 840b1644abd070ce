import { createServer, type Server, type Socket } from 'node:net';

import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import { listenPrivately } from '#main/base/listen-privately.ts';
import type { Log } from '#main/base/log.ts';
import { serve } from '#shared/rpc/serve.ts';

import { clientSession } from './client-session.ts';
import { FrameStream, frameWire, mostClientBytes, mostHelloBytes } from './frame-stream.ts';
import { answerHello, type PresentTerminal } from './hello.ts';
import { ptyHostContract } from './protocol.ts';
import type { PtyHost } from './pty-host.ts';

/** One that connects and says nothing is not kept. */
const helloMilliseconds = 10_000;

export interface ListenerOptions {
  host: PtyHost;
  address: string;
  secret: string;
  platform: NodeJS.Platform;
  log: Log;
}

/** Lets clients in that show the secret and speak our version, and serves each until it goes. */
export class Listener implements Disposable {
  readonly #options: ListenerOptions;
  #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #onDidChangeClients = new Emitter<number>();
  #clients = 0;
  #connections = 0;

  /** How many clients there are now. */
  readonly onDidChangeClients = this.#onDidChangeClients.event;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = this.#makeServer();
  }

  get clients(): number {
    return this.#clients;
  }

  /** Whoever holds the lock may take the address: what lies there is left of one that has ended. */
  listen(): Promise<void> {
    return listenPrivately(this.#server, this.#options.address, this.#options.platform);
  }

  /** The same where the socket's file was removed. Those who are connected stay so. */
  listenAgain(): Promise<void> {
    this.#server.close();
    this.#server = this.#makeServer();
    return this.listen();
  }

  dispose(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#onDidChangeClients.dispose();
  }

  #makeServer(): Server {
    return createServer((socket) => {
      this.#accept(socket);
    });
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
      const { host, secret } = this.#options;
      const present = (): PresentTerminal[] =>
        host.list().flatMap(({ id, started, exit }) => (started ? { id, isRunning: exit === null } : []));
      const answer = answerHello(message, host.protocol, secret, present);
      stream.send(answer);
      if ('welcome' in answer) {
        this.#serve(stream);
        return;
      }
      this.#options.log.warn('refused a client', { because: answer.refused });
      stream.onMessage(() => undefined);
      stream.end();
    });
  }

  #serve(stream: FrameStream): void {
    const { host, log } = this.#options;
    stream.allow(mostClientBytes);
    this.#connections++;
    this.#count(1);
    stream.onClose(() => {
      this.#count(-1);
    });
    serve(ptyHostContract, clientSession(host, this.#connections), frameWire(stream), (path, error) => {
      log.error('a request failed', error, { path });
    });
  }

  #count(change: number): void {
    this.#clients += change;
    this.#onDidChangeClients.fire(this.#clients);
  }
}
