import { readFile } from 'node:fs/promises';

import { findPageFile, listPageFiles } from '#main/base/page-files.ts';
import { contentSecurityPolicy, protectiveHeaders } from '#main/base/page-policy.ts';

/** A scheme of our own rather than file://, whose pages may read each other and have no origin to check. */
export const pageScheme = 'app';
export const pageAddress = 'app://switchyard/';

/** Whether this address is a page of ours: the only kind that gets a port, a permission, or may be gone to. */
export function isOurPage(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'app:' && url.host === 'switchyard' && url.username === '' && url.password === '';
}

/** Whether a link may be handed to the person's browser. Mail, files and other programs' schemes may not. */
export function isExternalLink(address: string): boolean {
  const protocol = URL.parse(address)?.protocol;
  return protocol === 'https:' || protocol === 'http:';
}

/** Answers requests of the app scheme with the built page's files, and nothing else. */
export async function pageResponder(pageFolder: string): Promise<(request: Request) => Promise<Response>> {
  const files = await listPageFiles(pageFolder);
  const headers = { ...protectiveHeaders, 'content-security-policy': contentSecurityPolicy(null) };
  return async ({ url, method }) => {
    const file = isOurPage(url) && method === 'GET' ? findPageFile(files, new URL(url).pathname) : null;
    if (!file) return new Response('There is no such file.', { status: 404, headers });
    const body = new Uint8Array(await readFile(file.path));
    return new Response(body, { headers: { ...headers, 'content-type': file.mediaType } });
  };
}
