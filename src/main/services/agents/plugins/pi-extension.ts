import { reportSender } from './report-sender.ts';

/** For pi, which loads it with `-e`. */
export const piExtension = `// @ts-nocheck
${reportSender}
export default function (pi) {
  const session = (context) => {
    try {
      return context?.sessionManager?.getSessionId?.() ?? context?.sessionManager?.getSessionFile?.();
    } catch {
      return null;
    }
  };
  const hear = (event, tell) =>
    pi.on(event, async (payload, context) => {
      try {
        report({ event, session: session(context), ...tell(payload ?? {}) });
      } catch {
        // An agent must not suffer from being watched.
      }
    });
  hear('session_start', () => ({}));
  hear('agent_start', () => ({}));
  hear('tool_call', ({ toolName, input }) => ({ tool: toolName, subject: subjectOf(input) }));
  hear('agent_end', ({ messages }) => {
    for (const answer of messages ?? []) {
      const { usage, timestamp } = answer ?? {};
      if (answer?.role !== 'assistant' || !usage) continue;
      const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0, cost } = usage;
      const price = cost?.total > 0 ? cost.total : null;
      const told = { answer: String(timestamp), input, output, cacheRead, cacheWrite, cost: price };
      report({ event: 'usage', message: JSON.stringify(told) });
    }
    const last = messages?.at?.(-1)?.content;
    return { message: Array.isArray(last) ? last.findLast((part) => part.type === 'text')?.text : last };
  });
}
`;
