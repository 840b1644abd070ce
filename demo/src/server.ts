import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';

import { createApp, type AppOptions } from './app.ts';
import { league } from './data.ts';

/** No form of this site is longer. */
const maxBodyBytes = 100_000;

/** The site over HTTP. It listens to nobody until it is told to. */
export function createLeagueServer(options: AppOptions): Server {
  const app = createApp(options);
  const style = readFileSync(join(import.meta.dirname, '..', 'public', 'style.css'));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url === '/style.css') {
      response.writeHead(200, { 'content-type': 'text/css; charset=utf-8' }).end(style);
      return;
    }
    const body = await readBody(request);
    if (body === null) {
      response.writeHead(413).end();
      return;
    }
    const { method = 'GET', url = '/' } = request;
    const reply = app({ method, url, cookie: request.headers.cookie ?? '', body });
    response.writeHead(reply.status, reply.headers).end(reply.body);
  };
  return createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      response.writeHead(500, { 'content-type': 'text/plain' }).end('Something went wrong.');
    });
  });
}

/** Null when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

if (process.argv[1] === import.meta.filename) {
  const port = Number(process.env['PORT'] ?? 4173);
  const adminKey = process.env['LEAGUE_ADMIN_KEY'] ?? null;
  createLeagueServer({ store: { current: league }, adminKey }).listen(port, '127.0.0.1', () => {
    process.stdout.write(`Riverside League on http://127.0.0.1:${port}\n`);
  });
}
