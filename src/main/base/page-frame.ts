import { z } from 'zod';

import type { Frame } from '#shared/rpc/wire.ts';

const id = z.number().int().nonnegative();
const schema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('call'), id, path: z.string().max(200), input: z.unknown() }),
  z.object({ t: z.literal('open'), id, path: z.string().max(200), key: z.unknown() }),
  z.object({ t: z.literal('shut'), id }),
]);

/** What a page may send; null for anything else, which no page of ours sends. */
export function parsePageFrame(value: unknown): Frame | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}
