import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

import { WebSocketServer } from 'ws';

import { errorCode } from '#main/base/error-code.ts';
import type { Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { findPageFile, listPageFiles, type PageFile } from '#main/base/page-files.ts';
import { contentSecurityPolicy, protectiveHeaders } from '#main/base/page-policy.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import type { Wire } from '#shared/rpc/wire.ts';

import { Authenticator, type Refusal } from './authenticator.ts';
import { noticePage } from './notice-page.ts';
import { closeCodes, keepAlive, maxFrameBytes, pageSocketWire } from './page-socket.ts';
import { StaticFiles } from './static-files.ts';

export interface HeadlessServerOptions {
  /** 0: any free port. */
  port: number;
  token: string;
  /** The path that the page lives under; starts and ends with a slash. See Authenticator. */
  pagePath: string;
  /** Where the built page is. */
  pageFolder: string;
  log: Log;
  /** A page is asked for: its socket comes when the browser has loaded it. `asked` is the query of its address. */
  onPage?: (asked: URLSearchParams) => void;
  /** Serves one page. `asked` is the query of its address. What comes back is disposed when the page goes. */
  accept: (wire: Wire, asked: URLSearchParams) => Disposable;
}

export type CannotListen =
  | { kind: 'port-taken' | 'port-forbidden'; port: number }
  /** There is no built page in this folder. */
  | { kind: 'page-missing'; folder: string };

/** The page and its socket, on 127.0.0.1 and nowhere else. */
export class HeadlessServer {
  readonly port: number;
  readonly #options: HeadlessServerOptions;
  readonly #authenticator: Authenticator;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes, perMessageDeflate: false });
  readonly #staticFiles = new StaticFiles();
  #files: ReadonlyMap<string, PageFile>;

  private constructor(options: HeadlessServerOptions, http: Server, files: ReadonlyMap<string, PageFile>) {
    this.#files = files;
    this.port = (http.address() as AddressInfo).port;
    this.#options = options;
    this.#authenticator = new Authenticator({ token: options.token, port: this.port, pagePath: options.pagePath });
    this.#http = http;
    http.on('request', (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        options.log.error('a request failed', error, { path: request.url?.split('?')[0] ?? '' });
        if (response.headersSent) response.destroy();
        else answerText(response, 500, 'Switchyard could not read this file. Has it been built anew? Start it again.');
      });
    });
    http.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head);
    });
  }

  static async listen(options: HeadlessServerOptions): Promise<Result<HeadlessServer, CannotListen>> {
    const files = await listPageFiles(options.pageFolder).catch(() => null);
    if (!files?.has('/')) return fail({ kind: 'page-missing', folder: options.pageFolder });
    const http = createServer();
    try {
      await new Promise<void>((resolve, reject) => {
        http.once('error', reject);
        http.listen({ port: options.port, host: '127.0.0.1', exclusive: true }, resolve);
      });
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EADDRINUSE') return fail({ kind: 'port-taken', port: options.port });
      if (code === 'EACCES') return fail({ kind: 'port-forbidden', port: options.port });
      throw error;
    }
    return ok(new HeadlessServer(options, http, files));
  }

  /** The address that lets a browser in, and is as good as a password. */
  get address(): string {
    return `http://127.0.0.1:${String(this.port)}/?token=${this.#options.token}`;
  }

  /** Takes leave of every page, and resolves when the port is free. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#http.close(() => {
        resolve();
      });
    });
    for (const socket of this.#sockets.clients) {
      socket.close(closeCodes.goingAway);
      setTimeout(() => {
        socket.terminate();
      }, 300).unref();
    }
    this.#http.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pagePath, pageFolder } = this.#options;
    const socket = `ws://${request.headers.host ?? ''}`;
    const foreign = this.#authenticator.refuseForeign(request.headers);
    for (const [name, value] of Object.entries(protectiveHeaders)) response.setHeader(name, value);
    response.setHeader('content-security-policy', contentSecurityPolicy(foreign ? null : socket));
    response.setHeader('cache-control', 'no-store');
    if (foreign) {
      this.#turnAway(request, response, foreign);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      answerText(response, 405, 'Only GET is answered here.');
      return;
    }
    const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
    if (url?.pathname === '/' && this.#authenticator.isToken(url.searchParams.get('token') ?? '')) {
      url.searchParams.delete('token');
      response.setHeader('set-cookie', this.#authenticator.sessionCookie());
      response.setHeader('location', `${pagePath}${url.search}`);
      answerText(response, 303, '');
      return;
    }
    const refusal = this.#authenticator.refusePage(request.headers);
    if (refusal || !url?.pathname.startsWith(pagePath)) {
      this.#turnAway(request, response, refusal ?? 'not-authenticated');
      return;
    }
    const path = url.pathname.slice(pagePath.length - 1);
    if (path === '/') {
      this.#options.onPage?.(url.searchParams);
      // Each load of the page looks anew, so that one which was built meanwhile comes whole.
      this.#files = await listPageFiles(pageFolder);
    }
    const file = findPageFile(this.#files, path);
    if (file) await this.#staticFiles.answer(request, response, file);
    else if (path === '/socket') {
      response.setHeader('upgrade', 'websocket');
      answerText(response, 426, 'This is the socket of the page.');
    } else answerText(response, 404, 'There is no such file.');
  }

  #turnAway(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
    const { pagePath, log } = this.#options;
    const site = request.headers['sec-fetch-site'];
    const wasLedHere = site === 'cross-site' || site === 'same-site';
    const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
    const isPage = url?.pathname === pagePath;
    const retryAt = refusal === 'not-authenticated' && wasLedHere && isPage ? `${pagePath}${url.search}` : null;
    if (retryAt === null) log.warn('a request was turned away', { refusal });
    response.writeHead(403, { 'content-type': 'text/html; charset=utf-8' });
    response.end(request.method === 'HEAD' ? undefined : noticePage(refusal, retryAt));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pagePath, log, accept } = this.#options;
    socket.on('error', () => undefined); // it may go at any moment
    const refusal = this.#authenticator.refuseSocket(request.headers);
    const url = URL.parse(request.url ?? '', 'http://127.0.0.1');
    if (refusal || url?.pathname !== `${pagePath}socket`) {
      log.warn('a socket was turned away', { refusal: refusal ?? 'wrong-path' });
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (page) => {
      log.info('a page connected', { pages: this.#sockets.clients.size });
      page.on('error', (error) => {
        log.warn('a page was dropped', { reason: error.message });
      });
      const wire = pageSocketWire(page, (reason) => {
        log.warn('a page was dropped', { reason });
      });
      const served = accept(wire, url.searchParams);
      page.on('close', () => {
        served.dispose();
        log.info('a page left', { pages: this.#sockets.clients.size });
      });
      keepAlive(page);
    });
  }
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
