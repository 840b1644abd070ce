import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { TextField } from '#renderer/ui/TextField.tsx';
import { commentLimit } from '#shared/contract/comments.ts';
import { assertNever } from '#shared/result.ts';

import { writeComment, type CommentDraft } from './comment-draft.ts';
import { placeWords } from './comment-words.ts';
import styles from './CommentsPanel.module.css';

/** Where a comment is written. It is kept as a draft; nothing goes to the agent yet. */
export function CommentEditor({ draft, onClose }: { draft: CommentDraft; onClose: () => void }): ReactNode {
  const [isBusy, setIsBusy] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const { runId, path, side, line, comment } = draft;
  useEffect(() => {
    box.current?.querySelector('textarea')?.focus();
  }, [runId, path, side, line, comment]);

  const text = draft.text.trim();
  const reason =
    text === ''
      ? 'There is nothing to keep.'
      : text.length > commentLimit
        ? `A comment has at most ${String(commentLimit)} characters; this has ${String(text.length)}.`
        : null;
  const keep = (): void => {
    if (reason !== null || isBusy) return;
    perform('Keep the comment', async () => {
      setIsBusy(true);
      try {
        const problem = await keepComment({ ...draft, text });
        if (problem === null) onClose();
        else notify.warn({ title: 'The comment was not kept', description: `${problem} Your text is still here.` });
      } finally {
        setIsBusy(false);
      }
    });
  };
  /** Leaves it; what was written can be gone on with. */
  const leave = (): void => {
    onClose();
    if (text === '') return;
    notify.info({
      title: 'The comment was not kept',
      action: {
        label: 'Go on writing',
        run: () => {
          writeComment(draft);
        },
      },
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) keep();
    else if (event.key === 'Escape') leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the field within
    <div ref={box} className={styles.editor} onKeyDown={onKeyDown}>
      <TextField
        label={`Comment on ${placeWords({ path, line, side })}`}
        lines={3}
        value={draft.text}
        placeholder="What should be different, and why?"
        hint="Kept as a draft, also over a restart. All drafts go to the agent in one message."
        onChange={(next) => {
          writeComment({ ...draft, text: next });
        }}
      />
      <div className={styles.editorActions}>
        <Button size="sm" onClick={leave}>
          Cancel
        </Button>
        <Button size="sm" variant="primary" keys="Mod+Enter" busy={isBusy} reason={reason} onClick={keep}>
          Keep the draft
        </Button>
      </div>
    </div>
  );
}

/** Null when it is kept, else why not. */
async function keepComment({ runId, path, side, line, text, comment }: CommentDraft): Promise<string | null> {
  if (comment !== null) {
    const edited = await host.comments.edit({ id: runId, comment, text });
    if (edited.ok) return null;
    return edited.error.kind === 'already-sent'
      ? 'It was sent meanwhile. Write another one.'
      : 'The comment, or its run, was deleted meanwhile.';
  }
  const added = await host.comments.add({ id: runId, path, side, line, text });
  if (added.ok) return null;
  switch (added.error.kind) {
    case 'run-missing':
      return 'This run is no longer there.';
    case 'not-in-review':
      return 'There is nothing to review any more: its branch is gone.';
    case 'line-missing':
      return 'That line is not there any more. Comment on the file instead.';
    case 'too-many':
      return `A run can have ${String(added.error.most)} comments.`;
    default:
      return assertNever(added.error);
  }
}
