import { SendHorizontal, X } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { isLive } from '#renderer/state/run-actions.ts';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { notify, reportFault } from '#renderer/ui/notify.ts';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { Run } from '#shared/contract/runs.ts';
import { assertNever } from '#shared/result.ts';

import styles from './MessageComposer.module.css';
import { changePaneState, readPaneState, usePaneState } from './pane-state.ts';

/** One line to the agent, typed into its terminal the way that agent takes a message. What was not sent is kept. */
export function MessageComposer({ run, onClose }: { run: Run; onClose: () => void }): ReactNode {
  const { draft } = usePaneState(run.id);
  const [isSending, setIsSending] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
  }, []);

  const reason = isLive(run) && run.terminalId !== null ? null : 'Its agent is not running. Resume it first.';
  const send = (): void => {
    const text = draft.trim();
    if (text === '' || reason !== null || isSending) return;
    setIsSending(true);
    sendMessage(run, text)
      .catch((error: unknown) => {
        reportFault('Send the message', error);
      })
      .finally(() => {
        setIsSending(false);
      });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter and Escape of an input method choose a word or leave it; they are not meant for us.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') send();
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles.composer}>
      <TextField
        label={`Message to ${run.agent.label}`}
        hideLabel
        placeholder={`Message to ${run.agent.label}`}
        value={draft}
        onChange={(text) => {
          changePaneState(run.id, { draft: text });
        }}
        inputRef={input}
        input={{ onKeyDown }}
      />
      <IconButton
        label="Send"
        keys="Enter"
        icon={<SendHorizontal />}
        reason={reason ?? (draft.trim() === '' ? 'There is nothing to send.' : null)}
        onClick={send}
      />
      <IconButton label="Close, keep the draft" keys="Escape" icon={<X />} onClick={onClose} />
    </div>
  );
}

async function sendMessage(run: Run, text: string): Promise<void> {
  const sent = await host.runs.send({ id: run.id, text });
  if (sent.ok) {
    // Only what was sent: the person may have typed on meanwhile.
    if (readPaneState(run.id).draft.trim() === text) changePaneState(run.id, { draft: '' });
    return;
  }
  switch (sent.error.kind) {
    case 'run-missing':
      notify.warn({
        title: 'This run is no longer there',
        description: 'Nothing was sent. Your message is still here.',
      });
      return;
    case 'not-running':
      notify.warn({
        title: `${run.agent.label} is not running any more`,
        description: 'Nothing was sent. Your message is still here: resume the run, then send it.',
      });
      return;
    default:
      assertNever(sent.error);
  }
}
