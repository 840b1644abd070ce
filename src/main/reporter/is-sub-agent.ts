import { open } from 'node:fs/promises';

import { fieldsOf, parsed } from './json-fields.ts';

/** The first line holds the instructions of the session too. */
const mostBytes = 1_000_000;

/**
 * Whether a session of Codex is one that another session began: its transcript says so in its first line, and nothing else
 * does. False where that cannot be read.
 */
export async function isSubAgent(transcript: string): Promise<boolean> {
  const line = await firstLine(transcript).catch(() => null);
  const { payload } = fieldsOf(line === null ? null : parsed(line));
  const { source } = fieldsOf(payload);
  return fieldsOf(source)['subagent'] !== undefined;
}

async function firstLine(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    if (!(await file.stat()).isFile()) return null;
    const { bytesRead, buffer } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    const end = buffer.subarray(0, bytesRead).indexOf('\n');
    return end === -1 ? null : buffer.toString('utf8', 0, end);
  } finally {
    await file.close();
  }
}
