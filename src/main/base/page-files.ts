import { readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

/** A file of the built page, as a host answers with it. */
export interface PageFile {
  /** Absolute path on disk. */
  path: string;
  mediaType: string;
  /** Its name holds a hash of its content, so it can be kept for ever. */
  isImmutable: boolean;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/**
 * The built page's files by their address path: `/` and `/index.html`, `/assets/…`. The list is made once, and only what
 * is on it is ever served, so no spelling of `..` can reach anything else; links that point out of the folder are left
 * out too. Rejects when the folder is not there: the page has not been built.
 */
export async function listPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const address = `/${relative(folder, path).split(sep).join('/')}`;
    files.set(address, {
      path,
      mediaType: mediaTypes[extname(entry.name).toLowerCase()] ?? 'application/octet-stream',
      isImmutable: address.startsWith('/assets/'),
    });
  }
  const index = files.get('/index.html');
  if (index) files.set('/', index);
  return files;
}

/** Finds what an address path names; null when it is no file of the page, or is not spelt as an address can be. */
export function findPageFile(files: ReadonlyMap<string, PageFile>, addressPath: string): PageFile | null {
  try {
    return files.get(decodeURIComponent(addressPath)) ?? null;
  } catch {
    return null; // a broken percent escape names nothing
  }
}
