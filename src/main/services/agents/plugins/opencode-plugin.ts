import { reportSender } from './report-sender.ts';

/** For opencode, and Kilo Code, which is made from it: tells what each session does, and which are sub-agents'. */
export const openCodePlugin = `${reportSender}
const children = (here.children ??= new Set());
const words = (here.words ??= new Map());
const tools = (here.tools ??= new Set());
const answers = (here.answers ??= new Set());

const agentOf = (session) => (children.has(session) ? session : null);

function hear({ type, properties = {} }) {
  const session = properties.sessionID ?? properties.info?.sessionID ?? properties.info?.id ?? properties.part?.sessionID;
  const about = { event: type, session, agent: agentOf(session) };
  switch (type) {
    case 'session.created':
    case 'session.updated':
      if (properties.info?.parentID) children.add(properties.info.id);
      else if (type === 'session.created') report(about);
      return;
    case 'session.status':
      report({ ...about, type: properties.status?.type, message: properties.status?.message ?? words.get(session) });
      return;
    case 'session.idle':
      report({ ...about, message: words.get(session) });
      return;
    case 'session.error':
      report({ ...about, message: properties.error?.data?.message ?? properties.error?.name });
      return;
    case 'permission.asked':
      report({ ...about, tool: properties.permission, subject: properties.metadata?.command ?? properties.patterns?.join(', ') });
      return;
    case 'question.asked':
      report({ ...about, message: properties.questions?.[0]?.question });
      return;
    case 'permission.replied':
    case 'question.replied':
    case 'question.rejected':
      report(about);
      return;
    case 'message.updated': {
      const { info } = properties;
      if (info?.role !== 'assistant' || !info.time?.completed || answers.has(info.id)) return;
      if (answers.size > 5000) answers.clear();
      answers.add(info.id);
      const { tokens = {} } = info;
      const usage = { answer: info.id, input: tokens.input ?? 0, output: (tokens.output ?? 0) + (tokens.reasoning ?? 0) };
      const cache = { cacheRead: tokens.cache?.read ?? 0, cacheWrite: tokens.cache?.write ?? 0 };
      report({ ...about, event: 'usage', message: JSON.stringify({ ...usage, ...cache, cost: info.cost > 0 ? info.cost : null }) });
      return;
    }
    case 'message.part.updated': {
      const { part } = properties;
      if (part?.type === 'text' && part.text) words.set(part.sessionID, part.text.slice(-1600));
      if (part?.type !== 'tool' || part.state?.status !== 'running' || tools.has(part.callID)) return;
      if (tools.size > 500) tools.clear();
      tools.add(part.callID);
      report({ ...about, event: 'tool', tool: part.tool, subject: subjectOf(part.state.input) });
    }
  }
}

export const RunStatus = async () => ({
  event: async ({ event }) => {
    try {
      hear(event);
    } catch {
      // An agent must not suffer from being watched.
    }
  },
});
`;
