import { host } from '#renderer/app/host.ts';
import type { Run } from '#shared/contract/runs.ts';
import { errorMessage } from '#shared/error-message.ts';
import type { RunId } from '#shared/ids.ts';

/** What became of a message to one run. `reason` is a sentence for the person. */
export type Sent = { kind: 'sending' } | { kind: 'sent' } | { kind: 'failed'; reason: string };

/** Types a message into each run's terminal, the way its agent takes one, and tells of each as soon as it is known. */
export async function sendToSeveral(
  runs: readonly Run[],
  text: string,
  onSent: (id: RunId, sent: Sent) => void,
): Promise<ReadonlyMap<RunId, Sent>> {
  const outcomes = await Promise.all(
    runs.map(async (run): Promise<[RunId, Sent]> => {
      onSent(run.id, { kind: 'sending' });
      const sent = await sendTo(run, text);
      onSent(run.id, sent);
      return [run.id, sent];
    }),
  );
  return new Map(outcomes);
}

const failures = {
  'run-missing': 'This run is no longer there.',
  'not-running': 'Its agent is not running. Resume it first.',
  'not-read': 'It does not read what is typed into it. Wait until it does, or stop it; the message was not sent.',
  asks: 'It waits for a permission, and a message would give it. Answer it in its terminal first.',
} as const;

async function sendTo(run: Run, text: string): Promise<Sent> {
  try {
    const sent = await host.runs.send({ id: run.id, text, mayAnswer: true });
    if (sent.ok) return { kind: 'sent' };
    return { kind: 'failed', reason: failures[sent.error.kind] };
  } catch (error) {
    return { kind: 'failed', reason: `It may or may not have gone in: ${errorMessage(error)}` };
  }
}
