import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { createInterface } from 'node:readline';

import { fieldsOf, parsed } from './json-fields.ts';

/** The tokens that a session has used since its beginning. `input` is without what came out of a cache or went into one. */
export interface SessionUsage {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

/**
 * Adds up what a session's transcript says of tokens, as Claude Code and Codex write it: one JSON value a line. Null: it is
 * no file, cannot be read, or says nothing of tokens. A line that makes no sense is passed over; the last one may be half
 * written.
 */
export async function sessionUsage(path: string): Promise<SessionUsage | null> {
  /** Claude Code writes an answer as several lines, each with what the answer has used by then. */
  const answers = new Map<string, SessionUsage>();
  /** Codex writes the whole session's sum again and again. */
  let total: SessionUsage | null = null;
  try {
    // A pipe would never end, and a link could lead anywhere.
    if (!(await lstat(path)).isFile()) return null;
    const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
    for await (const line of lines) {
      if (line.includes('"usage"')) {
        const found = answerIn(line);
        if (found !== null) answers.set(found.id, found.usage);
      } else if (line.includes('"token_count"')) total = totalIn(line) ?? total;
    }
  } catch {
    return null;
  }
  if (answers.size === 0) return total;
  const sum = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  for (const usage of answers.values()) {
    sum.input += usage.input;
    sum.output += usage.output;
    sum.cacheRead += usage.cacheRead;
    sum.cacheWrite += usage.cacheWrite;
  }
  return sum;
}

function answerIn(line: string): { id: string; usage: SessionUsage } | null {
  const { type, message } = fieldsOf(parsed(line));
  const { id, usage } = fieldsOf(message);
  if (type !== 'assistant' || typeof id !== 'string') return null;
  const counts = fieldsOf(usage);
  return {
    id,
    usage: {
      input: count(counts['input_tokens']),
      output: count(counts['output_tokens']),
      cacheRead: count(counts['cache_read_input_tokens']),
      cacheWrite: count(counts['cache_creation_input_tokens']),
    },
  };
}

function totalIn(line: string): SessionUsage | null {
  const { payload } = fieldsOf(parsed(line));
  const { type, info } = fieldsOf(payload);
  const counts = fieldsOf(fieldsOf(info)['total_token_usage']);
  if (type !== 'token_count' || counts['input_tokens'] === undefined) return null;
  const cached = count(counts['cached_input_tokens']);
  return {
    // Its input counts what was cached too.
    input: Math.max(0, count(counts['input_tokens']) - cached),
    output: count(counts['output_tokens']),
    cacheRead: cached,
    cacheWrite: 0,
  };
}

const count = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
