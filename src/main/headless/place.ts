import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { secret } from './authenticator.ts';

const schema = z.object({
  port: z.number().int().min(1).max(65_535).nullable(),
  pagePath: z.string().regex(/^\/[\w-]{43}\/$/),
});

/**
 * Where the page was last time. It is best in the same place again: the browser keeps a layout, and compiled scripts, by
 * address. `pagePath` lets nobody in; it keeps the session's cookie from other servers on this machine.
 */
export type Place = z.output<typeof schema>;

const placeFile = (stateFolder: string): string => join(stateFolder, 'headless-place.json');

/** The place of last time, or a new one when there was none or its file is unreadable. */
export async function readPlace(stateFolder: string): Promise<Place> {
  try {
    return schema.parse(JSON.parse(await readFile(placeFile(stateFolder), 'utf8')));
  } catch {
    return { port: null, pagePath: `/${secret()}/` };
  }
}

export async function rememberPlace(stateFolder: string, place: Place): Promise<void> {
  await writeFile(placeFile(stateFolder), JSON.stringify(place), { mode: 0o600 });
}
