import type { Report } from '#main/ptyhost/report.ts';

import { fieldsOf, parsed } from './json-fields.ts';

const longestText = 400;

/**
 * What of a hook's event is worth telling, from the JSON that the agent hands its hooks; the agents differ in the names.
 * `event` is for those whose JSON does not say what it is. Null: it is no event.
 */
export function reduceEvent(payload: unknown, event: string | null): Report | null {
  const fields = fieldsOf(payload);
  const name = text(fields, ['hook_event_name', 'hookEventName', 'type']) ?? event;
  if (name === null) return null;
  if (isTitleThread(fields['input-messages'])) return null;
  const input = fieldsOf(fields['tool_input'] ?? fields['toolInput'] ?? unpacked(fields['toolArgs']));
  return {
    event: event !== null && event !== 'notify' ? event : name,
    type: text(fields, ['notification_type', 'notificationType', 'source', 'reason']),
    session: text(fields, ['session_id', 'sessionId', 'thread-id']),
    agent: text(fields, ['agent_id', 'agentId']),
    tool: text(fields, ['tool_name', 'toolName']),
    subject: subjectOf(input),
    message: text(fields, ['last_assistant_message', 'last-assistant-message', 'message', 'error_message', 'error']),
  };
}

/** Codex has the title of a session made in a hidden one beside it, whose end is not that of the work. */
const isTitleThread = (messages: unknown): boolean =>
  Array.isArray(messages) &&
  messages.some((each) => String(each).startsWith('Generate a concise, single-line task title'));

/** What a tool is used on, in its own words: the command, the file, the question. */
function subjectOf(input: Readonly<Record<string, unknown>>): string | null {
  const questions: unknown = input['questions'];
  const first = fieldsOf(Array.isArray(questions) ? questions[0] : null);
  return (
    text(first, ['question']) ??
    text(input, ['command', 'cmd', 'file_path', 'filePath', 'path', 'question', 'pattern', 'query', 'url']) ??
    text(input, ['description', 'prompt'])
  );
}

function text(fields: Readonly<Record<string, unknown>>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = fields[name];
    if (typeof value !== 'string') continue;
    const line = value
      .slice(0, 4 * longestText)
      .replace(/[\p{Cc}\p{Cs}\u2028\u2029\s]+/gu, ' ')
      .trim();
    if (line !== '') return line.slice(0, longestText);
  }
  return null;
}

/** Some hand over a tool's input as JSON within the JSON. */
const unpacked = (value: unknown): unknown => (typeof value === 'string' ? parsed(value) : value);
