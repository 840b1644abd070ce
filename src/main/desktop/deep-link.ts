import { isAbsolute } from 'node:path';

import { runId, type RunId } from '#shared/ids.ts';

import type { StartRequest } from './arguments.ts';

/** The scheme of links from outside. It is not the page's own: nothing that opens a link is a page of ours. */
export const linkScheme = 'switchyard';

export const isDeepLink = (text: string): boolean => text.startsWith(`${linkScheme}:`);

/** What would let a path look like several lines, or like another one, where the person is asked about it. */
const misleading = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/**
 * Reads `switchyard://open?project=/path/of/it&run=ID`; null for anything else. Whoever follows one may not have written
 * it, so the request says where it comes from.
 */
export function parseDeepLink(text: string): StartRequest | null {
  const url = URL.parse(text);
  if (url?.protocol !== `${linkScheme}:` || url.host !== 'open') return null;
  const project = url.searchParams.get('project');
  if (project === null || !isAbsolute(project) || project.length > 4096 || misleading.test(project)) return null;
  const run = runId.safeParse(url.searchParams.get('run'));
  return { project, demo: false, run: run.success ? run.data : null, isFromLink: true };
}

/** The link to a run, or to a project alone. */
export function deepLink(project: string, run: RunId | null): string {
  const query = new URLSearchParams({ project, ...(run === null ? {} : { run }) });
  return `${linkScheme}://open?${query.toString()}`;
}
