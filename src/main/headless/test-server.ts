import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { WebSocket } from 'ws';
import { z } from 'zod';

import type { Log } from '#main/base/log.ts';
import { call, fails, feed, returns, type Api } from '#shared/contract/define.ts';
import { ok } from '#shared/result.ts';
import { serve } from '#shared/rpc/serve.ts';

import { secret } from './authenticator.ts';
import { HeadlessServer } from './server.ts';

export const testContract = {
  test: {
    double: call(z.object({ number: z.number() }), returns<number>(), fails<never>()),
    ticks: feed(z.object({}), returns<number>()),
    flood: feed(z.object({}), returns<string>()),
  },
};

export const token = secret();
export const pagePath = `/${secret()}/`;
export const script = `console.log(${JSON.stringify('x'.repeat(4000))});\n`;

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A real server on a real port, with a page of two files and a contract of its own, for tests. */
export class TestServer {
  /** Holds `page/`, and beside it a secret that the page links to. */
  readonly folder: string;
  /** Each line that was logged, as JSON. */
  readonly logged: string[] = [];
  /** The start project of each page that connected. */
  readonly startProjects: (string | null)[] = [];
  openFeeds = 0;
  #server: HeadlessServer | null = null;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(): Promise<TestServer> {
    const folder = await mkdtemp(join(tmpdir(), 'switchyard-server-'));
    await mkdir(join(folder, 'page', 'assets'), { recursive: true });
    await writeFile(join(folder, 'secret.txt'), 'not for you');
    await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>page</title>');
    await writeFile(join(folder, 'page', 'assets', 'main-abc123.js'), script);
    await symlink(join(folder, 'secret.txt'), join(folder, 'page', 'link.txt'));
    const server = new TestServer(folder);
    await server.#listen();
    return server;
  }

  async end(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** As when the host quits. */
  async close(): Promise<void> {
    await this.#server?.close();
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  get origin(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  get socketAddress(): string {
    return `ws://127.0.0.1:${String(this.port)}${pagePath}socket`;
  }

  ask(
    path: string,
    options: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { method = 'GET', headers = {} } = options;
      const target = { host: '127.0.0.1', port: this.port, path, method, headers, agent: false };
      const sent = httpRequest(target, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) });
        });
      });
      sent.on('error', reject);
      sent.end(options.body);
    });
  }

  /** Comes in by the front door, as a browser does with the printed address; the Cookie header to go on with. */
  async enter(): Promise<string> {
    const answer = await this.ask(`/?token=${token}`);
    return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  }

  /** `open`, or the HTTP status that the upgrade was refused with. */
  tryToConnect(headers: Record<string, string>, address = this.socketAddress): Promise<'open' | number> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(address, { headers });
      socket.on('open', () => {
        socket.close();
        resolve('open');
      });
      socket.on('unexpected-response', (_request, response) => {
        socket.terminate();
        resolve(response.statusCode ?? 0);
      });
      socket.on('error', (error) => {
        if (socket.readyState !== WebSocket.CLOSING) reject(error);
      });
    });
  }

  async openPage(): Promise<WebSocket> {
    const headers = { origin: this.origin, cookie: await this.enter() };
    const socket = new WebSocket(this.socketAddress, { headers });
    await new Promise((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
    });
    return socket;
  }

  async #listen(): Promise<void> {
    const write = (...parts: unknown[]): void => {
      this.logged.push(JSON.stringify(parts));
    };
    const log: Log = { info: write, warn: write, error: (message, error) => write(message, String(error)) };
    const listening = await HeadlessServer.listen({
      port: 0,
      token,
      pagePath,
      pageFolder: join(this.folder, 'page'),
      log,
      accept: (wire, asked) => {
        this.startProjects.push(asked.get('project'));
        return serve(testContract, this.#api(), wire, () => undefined);
      },
    });
    if (!listening.ok) throw new Error('no free port');
    this.#server = listening.value;
  }

  #api(): Api<typeof testContract> {
    const open = () => {
      this.openFeeds++;
      return { dispose: () => this.openFeeds-- };
    };
    return {
      test: {
        double: ({ number }) => Promise.resolve(ok(number * 2)),
        ticks: (_key, listener) => {
          listener(1);
          return open();
        },
        flood: (_key, listener) => {
          const megabyte = 'x'.repeat(1_000_000);
          for (let sent = 0; sent < 100; sent++) listener(megabyte);
          return open();
        },
      },
    };
  }
}
