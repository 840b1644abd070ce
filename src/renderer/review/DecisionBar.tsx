import { Check, MessageSquareReply, X } from 'lucide-react';
import type { ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { keepDecision } from '#renderer/state/keep-decision.ts';
import { useReason, writeReason } from '#renderer/state/reason-draft.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import { Segmented } from '#renderer/ui/Segmented.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { DecisionKind, Run } from '#shared/contract/runs.ts';

import styles from './DecisionBar.module.css';

const hints: Readonly<Record<DecisionKind, string>> = {
  pending: 'Not decided yet.',
  keep: 'It may be merged.',
  modify: 'It goes back to the agent.',
  discard: 'It is not wanted. Nothing is deleted until you delete the run.',
};

/** What the person decides about a run, and why. It is kept with its time, and changed as often as they like. */
export function DecisionBar({ run }: { run: Run }): ReactNode {
  const { decision } = run;
  const reason = useReason(run);
  const isChanged = reason.trim() !== decision.reason;

  const decide = (kind: DecisionKind): void => {
    perform('Keep the decision', async () => {
      if (!(await keepDecision(run, kind))) {
        notify.warn({ title: 'This run is no longer there', description: 'The decision was not kept.' });
      }
    });
  };

  const sendBack = (): void => {
    perform('Send the message', async () => {
      // Whatever becomes of the message, what was to be different stays written down.
      if (isChanged) await keepDecision(run, 'modify');
      const sent = await host.runs.send({ id: run.id, text: reason.trim() });
      if (sent.ok) {
        notify.success({ title: `Sent to ${run.agent.label}`, description: 'It was typed into its terminal.' });
      } else if (sent.error.kind === 'asks') {
        notify.warn({
          title: `${run.agent.label} waits for an answer`,
          description: 'This would be taken for it. Answer it in its terminal first; your text is kept as the reason.',
        });
      } else if (sent.error.kind === 'not-read') {
        notify.warn({
          title: `${run.agent.label} does not read what is typed`,
          description: 'Nothing was sent. Wait until it does, or stop it; your text is kept as the reason.',
        });
      } else {
        notify.warn({
          title: 'The agent is not running',
          description: 'Nothing was sent. Restart or resume it first; your text is kept as the reason.',
        });
      }
    });
  };

  return (
    <div className={styles.bar}>
      <Segmented
        size="sm"
        label="Decision"
        value={decision.kind}
        options={[
          { value: 'pending', label: 'Pending' },
          { value: 'keep', label: 'Keep', icon: <Check /> },
          { value: 'modify', label: 'Modify', icon: <MessageSquareReply /> },
          { value: 'discard', label: 'Discard', icon: <X size={14} /> },
        ]}
        onChange={decide}
      />
      <div className={styles.reason}>
        <TextField
          hideLabel
          label="Reason for the decision"
          size="sm"
          value={reason}
          placeholder={decision.kind === 'modify' ? 'What should be different?' : 'Why? (optional)'}
          onChange={(text) => {
            writeReason(run.id, text);
          }}
          input={{
            onKeyDown: (event) => {
              if (event.key === 'Enter' && isChanged) decide(decision.kind);
            },
          }}
        />
      </div>
      {isChanged ? (
        <Button size="sm" onClick={() => decide(decision.kind)}>
          Keep the reason
        </Button>
      ) : null}
      {decision.kind === 'modify' ? (
        <Button
          size="sm"
          reason={reason.trim() === '' ? 'Say first what should be different.' : null}
          onClick={sendBack}
        >
          Send to the agent
        </Button>
      ) : null}
      <span className={styles.hint}>
        {run.merged ? `Merged into ${run.merged.into}` : hints[decision.kind]}{' '}
        {decision.at === null || run.merged ? null : (
          <>
            (decided <RelativeTime at={decision.at} ago />)
          </>
        )}
      </span>
    </div>
  );
}
