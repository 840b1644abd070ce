import {
  ArrowDown,
  ArrowUp,
  Check,
  ExternalLink,
  GitPullRequest,
  MessageSquare,
  Pencil,
  RotateCcw,
  SendHorizontal,
  Trash2,
} from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { openOnGithub } from '#renderer/state/pull-requests.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { keysOf, useChord } from '#renderer/ui/command-chords.ts';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Kbd } from '#renderer/ui/Kbd.tsx';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { Tooltip } from '#renderer/ui/Tooltip.tsx';
import type { Comment } from '#shared/contract/comments.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';

import { closeComment, useCommentDraft, writeComment } from './comment-draft.ts';
import { commentSummary, placeWords, standingWords } from './comment-words.ts';
import { CommentEditor } from './CommentEditor.tsx';
import styles from './CommentsPanel.module.css';

interface CommentsPanelProps {
  run: Run;
  comments: readonly Comment[];
  /** The comment that was gone to last. */
  current: string | null;
  onGoTo: (comment: Comment) => void;
  onStep: (steps: number) => void;
  onSend: () => void;
  /** The person is done writing: the keyboard goes back to the code. */
  onWritten: () => void;
}

/** What the person has said about a run's changes, where it stands, and where more of it is written. */
export function CommentsPanel(props: CommentsPanelProps): ReactNode {
  const { run, comments, current, onGoTo, onStep, onSend, onWritten } = props;
  const draft = useCommentDraft((state) => state.drafts.get(run.id));
  const drafts = comments.filter(({ standing }) => standing === 'draft').length;
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[data-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <section className={styles.panel} aria-label="Comments">
      <header className={styles.bar}>
        <MessageSquare aria-hidden className={styles.icon} />
        {comments.length === 0 ? <Hint /> : <span role="status">{commentSummary(comments)}</span>}
        <div className={styles.tools}>
          {comments.length > 0 ? (
            <>
              <IconButton
                size="sm"
                label="Previous comment"
                keys={keysOf('review.previousComment')}
                icon={<ArrowUp />}
                onClick={() => onStep(-1)}
              />
              <IconButton
                size="sm"
                label="Next comment"
                keys={keysOf('review.nextComment')}
                icon={<ArrowDown />}
                onClick={() => onStep(1)}
              />
            </>
          ) : null}
          {drafts > 0 ? (
            <Button size="sm" variant="primary" icon={<SendHorizontal />} onClick={onSend}>
              Send {counted(drafts, 'comment')}…
            </Button>
          ) : null}
        </div>
      </header>
      {draft === undefined ? null : (
        <CommentEditor
          draft={draft}
          onClose={() => {
            closeComment(run.id);
            onWritten();
          }}
        />
      )}
      {comments.length === 0 ? null : (
        <ul ref={list} className={styles.list}>
          {comments.map((comment) => (
            <CommentRow
              key={comment.id}
              run={run}
              comment={comment}
              isCurrent={comment.id === current}
              onGoTo={onGoTo}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function Hint(): ReactNode {
  const chord = useChord(keysOf('review.comment'));
  return (
    <span className={styles.hint}>
      To comment on a line, click its number
      {chord === null ? null : (
        <>
          {' '}
          or press <Kbd keys={chord} />
        </>
      )}
    </span>
  );
}

interface CommentRowProps {
  run: Run;
  comment: Comment;
  isCurrent: boolean;
  onGoTo: (comment: Comment) => void;
}

function CommentRow({ run, comment, isCurrent, onGoTo }: CommentRowProps): ReactNode {
  const { standing } = comment;
  const words = standingWords[standing];
  const { origin } = comment;
  const isLost = !comment.isFound && (standing === 'draft' || standing === 'open');
  return (
    <li className={classNames(styles.row, isCurrent && styles.current)} data-current={isCurrent || undefined}>
      <Tooltip content={comment.isSettled ? 'You said so.' : words.hint}>
        <span className={styles.standing}>
          <Badge tone={words.tone} quiet={standing === 'outdated'}>
            {words.word}
          </Badge>
        </span>
      </Tooltip>
      <div className={styles.what}>
        <button type="button" className={styles.place} onClick={() => onGoTo(comment)}>
          <MiddleTruncate text={placeWords(comment)} tail={28} mono />
        </button>
        {comment.quote.trim() === '' ? null : (
          <code className={styles.quote} dir="ltr">
            {comment.quote.trim().slice(0, 200)}
          </code>
        )}
        {origin === null ? null : (
          <p className={styles.origin}>
            <GitPullRequest aria-hidden /> <bdi>{origin.author}</bdi> on PR #{origin.pullRequest}
          </p>
        )}
        <p className={styles.text} dir="auto">
          {comment.text}
        </p>
        {isLost ? <p className={styles.lost}>That line has been changed since it was commented on.</p> : null}
      </div>
      <div className={styles.rowTools}>
        {origin === null ? null : (
          <IconButton
            size="sm"
            label="Show it on GitHub"
            icon={<ExternalLink />}
            onClick={() => openOnGithub(origin)}
          />
        )}
        {standing === 'draft' && origin === null ? (
          <IconButton
            size="sm"
            label="Change the text"
            icon={<Pencil />}
            onClick={() => {
              const { path, side, line, text, id } = comment;
              writeComment({ runId: run.id, path, side, line, text, comment: id });
            }}
          />
        ) : standing === 'draft' ? null : (
          <SettleButton run={run} comment={comment} />
        )}
        <IconButton
          size="sm"
          label={
            origin !== null ? 'Leave it out here' : standing === 'draft' ? 'Delete the draft' : 'Delete the comment'
          }
          icon={<Trash2 />}
          onClick={() => removeComment(run, comment)}
        />
      </div>
    </li>
  );
}

function SettleButton({ run, comment }: { run: Run; comment: Comment }): ReactNode {
  const isAddressed = comment.standing === 'addressed';
  return (
    <IconButton
      size="sm"
      label={isAddressed ? 'Not addressed: open it again' : 'Mark as addressed'}
      icon={isAddressed ? <RotateCcw /> : <Check />}
      onClick={() => {
        perform('Mark the comment', async () => {
          const standing = isAddressed ? 'open' : 'addressed';
          const settled = await host.comments.settle({ id: run.id, comment: comment.id, standing });
          if (!settled.ok) notify.info({ title: 'This comment is no longer there' });
        });
      }}
    />
  );
}

function removeComment(run: Run, comment: Comment): void {
  perform('Delete the comment', async () => {
    const removed = await host.comments.remove({ id: run.id, comment: comment.id });
    if (!removed.ok) return;
    const { path, side, line, text, standing, origin } = comment;
    if (origin !== null) {
      notify.info({
        title: 'The comment is left out here',
        description: 'It stays on the pull request, and does not come in again.',
      });
      return;
    }
    notify.info({
      title: standing === 'draft' ? 'The draft was deleted' : 'The comment was deleted here',
      description: standing === 'draft' ? 'It was never sent.' : 'The agent has it all the same.',
      action: {
        label: 'Write it again',
        run: () => {
          writeComment({ runId: run.id, path, side, line, text, comment: null });
        },
      },
    });
  });
}
