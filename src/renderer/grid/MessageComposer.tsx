import { SendHorizontal, X } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { useMirror } from '#renderer/state/mirror.ts';
import { isLive } from '#renderer/state/run-actions.ts';
import { sendToSeveral } from '#renderer/state/send-message.ts';
import { useSeveral } from '#renderer/state/several.ts';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { notify, reportFault } from '#renderer/ui/notify.ts';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { Run } from '#shared/contract/runs.ts';

import styles from './MessageComposer.module.css';
import { changePaneState, readPaneState, usePaneState } from './pane-state.ts';

/** One line to the agent, typed into its terminal the way that agent takes a message. What was not sent is kept. */
export function MessageComposer({ run, onClose }: { run: Run; onClose: () => void }): ReactNode {
  const { draft } = usePaneState(run.id);
  const receiving = useSeveral((several) => several.receiving);
  const all = useMirror((mirror) => mirror.runs);
  const others = receiving.has(run.id) ? Array.from(receiving.keys()).filter((id) => id !== run.id) : [];
  const runs = [run, ...others.flatMap((id) => all?.get(id) ?? [])];
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
    sendMessage(runs, run, text)
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
  const label = runs.length > 1 ? `Message to ${String(runs.length)} agents` : `Message to ${run.agent.label}`;
  return (
    <div className={styles.composer} data-several={runs.length > 1 || undefined}>
      <TextField
        label={label}
        hideLabel
        placeholder={label}
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

/** Sends it to the run, or to all that get what is typed. What did not go in stays, with a word about whom. */
async function sendMessage(runs: readonly Run[], own: Run, text: string): Promise<void> {
  const sent = await sendToSeveral(runs, text, () => undefined);
  if (runs.length > 1) useSeveral.getState().touch();
  const failed = runs.flatMap((run) => {
    const outcome = sent.get(run.id);
    return outcome?.kind === 'failed' ? [{ run, reason: outcome.reason }] : [];
  });
  if (failed.length === 0) {
    // Only what was sent: the person may have typed on meanwhile.
    if (readPaneState(own.id).draft.trim() === text) changePaneState(own.id, { draft: '' });
    return;
  }
  notify.warn({
    title:
      runs.length === 1
        ? `The message did not go to ${own.agent.label}`
        : `The message went into ${String(runs.length - failed.length)} of ${String(runs.length)} terminals`,
    description: `${failed.map(({ run, reason }) => `${run.spec.title}: ${reason}`).join(' ')} Your message is still here.`,
  });
}
