import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findTranscript } from './find-transcript.ts';
import { sessionUsage } from './session-usage.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'transcripts-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function transcript(...lines: readonly unknown[]): string {
  const path = join(folder, 'session.jsonl');
  writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return path;
}

/** A line of Claude Code's: one block of an answer. */
const block = (id: string, output: number, content = 'text'): object => ({
  type: 'assistant',
  message: {
    id,
    content: [{ type: 'text', text: content }],
    usage: {
      input_tokens: 10,
      output_tokens: output,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 200,
      service_tier: 'standard',
    },
  },
});

/** A line of Codex': the sum since the session began. */
const total = (input: number, cached: number, output: number): object => ({
  timestamp: '2026-11-25T10:00:00.000Z',
  type: 'event_msg',
  payload: {
    type: 'token_count',
    info: {
      total_token_usage: {
        input_tokens: input,
        cached_input_tokens: cached,
        output_tokens: output,
        reasoning_output_tokens: 5,
        total_tokens: input + output,
      },
      last_token_usage: { input_tokens: 1, cached_input_tokens: 0, output_tokens: 1, total_tokens: 2 },
      model_context_window: 200_000,
    },
  },
});

describe('what a session has used', () => {
  it('counts each answer of Claude Code once, by the last of its lines', async () => {
    const path = transcript(
      { type: 'user', message: { role: 'user', content: 'what was the "usage"?' } },
      block('a', 1),
      block('a', 40),
      block('b', 2),
    );
    expect(await sessionUsage(path)).toEqual({ input: 20, output: 42, cacheRead: 2000, cacheWrite: 400 });
  });

  it('takes the last sum of Codex, without what came out of the cache', async () => {
    const path = transcript(
      { type: 'event_msg', payload: { type: 'token_count', info: null } },
      total(100, 60, 7),
      total(300, 210, 20),
      { type: 'event_msg', payload: { type: 'token_count', info: null } },
    );
    expect(await sessionUsage(path)).toEqual({ input: 90, output: 20, cacheRead: 210, cacheWrite: 0 });
  });

  it('passes over lines that make no sense, and one that is half written', async () => {
    const hostile = [
      '{"usage": nonsense',
      JSON.stringify({ type: 'assistant', message: { id: 7, usage: {} } }),
      JSON.stringify({ type: 'assistant', message: { id: 'n', usage: { input_tokens: -5, output_tokens: 'many' } } }),
      'null "usage"',
    ];
    const path = transcript(...hostile, block('a', 3), JSON.stringify(block('b', 9)).slice(0, 150));
    expect(await sessionUsage(path)).toEqual({ input: 10, output: 3, cacheRead: 1000, cacheWrite: 200 });
  });

  it('says nothing of a transcript without tokens, of a folder, a link and what is not there', async () => {
    expect(await sessionUsage(transcript({ type: 'user' }, ''))).toBeNull();
    expect(await sessionUsage(folder)).toBeNull();
    const path = transcript(block('a', 3));
    symlinkSync(path, join(folder, 'link'));
    expect(await sessionUsage(join(folder, 'link'))).toBeNull();
    expect(await sessionUsage(join(folder, 'gone'))).toBeNull();
  });
});

describe('where a transcript lies', () => {
  it('is what Claude Code says, and a file of its own for a sub-agent', async () => {
    const event = { hook_event_name: 'Stop', transcript_path: '/home/me/.claude/projects/x/s1.jsonl' };
    expect(await findTranscript(event, {})).toEqual({ path: event.transcript_path, name: 's1.jsonl' });
    const child = {
      ...event,
      hook_event_name: 'SubagentStop',
      agent_transcript_path: '/home/me/.claude/projects/x/s1/subagents/agent-7.jsonl',
    };
    expect(await findTranscript(child, {})).toMatchObject({ name: 'agent-7.jsonl' });
  });

  it('is looked for only when the agent comes to rest', async () => {
    expect(await findTranscript({ hook_event_name: 'PreToolUse', transcript_path: '/x.jsonl' }, {})).toBeNull();
    expect(await findTranscript(null, {})).toBeNull();
    expect(await findTranscript('Stop', {})).toBeNull();
  });

  it('is found below the home of Codex by the session, in whatever day it began', async () => {
    const day = join(folder, 'sessions', '2026', '11', '23');
    mkdirSync(day, { recursive: true });
    mkdirSync(join(folder, 'sessions', '2026', '11', '25'));
    const thread = '0199a213-81c0-7800-8aa1-bbab2a035a53';
    const path = join(day, `rollout-2026-11-23T09-00-00-${thread}.jsonl`);
    writeFileSync(path, '');
    const event = { type: 'agent-turn-complete', 'thread-id': thread };
    expect(await findTranscript(event, { CODEX_HOME: folder })).toMatchObject({ path });
    const other = { ...event, 'thread-id': '../../../../etc/passwd' };
    expect(await findTranscript(other, { CODEX_HOME: folder })).toBeNull();
    expect(await findTranscript(event, { CODEX_HOME: join(folder, 'gone') })).toBeNull();
  });
});
