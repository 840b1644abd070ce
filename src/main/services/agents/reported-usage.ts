import { z } from 'zod';

import type { Report } from '#main/ptyhost/report.ts';
import { usageEvent } from '#main/ptyhost/usage-event.ts';

const count = z.number().min(0).max(1e12).transform(Math.round);

const reportedUsage = z.object({
  /** Names the answer; or a session's transcript, and then all of its answers are counted in one. */
  answer: z.string().min(1).max(120),
  input: count,
  output: count,
  cacheRead: count,
  cacheWrite: count,
  /** US dollars. Null: it has no price, or the agent knows none. */
  cost: z.number().min(0).max(1e6).nullable(),
});
export type ReportedUsage = z.output<typeof reportedUsage>;

/** What a report tells of tokens and money; null: nothing, or nothing that makes sense. */
export function usageIn({ event, message }: Report): ReportedUsage | null {
  if (event !== usageEvent || message === null) return null;
  try {
    const parsed = reportedUsage.safeParse(JSON.parse(message));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
