import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/** A session's own record of what was said in it. */
export interface Transcript {
  path: string;
  /** Names it among the transcripts of its run, whatever folder it lies in. */
  name: string;
}

/** Events after which an agent rests, so that what it has used so far is worth counting. */
const restingEvents = new Set(['Stop', 'StopFailure', 'SubagentStop', 'SessionEnd', 'agent-turn-complete']);

/** Codex keeps a folder a day; a session that is older than so many of them is not looked for. */
const mostDays = 120;

/**
 * Where the transcript of an event's session lies: Claude Code says it (a sub-agent's is a file of its own), and Codex
 * keeps it below its home by the session's id. Null: it is none of those events, or there is none.
 */
export async function findTranscript(
  payload: unknown,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Transcript | null> {
  if (typeof payload !== 'object' || payload === null) return null;
  const fields = payload as Record<string, unknown>;
  const event = fields['hook_event_name'] ?? fields['type'];
  if (typeof event !== 'string' || !restingEvents.has(event)) return null;
  const told = fields['agent_transcript_path'] ?? fields['transcript_path'];
  if (typeof told === 'string' && told !== '') return { path: told, name: basename(told) };
  const thread = fields['thread-id'];
  if (typeof thread !== 'string' || !/^[\w-]{8,80}$/.test(thread)) return null;
  const path = await findRollout(join(env['CODEX_HOME'] ?? join(homedir(), '.codex'), 'sessions'), `-${thread}.jsonl`);
  return path === null ? null : { path, name: basename(path) };
}

/** From the newest day back: `sessions/2026/11/25/rollout-…-ID.jsonl`. */
async function findRollout(folder: string, ending: string): Promise<string | null> {
  let days = 0;
  for (const year of await newestFirst(folder)) {
    for (const month of await newestFirst(join(folder, year))) {
      for (const day of await newestFirst(join(folder, year, month))) {
        const files = await newestFirst(join(folder, year, month, day));
        const found = files.find((name) => name.endsWith(ending));
        if (found !== undefined) return join(folder, year, month, day, found);
        days += 1;
        if (days >= mostDays) return null;
      }
    }
  }
  return null;
}

async function newestFirst(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted().toReversed();
  } catch {
    return [];
  }
}
