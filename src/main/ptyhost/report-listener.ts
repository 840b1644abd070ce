import { createServer, type Server, type Socket } from 'node:net';

import type { Disposable } from '#main/base/lifecycle.ts';
import { listenPrivately } from '#main/base/listen-privately.ts';
import type { Log } from '#main/base/log.ts';

import { reportMessage, type Report } from './report.ts';

/** A reporter connects, says one line and is gone. */
const lineMilliseconds = 5000;
const mostChars = 16_384;
const mostSockets = 64;

interface ReportListenerOptions {
  address: string;
  platform: NodeJS.Platform;
  /** Whether the token was one of a terminal. */
  heard: (token: string, report: Report) => boolean;
  log: Log;
}

/**
 * Where agents' hooks tell what the agents do. It is apart from the socket of the apps: whoever can speak here can only
 * say what his own terminal's token lets him say. It never answers.
 */
export class ReportListener implements Disposable {
  readonly #options: ReportListenerOptions;
  #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(options: ReportListenerOptions) {
    this.#options = options;
    this.#server = this.#makeServer();
  }

  listen(): Promise<void> {
    return listenPrivately(this.#server, this.#options.address, this.#options.platform);
  }

  /** The same where the socket's file was removed. */
  listenAgain(): Promise<void> {
    this.#server.close();
    this.#server = this.#makeServer();
    return this.listen();
  }

  dispose(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #makeServer(): Server {
    return createServer((socket) => {
      this.#accept(socket);
    });
  }

  #accept(socket: Socket): void {
    if (this.#sockets.size >= mostSockets) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    let text = '';
    socket.setEncoding('utf8');
    const impatience = setTimeout(() => socket.destroy(), lineMilliseconds);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(impatience);
      this.#sockets.delete(socket);
    });
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) this.#take(text.slice(0, end));
      if (end >= 0 || text.length > mostChars) socket.destroy();
    });
  }

  #take(line: string): void {
    const { heard, log } = this.#options;
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      return;
    }
    const parsed = reportMessage.safeParse(message);
    if (!parsed.success) log.warn('a report makes no sense', { length: line.length });
    else if (!heard(parsed.data.token, parsed.data.report)) log.info('a report of no terminal of ours');
  }
}
