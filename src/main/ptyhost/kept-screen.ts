import { createHash } from 'node:crypto';

import { z } from 'zod';

import { terminalId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

/*
 * The form in which a terminal's last screen lies on disk: one line of JSON that says what it is, and then the screen as
 * a fresh terminal of the same size has to be written it. The line carries the length and the digest of what follows, so
 * that half a file, or somebody else's, is never taken for a screen.
 */

const headerSchema = z.object({
  format: z.literal('switchyard-screen'),
  version: z.literal(1),
  id: terminalId,
  cols: z.number().int().min(1).max(1000),
  rows: z.number().int().min(1).max(1000),
  /** As many lines as the terminal kept then. */
  scrollback: z.number().int().min(0),
  title: z.string().max(1000),
  createdAt: z.number(),
  lastOutputAt: z.number().nullable(),
  /** When this was written. */
  keptAt: z.number(),
  /** The first process that ran in it then; null when none did. */
  pid: z.number().int().positive().nullable(),
  /** How its last process had ended by then; null while one ran. */
  exit: z
    .object({
      code: z.number().int().nullable(),
      signal: z.number().int().nullable(),
      lost: z.object({ cause: z.enum(['machine', 'host']), keptAt: z.number(), isWhole: z.boolean() }).optional(),
    })
    .nullable(),
  /** Written when the host was asked to end: nothing came after it. */
  isLast: z.boolean(),
  /** Of the screen, in bytes. */
  bytes: z.number().int().nonnegative(),
  sha256: z.string().length(64),
});
export type KeptHeader = z.output<typeof headerSchema>;

/** What a terminal gives to be kept. */
export interface ScreenToKeep extends Omit<
  KeptHeader,
  'format' | 'version' | 'keptAt' | 'isLast' | 'bytes' | 'sha256'
> {
  screen: string;
}

/** Why a file is no kept screen. */
export interface Unreadable {
  kind: 'unreadable';
  reason: string;
}

export const unreadable = (reason: string): { ok: false; error: Unreadable } => fail({ kind: 'unreadable', reason });

/** The line with the header is never longer than this. */
export const longestHeader = 8192;

export function encodeKept(kept: ScreenToKeep, at: { keptAt: number; isLast: boolean }): Buffer {
  const { screen, ...facts } = kept;
  const { keptAt, isLast } = at;
  const body = Buffer.from(screen, 'utf8');
  const header: KeptHeader = {
    format: 'switchyard-screen',
    version: 1,
    ...facts,
    keptAt,
    isLast,
    bytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`, 'utf8'), body]);
}

/** Reads the header at the start of a file; `where` says where the screen begins. */
export function readHeader(start: Buffer): Result<{ header: KeptHeader; where: number }, Unreadable> {
  const end = start.subarray(0, longestHeader).indexOf(0x0a);
  if (end < 0) return unreadable('it has no header');
  try {
    const header = headerSchema.safeParse(JSON.parse(start.subarray(0, end).toString('utf8')));
    return header.success ? ok({ header: header.data, where: end + 1 }) : unreadable('its header is not one of ours');
  } catch {
    return unreadable('its header cannot be read');
  }
}

/** Reads a whole file. */
export function decodeKept(file: Buffer): Result<{ header: KeptHeader; screen: string }, Unreadable> {
  const read = readHeader(file);
  if (!read.ok) return read;
  const { header, where } = read.value;
  const body = file.subarray(where);
  if (body.length !== header.bytes) return unreadable('it is not whole');
  if (createHash('sha256').update(body).digest('hex') !== header.sha256) return unreadable('it was changed');
  return ok({ header, screen: body.toString('utf8') });
}
