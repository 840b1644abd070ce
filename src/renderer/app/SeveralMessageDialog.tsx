import { Check, CircleAlert, SendHorizontal } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { useMirror } from '#renderer/state/mirror.ts';
import { agentName } from '#renderer/state/run-words.ts';
import { sendToSeveral, type Sent } from '#renderer/state/send-message.ts';
import { useSeveral, whyNotReceiving } from '#renderer/state/several.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Checkbox } from '#renderer/ui/Checkbox.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { perform } from '#renderer/ui/notify.ts';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

import styles from './SeveralMessageDialog.module.css';

/** What was begun and not sent, while this page is open. */
const kept: { projectId: ProjectId | null; text: string } = { projectId: null, text: '' };

const focusText = (form: HTMLElement | null): void => {
  form?.querySelector('textarea')?.focus();
};

/** One message to several agents: written once, typed into each terminal the way its agent takes one, told of each. */
export function SeveralMessageDialog({ onClose }: { onClose: () => void }): ReactNode {
  const runs = useMirror((mirror) => mirror.runs);
  const projectId = useMirror((mirror) => mirror.project?.id ?? null);
  const [text, setText] = useState(kept.projectId === projectId ? kept.text : '');
  const [ticked, setTicked] = useState<ReadonlySet<RunId>>(() => {
    const { chosen, receiving } = useSeveral.getState();
    return new Set(receiving.size > 0 ? receiving.keys() : chosen);
  });
  const [sent, setSent] = useState<ReadonlyMap<RunId, Sent>>(new Map());
  const [isSending, setIsSending] = useState(false);

  const all = Array.from(runs?.values() ?? []);
  const ready = all.filter((run) => whyNotReceiving(run) === null);
  // What was sent stays in the list with its word, also when the agent has ended over it.
  const listed = all.filter((run) => whyNotReceiving(run) === null || sent.has(run.id));
  const wanted = ready.filter((run) => ticked.has(run.id));
  const write = (next: string): void => {
    setText(next);
    setSent(new Map());
    Object.assign(kept, { projectId, text: next });
  };
  const tick = (ids: readonly RunId[], isOn: boolean): void => {
    setTicked((before) => {
      const next = new Set(before);
      for (const id of ids) {
        if (isOn) next.add(id);
        else next.delete(id);
      }
      return next;
    });
  };
  const reason =
    text.trim() === '' ? 'There is nothing to send.' : wanted.length === 0 ? 'Tick the runs that are to get it.' : null;
  const send = (): void => {
    if (reason !== null || isSending) return;
    setIsSending(true);
    perform('Send the message', async () => {
      try {
        const outcomes = await sendToSeveral(wanted, text.trim(), (id, outcome) => {
          setSent((before) => new Map(before).set(id, outcome));
        });
        // Those that have it lose their tick: what is left is whom to try again.
        tick(
          Array.from(outcomes).flatMap(([id, outcome]) => (outcome.kind === 'sent' ? [id] : [])),
          false,
        );
        if (Array.from(outcomes.values()).every((outcome) => outcome.kind === 'sent')) kept.text = '';
      } finally {
        setIsSending(false);
      }
    });
  };
  const count = Array.from(sent.values()).filter((outcome) => outcome.kind === 'sent').length;
  return (
    <Dialog
      open
      onClose={onClose}
      size="md"
      title="Message to several agents"
      description="It is typed into the terminal of each, the way that agent takes a message, and sent."
      footerStart={
        <span role="status">
          {sent.size === 0 ? null : `Went into ${String(count)} of ${counted(sent.size, 'terminal')}.`}
        </span>
      }
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {sent.size > 0 && count === sent.size ? 'Done' : 'Close, keep the text'}
          </Button>
          <Button
            variant="primary"
            icon={<SendHorizontal />}
            keys="Mod+Enter"
            busy={isSending}
            reason={reason}
            onClick={send}
          >
            {wanted.length > 0 ? `Send to ${String(wanted.length)}` : 'Send'}
          </Button>
        </>
      }
    >
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the chord works wherever in the form the focus is */}
      <div
        ref={focusText}
        className={styles.form}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      >
        <TextField
          label="Message"
          lines={5}
          value={text}
          onChange={write}
          placeholder="What should all of them know?"
        />
        {listed.length === 0 ? (
          <EmptyState compact title="No agent is running">
            Spawn agents first, or resume a run. What you write here is kept.
          </EmptyState>
        ) : (
          <>
            <Checkbox
              checked={wanted.length === 0 ? false : wanted.length === ready.length ? true : 'mixed'}
              label={`All ${String(ready.length)} that run`}
              onChange={(isOn) => {
                tick(
                  ready.map((run) => run.id),
                  isOn,
                );
              }}
            />
            <ul className={styles.runs} aria-label="Who gets it">
              {listed.map((run) => (
                <li key={run.id} className={styles.run}>
                  <Checkbox
                    checked={ticked.has(run.id)}
                    label={run.variant === null ? run.spec.title : `${run.spec.title} #${String(run.variant)}`}
                    hint={whyNotReceiving(run) === null ? agentName(run) : undefined}
                    reason={whyNotReceiving(run)}
                    onChange={(isOn) => {
                      tick([run.id], isOn);
                    }}
                  />
                  <Outcome run={run} sent={sent.get(run.id)} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Dialog>
  );
}

function Outcome({ run, sent }: { run: Run; sent: Sent | undefined }): ReactNode {
  switch (sent?.kind) {
    case 'sending':
      return (
        <span className={styles.outcome}>
          <Spinner /> sending
        </span>
      );
    case 'sent':
      return (
        <span className={styles.outcome} data-kind="sent">
          <Check aria-hidden /> went in
        </span>
      );
    case 'failed':
      return (
        <span className={styles.outcome} data-kind="failed" title={run.branch}>
          <CircleAlert aria-hidden /> {sent.reason}
        </span>
      );
    case undefined:
      return null;
  }
}
