import { describe, expect, it } from 'vitest';

import { reduceEvent } from './reduce-event.ts';

const nothing = { type: null, session: null, agent: null, tool: null, subject: null, message: null };

describe('what of an event is told', () => {
  it.each<[string, unknown, string | null, object]>([
    [
      'a tool that Claude Code is about to use',
      {
        session_id: 's1',
        transcript_path: '/home/me/.claude/x.jsonl',
        cwd: '/w',
        hook_event_name: 'PreToolUse',
        tool_name: 'Write',
        tool_input: { file_path: '/w/a.txt', content: 'x'.repeat(1_000_000) },
      },
      null,
      { event: 'PreToolUse', session: 's1', tool: 'Write', subject: '/w/a.txt' },
    ],
    [
      'a question of Claude Code',
      {
        session_id: 's1',
        hook_event_name: 'PermissionRequest',
        tool_name: 'AskUserQuestion',
        tool_input: { questions: [{ question: 'Which\ncolour?', options: [] }] },
      },
      null,
      { event: 'PermissionRequest', session: 's1', tool: 'AskUserQuestion', subject: 'Which colour?' },
    ],
    [
      'a sub-agent of Claude Code',
      { session_id: 's1', hook_event_name: 'PostToolUse', agent_id: 'a7', tool_name: 'Read', tool_input: {} },
      null,
      { event: 'PostToolUse', session: 's1', agent: 'a7', tool: 'Read' },
    ],
    [
      'a notification',
      {
        session_id: 's1',
        hook_event_name: 'Notification',
        notification_type: 'permission_prompt',
        message: 'Needs you',
      },
      null,
      { event: 'Notification', session: 's1', type: 'permission_prompt', message: 'Needs you' },
    ],
    [
      'a tool of Copilot, whose event does not say what it is',
      { sessionId: 's2', toolName: 'bash', toolArgs: '{"command":"npm test"}' },
      'preToolUse',
      { event: 'preToolUse', session: 's2', tool: 'bash', subject: 'npm test' },
    ],
    [
      'the end of a turn of Codex',
      { type: 'agent-turn-complete', 'thread-id': 't1', 'last-assistant-message': 'Done.', 'input-messages': ['p'] },
      'notify',
      { event: 'agent-turn-complete', type: null, session: 't1', message: 'Done.' },
    ],
  ])('%s', (_what, payload, event, expected) => {
    expect(reduceEvent(payload, event)).toEqual({ ...nothing, ...expected });
  });

  it('is never long, and never more than a line', () => {
    const told = reduceEvent(
      { hook_event_name: 'Stop', last_assistant_message: 'a\n\u0007b\u001b[0m'.repeat(9999) },
      null,
    );
    expect(told?.message?.length).toBeLessThanOrEqual(400);
    // oxlint-disable-next-line no-control-regex -- that there are none is the point
    expect(told?.message).not.toMatch(/[\x00-\x1f]/);
  });

  it('is nothing when it is no event', () => {
    const title = { type: 'agent-turn-complete', 'input-messages': ['Generate a concise, single-line task title of'] };
    for (const payload of [null, 'x', 3, [], {}, { tool_input: 'x' }, title])
      expect(reduceEvent(payload, null)).toBeNull();
  });
});
