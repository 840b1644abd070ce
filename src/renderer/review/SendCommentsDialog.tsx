import { Copy, SendHorizontal } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { copyText, isLive } from '#renderer/state/run-actions.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';
import { assertNever } from '#shared/result.ts';

import styles from './CommentsPanel.module.css';
import { WaitingForAgent } from './WaitingForAgent.tsx';

/** The message that all drafts make, word for word, and the button that sends it. */
export function SendCommentsDialog({ run, onClose }: { run: Run; onClose: () => void }): ReactNode {
  const [message, setMessage] = useState<{ text: string; drafts: number; others: number } | null>(null);
  const [problem, setProblem] = useState<{ title: string; text: string } | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    let isStale = false;
    perform('Put the message together', async () => {
      const made = await host.comments.message({ id: run.id });
      if (isStale) return;
      if (made.ok) setMessage(made.value);
      else onClose(); // the run is gone, and with it its comments
    });
    return () => {
      isStale = true;
    };
  }, [run.id, onClose]);

  const send = (): void => {
    perform('Send the comments', async () => {
      setIsBusy(true);
      setProblem(null);
      try {
        const sent = await host.comments.send({ id: run.id });
        if (sent.ok) {
          onClose();
          notify.success({
            title: `${counted(sent.value.sent, 'comment')} sent to ${run.agent.label}`,
            description: sent.value.resumed
              ? 'It was resumed for that. Each is marked when its line changes.'
              : 'They were typed into its terminal. Each is marked when its line changes.',
            action: { label: 'Terminal', run: () => useView.getState().openTerminal(run.id) },
          });
          return;
        }
        const { error } = sent;
        switch (error.kind) {
          case 'run-missing':
          case 'nothing-to-send':
            onClose();
            notify.info({ title: 'There was nothing to send' });
            return;
          case 'asks':
            setProblem({
              title: `${run.agent.label} waits for an answer`,
              text: 'A message would be taken for it. Answer it in its terminal first. Your drafts are kept.',
            });
            return;
          case 'too-long':
            setProblem({
              title: 'The message is too long',
              text: `It has ${String(error.characters)} characters; ${String(error.most)} is the most. Delete some drafts, or shorten them.`,
            });
            return;
          case 'not-running':
            setProblem({
              title: 'Nothing was sent',
              text: `${error.reason} Your drafts are kept. Start the agent again and send them then, or copy the message.`,
            });
            return;
          default:
            assertNever(error);
        }
      } finally {
        setIsBusy(false);
      }
    });
  };

  const drafts = message?.drafts ?? 0;
  return (
    <Dialog
      open
      size="lg"
      onClose={onClose}
      title="Send the comments"
      description={
        isLive(run)
          ? `This is typed into the terminal of ${run.agent.label}, as one message.`
          : `${run.agent.label} has ended. It is resumed with its session, and then gets this as one message.`
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            icon={<Copy />}
            reason={drafts === 0 ? 'There is nothing to copy.' : null}
            onClick={() => copyText('message', message?.text ?? '')}
          >
            Copy
          </Button>
          <Button
            variant="primary"
            icon={<SendHorizontal />}
            busy={isBusy}
            reason={drafts === 0 ? 'There is no draft to send.' : null}
            onClick={send}
          >
            Send {counted(drafts, 'comment')}
          </Button>
        </>
      }
    >
      <div className={styles.message}>
        {isBusy ? <WaitingForAgent label={run.agent.label} /> : null}
        {problem ? (
          <Callout tone="error" title={problem.title}>
            {problem.text}
          </Callout>
        ) : null}
        {message !== null && message.others > 0 ? (
          <Callout tone="warning" title={`${counted(message.others, 'comment')} of the pull request`}>
            Others wrote them, and an agent does what it is told. Read them before you send them.
          </Callout>
        ) : null}
        {message === null ? (
          <Loading label="Putting the message together" />
        ) : (
          <pre className={styles.messageText} aria-label="The message">
            {message.text}
          </pre>
        )}
      </div>
    </Dialog>
  );
}
