import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import type { PageFile } from '#main/base/page-files.ts';

const compress = promisify(gzip);

/** Below this a packet is a packet. */
const worthCompressingBytes = 1400;

/**
 * Answers with files of the page. Text goes compressed where the browser takes it, for the sake of people who come through
 * a tunnel; a file that cannot change is compressed once.
 */
export class StaticFiles {
  readonly #compressed = new Map<string, Promise<Buffer>>();

  async answer(request: IncomingMessage, response: ServerResponse, file: PageFile): Promise<void> {
    const plain = await readFile(file.path);
    const isText = /^text\/|json|svg/.test(file.mediaType);
    const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    const isCompressed = isText && takesGzip && plain.length > worthCompressingBytes;
    const body = isCompressed ? await this.#compress(file, plain) : plain;
    response.writeHead(200, {
      'content-type': file.mediaType,
      'content-length': body.length,
      'cache-control': file.isImmutable ? 'private, max-age=31536000, immutable' : 'no-store',
      ...(isText ? { vary: 'accept-encoding' } : {}),
      ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  #compress(file: PageFile, plain: Buffer): Promise<Buffer> {
    const known = this.#compressed.get(file.path);
    if (known) return known;
    const made = compress(plain);
    if (file.isImmutable) this.#compressed.set(file.path, made);
    return made;
  }
}
