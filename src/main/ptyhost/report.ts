import { z } from 'zod';

const longest = 500;
const line = z.string().max(longest).nullable();

/** What an agent's hook or plugin told of it. Texts are on one line. */
export const reportSchema = z.object({
  /** The agent's own name of the event: `PreToolUse`, `session.idle`. */
  event: z.string().min(1).max(100),
  /** Which kind of it, where the event has kinds. */
  type: line,
  /** The agent's own name of its session. */
  session: line,
  /** Which of its sub-agents this is about; null: the agent itself. */
  agent: line,
  tool: line,
  /** What the tool is used on: a command, a file, a question. */
  subject: line,
  /** The agent's words. */
  message: line,
});
export type Report = z.output<typeof reportSchema>;

/** A report as it is kept: in the order of their numbers. */
export interface KeptReport {
  number: number;
  /** When it came, milliseconds since 1970. */
  at: number;
  report: Report;
}

/** What comes over the socket for reports, as one line of JSON. */
export const reportMessage = z.object({ token: z.string().max(200), report: reportSchema });
