// The baseline's host, a process of its own as ours is: `node vscode-host.ts`. Prints its address.
//
// A pipe as VS Code has it: output is batched for 5 ms, each terminal is paused when its page owes more than 100,000
// characters and goes on below 5,000. One hop less than ours and no screen of its own, so it is spared work that VS Code
// does. JSON over a WebSocket on loopback, as between our host and its page.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { spawn, type IPty } from 'node-pty';
import { WebSocketServer, type WebSocket } from 'ws';

import { projectFolder } from '#scripts/project-paths.ts';

import { vscode, type ToHost, type ToPage } from './vscode-protocol.ts';

const library = (name: string, file: string): string => join(projectFolder, 'node_modules', '@xterm', name, file);
const served: Record<string, { type: string; read: () => Promise<string> }> = {
  '/xterm.js': { type: 'text/javascript', read: () => readFile(library('xterm', 'lib/xterm.mjs'), 'utf8') },
  '/graphemes.js': {
    type: 'text/javascript',
    read: () => readFile(library('addon-unicode-graphemes', 'lib/addon-unicode-graphemes.mjs'), 'utf8'),
  },
  '/xterm.css': { type: 'text/css', read: () => readFile(library('xterm', 'css/xterm.css'), 'utf8') },
  '/page.js': { type: 'text/javascript', read: () => ours('vscode-page.ts') },
  '/vscode-protocol.ts': { type: 'text/javascript', read: () => ours('vscode-protocol.ts') },
  '/': {
    type: 'text/html',
    read: () =>
      Promise.resolve(
        '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/xterm.css">' +
          '<script type="importmap">{"imports":{"@xterm/xterm":"/xterm.js","@xterm/addon-unicode-graphemes":"/graphemes.js"}}</script>' +
          '<style>body{margin:0;background:#0f1013;display:flex;flex-wrap:wrap;gap:6px}</style><script type="module" src="/page.js"></script>',
      ),
  },
};

const ours = async (file: string): Promise<string> =>
  stripTypeScriptTypes(await readFile(join(import.meta.dirname, file), 'utf8'));

const http = createServer((request, response) => {
  const file = served[new URL(request.url ?? '/', 'http://127.0.0.1').pathname];
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  void file.read().then((text) => response.writeHead(200, { 'content-type': file.type }).end(text));
});

class Terminal {
  readonly #id: number;
  readonly #pty: IPty;
  readonly #socket: WebSocket;
  #owed = 0;
  #isPaused = false;
  #batch: string[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(socket: WebSocket, { id, cols, rows }: Extract<ToHost, { kind: 'open' }>) {
    this.#id = id;
    this.#socket = socket;
    this.#pty = spawn('/bin/bash', ['--norc', '--noprofile', '-i'], {
      name: 'xterm-256color',
      cols,
      rows,
      env: { ...process.env, PS1: '$ ', TERM: 'xterm-256color', COLORTERM: 'truecolor' },
    });
    this.#pty.onData((data) => {
      this.#owed += data.length;
      if (!this.#isPaused && this.#owed > vscode.highWatermarkChars) {
        this.#isPaused = true;
        this.#pty.pause();
      }
      this.#batch.push(data);
      this.#timer ??= setTimeout(() => {
        this.#flush();
      }, vscode.batchMilliseconds);
    });
  }

  input(data: string): void {
    this.#pty.write(data);
  }

  acknowledge(chars: number): void {
    this.#owed = Math.max(0, this.#owed - chars);
    if (!this.#isPaused || this.#owed >= vscode.lowWatermarkChars) return;
    this.#isPaused = false;
    this.#pty.resume();
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#pty.kill('SIGHUP');
    this.#pty.resume();
  }

  #flush(): void {
    this.#timer = null;
    const message: ToPage = { id: this.#id, data: this.#batch.join('') };
    this.#batch = [];
    this.#socket.send(JSON.stringify(message));
  }
}

new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket) => {
  const terminals = new Map<number, Terminal>();
  socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString('utf8')) as ToHost;
    if (message.kind === 'open') terminals.set(message.id, new Terminal(socket, message));
    else if (message.kind === 'input') terminals.get(message.id)?.input(message.data);
    else terminals.get(message.id)?.acknowledge(message.chars);
  });
  socket.on('close', () => {
    for (const terminal of terminals.values()) terminal.close();
  });
});

http.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${String((http.address() as AddressInfo).port)}/`);
});
// Ends with whoever started it.
process.stdin.resume().on('end', () => process.exit(0));
