import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { registerCommands } from '#renderer/state/commands.ts';
import { useSpec } from '#renderer/state/mirror.ts';
import { openPlace } from '#renderer/state/open-place.ts';
import { aimAt, useTargets, type FileTarget } from '#renderer/state/targets.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { perform } from '#renderer/ui/notify.ts';
import { SplitPane } from '#renderer/ui/SplitPane.tsx';
import type { Comment } from '#shared/contract/comments.ts';
import type { Review, ReviewFile } from '#shared/contract/review.ts';
import type { Run } from '#shared/contract/runs.ts';
import { isInFootprint } from '#shared/footprint/footprint.ts';

import { CommentsPanel } from './CommentsPanel.tsx';
import { filesInView, nextUnviewed, stepFile, type ReviewScope } from './file-order.ts';
import { FileList } from './FileList.tsx';
import { FileView } from './FileView.tsx';
import styles from './ReviewPane.module.css';
import { SendCommentsDialog } from './SendCommentsDialog.tsx';
import { useComments } from './use-comments.ts';

/** The changed files of a run, the one that is looked at, and the comments on them. */
export function ReviewFiles({ run, review }: { run: Run; review: Review }): ReactNode {
  const [scope, setScope] = useState<ReviewScope>('all');
  const [filter, setFilter] = useState('');
  const [path, setPath] = useState<string | null>(null);
  const footprint = useSpec(run.spec.slug)?.footprint;
  const isOutside = useCallback(
    (changed: string) => run.task === 'build' && !isInFootprint(changed, footprint ?? []),
    [run.task, footprint],
  );
  const target = useTargets((targets) => targets.review);
  const aim = target?.runId === run.id ? target : null;
  // What a link asked for is shown, whatever was filtered before.
  const [aimed, setAimed] = useState<FileTarget | null>(null);
  if (aim !== aimed) {
    setAimed(aim);
    if (aim !== null) {
      setScope('all');
      setFilter('');
      setPath(aim.path);
    }
  }
  const files = useMemo(() => filesInView(review.files, scope, filter), [review.files, scope, filter]);
  const file = files.find((each) => each.path === path) ?? files[0] ?? null;

  const step = useCallback(
    (steps: number) => {
      setPath(stepFile(files, file?.path ?? null, steps)?.path ?? null);
    },
    [files, file],
  );
  const setViewed = useCallback(
    (marked: ReviewFile, viewed: boolean) => {
      perform('Mark the file', async () => {
        await host.review.setViewed({ id: run.id, path: marked.path, version: marked.version, viewed });
      });
      if (!viewed) return;
      const next = nextUnviewed(files, marked.path);
      if (next) setPath(next.path);
    },
    [run.id, files],
  );

  const comments = useComments(run.id);
  const [current, setCurrent] = useState<string | null>(null);
  const [isSending, setIsSending] = useState(false);
  const closeSending = useCallback(() => {
    setIsSending(false);
  }, []);
  const giveBack = useRef<(() => void) | null>(null);
  const onCode = useCallback((focus: (() => void) | null) => {
    giveBack.current = focus;
  }, []);
  const goTo = useCallback(
    (comment: Comment) => {
      setCurrent(comment.id);
      const { path: commented, line, side } = comment;
      const before = side === 'before' ? { side } : {};
      if (review.files.some((each) => each.path === commented)) {
        aimAt({ review: { runId: run.id, path: commented, line, column: 1, ...before } });
      } else {
        openPlace({ runId: run.id, path: commented, line, column: 1 });
      }
    },
    [run.id, review.files],
  );
  const stepComment = useCallback(
    (steps: number) => {
      const at = comments.findIndex(({ id }) => id === current);
      const next = at === -1 ? (steps > 0 ? 0 : comments.length - 1) : at + steps;
      const comment = comments[(next + comments.length) % comments.length];
      if (comment) goTo(comment);
    },
    [comments, current, goTo],
  );
  const hasDrafts = comments.some(({ standing }) => standing === 'draft');

  useEffect(() => {
    const noComments = comments.length === 0 ? 'There are no comments on this run.' : null;
    const commands = registerCommands([
      { id: 'review.nextComment', reason: () => noComments, run: () => stepComment(1) },
      { id: 'review.previousComment', reason: () => noComments, run: () => stepComment(-1) },
      {
        id: 'review.sendComments',
        reason: () => (hasDrafts ? null : 'There is no draft to send.'),
        run: () => setIsSending(true),
      },
    ]);
    return () => {
      commands.dispose();
    };
  }, [comments.length, hasDrafts, stepComment]);

  useEffect(() => {
    const commands = registerCommands([
      {
        id: 'review.nextFile',
        run: () => step(1),
      },
      {
        id: 'review.previousFile',
        run: () => step(-1),
      },
      {
        id: 'review.viewed',
        run: () => {
          if (file) setViewed(file, !file.viewed);
        },
      },
    ]);
    return () => {
      commands.dispose();
    };
  }, [step, setViewed, file]);

  return (
    <SplitPane
      id="review"
      parts={[
        {
          id: 'files',
          defaultSize: 290,
          minSize: 200,
          maxSize: '45%',
          keepsPixels: true,
          content: (
            <FileList
              review={review}
              files={files}
              scope={scope}
              onScope={setScope}
              filter={filter}
              onFilter={setFilter}
              selected={file?.path ?? null}
              onSelect={setPath}
              onViewed={setViewed}
              isOutside={isOutside}
            />
          ),
        },
        {
          id: 'content',
          minSize: 320,
          content: (
            <div className={styles.content}>
              {file ? (
                <FileView
                  runId={run.id}
                  file={file}
                  position={files.indexOf(file)}
                  count={files.length}
                  onStep={step}
                  onViewed={setViewed}
                  aim={aim?.path === file.path && aim.line !== null ? aim : null}
                  comments={comments}
                  onComment={setCurrent}
                  onCode={onCode}
                />
              ) : (
                <EmptyState compact title="No file here">
                  No changed file fits the filter.
                </EmptyState>
              )}
              <CommentsPanel
                run={run}
                comments={comments}
                current={current}
                onGoTo={goTo}
                onStep={stepComment}
                onSend={() => setIsSending(true)}
                onWritten={() => giveBack.current?.()}
              />
              {isSending ? <SendCommentsDialog run={run} onClose={closeSending} /> : null}
            </div>
          ),
        },
      ]}
    />
  );
}
