import { GitMerge, Play } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { summarise, unprovedSides } from '#renderer/state/check-summary.ts';
import { keepDecision } from '#renderer/state/keep-decision.ts';
import { useMergeMessage, writeMergeMessage } from '#renderer/state/merge-message-draft.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { reasonOf } from '#renderer/state/reason-draft.ts';
import { startChecks } from '#renderer/state/start-checks.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { notify, perform, reportFault } from '#renderer/ui/notify.ts';
import { Segmented } from '#renderer/ui/Segmented.tsx';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { CheckState } from '#shared/contract/gates.ts';
import type { CheckoutEffect, MergeMethod, MergePreview, Merged } from '#shared/contract/merges.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';

import { ConflictSection } from './ConflictSection.tsx';
import { doubtsOfMerge } from './doubts-of-merge.ts';
import { ElsewhereCallout } from './ElsewhereCallout.tsx';
import { mergeFailure, undoFailure, type Notice } from './merge-failures.ts';

import styles from './MergeDialog.module.css';

const methods: readonly { value: MergeMethod; label: string; hint: string }[] = [
  {
    value: 'merge',
    label: 'Merge commit',
    hint: 'Keeps the branch’s commits and joins them with a commit of its own.',
  },
  { value: 'squash', label: 'Squash', hint: 'Makes one commit of the whole branch.' },
  {
    value: 'rebase',
    label: 'Rebase',
    hint: 'Repeats the branch’s commits on top of the base, without a merge commit.',
  },
];

type Preview =
  | { kind: 'looking' }
  | { kind: 'preview'; of: MergeMethod; preview: MergePreview }
  | { kind: 'cannot'; of: MergeMethod; notice: Notice };

/** What a merge would do, before it is done: the commits, the conflicts, the person's own checkout; and then the merge. */
export function MergeDialog({ run, onClose }: { run: Run; onClose: () => void }): ReactNode {
  const project = useProject();
  const [method, setMethod] = useState<MergeMethod>(project.config.mergeMethod);
  const [preview, setPreview] = useState<Preview>({ kind: 'looking' });
  const message = useMergeMessage(run.id);
  const [failure, setFailure] = useState<Notice | null>(null);
  const [isMerging, setIsMerging] = useState(false);
  const [turn, setTurn] = useState(0);

  // What the agent commits meanwhile, such as a merge of the base, is what would be merged now. A base that moves is not
  // looked at unasked: whoever presses the button means what they have read, and is told then.
  const commits = run.changes?.commits ?? 0;
  useEffect(() => {
    let isStale = false;
    host.merges
      .preview({ id: run.id, method })
      .then((answer) => {
        if (isStale) return;
        setPreview(
          answer.ok
            ? { kind: 'preview', of: method, preview: answer.value }
            : { kind: 'cannot', of: method, notice: mergeFailure(answer.error, run.base) },
        );
      })
      .catch((error: unknown) => {
        if (!isStale) reportFault('Look at what the merge would do', error);
      });
    return () => {
      isStale = true;
    };
  }, [run.id, run.base, method, turn, commits]);

  const shown = preview.kind === 'preview' ? preview.preview : null;
  const text = message ?? shown?.message ?? '';
  const checks = useMirror((mirror) => mirror.checks?.get(run.id));
  const unproved = unprovedSides(run, checks);

  const merge = (found: MergePreview): void => {
    perform('Merge the branch', async () => {
      setIsMerging(true);
      setFailure(null);
      try {
        // Pressing the button is the decision; it is kept with the run like any other.
        if (run.decision.kind !== 'keep' || reasonOf(run).trim() !== run.decision.reason) {
          await keepDecision(run, 'keep');
        }
        const merged = await host.merges.merge({
          id: run.id,
          method,
          baseCommit: found.baseCommit,
          branchCommit: found.branchCommit,
          message: text,
        });
        if (merged.ok) {
          writeMergeMessage(run.id, null);
          onClose();
          tellMerged(run, merged.value);
          return;
        }
        if (merged.error.kind === 'moved') setPreview({ kind: 'preview', of: method, preview: merged.error.preview });
        else setTurn((before) => before + 1);
        setFailure(mergeFailure(merged.error, run.base));
      } finally {
        setIsMerging(false);
      }
    });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="lg"
      title={`Merge into ${run.base}`}
      description={
        <>
          <code>{run.branch}</code>, by {run.agent.label}
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            icon={<GitMerge />}
            busy={isMerging}
            reason={whyNot(preview, method) ?? whyNotProved(unproved)}
            onClick={() => {
              if (shown) merge(shown);
            }}
          >
            {run.decision.kind === 'keep' ? 'Merge' : 'Keep and merge'}
          </Button>
        </>
      }
    >
      <div className={styles.body}>
        {failure ? (
          <Callout tone="error" title={failure.title}>
            {failure.text}
          </Callout>
        ) : null}
        <div className={styles.method}>
          <Segmented label="How to merge" value={method} options={methods} onChange={setMethod} />
          <p className={styles.hint}>{methods.find((each) => each.value === method)?.hint}</p>
        </div>
        {preview.kind === 'looking' ? (
          <p className={styles.looking}>
            <Spinner /> Looking at what this would do…
          </p>
        ) : preview.kind === 'cannot' ? (
          <Callout tone="error" title={preview.notice.title}>
            {preview.notice.text}
          </Callout>
        ) : (
          <>
            {preview.preview.outcome.kind !== 'clean' ? null : unproved.length > 0 ? (
              <UnprovedSides run={run} unproved={unproved} />
            ) : (
              <Doubts run={run} />
            )}
            <Outcome run={run} preview={preview.preview} onLookAgain={() => setTurn((before) => before + 1)} />
            {preview.preview.outcome.kind === 'clean' && method !== 'rebase' ? (
              <TextField
                label="Message"
                mono
                lines={7}
                value={text}
                hint={
                  text.trim() === ''
                    ? 'Left empty, the message that was proposed is taken.'
                    : 'The last lines say where it comes from: the spec, the run and the agent.'
                }
                onChange={(written) => writeMergeMessage(run.id, written)}
              />
            ) : null}
          </>
        )}
      </div>
    </Dialog>
  );
}

function whyNot(preview: Preview, method: MergeMethod): string | null {
  // While another method is looked at, what is shown, its message too, is still that of the one before.
  if (preview.kind === 'looking' || preview.of !== method) return 'Looking at what this would do…';
  if (preview.kind === 'cannot') return preview.notice.title;
  const { outcome, checkout } = preview.preview;
  if (outcome.kind === 'conflicts') return 'The branches conflict. Nothing can be merged until that is solved.';
  if (outcome.kind === 'nothing-to-merge') return 'The base has all of it already.';
  if (checkout.kind === 'dirty') return 'Your own checkout is in the way.';
  return null;
}

interface OutcomeProps {
  run: Run;
  preview: MergePreview;
  onLookAgain: () => void;
}

function Outcome({ run, preview, onLookAgain }: OutcomeProps): ReactNode {
  const { outcome } = preview;
  return (
    <>
      {outcome.kind === 'clean' ? (
        <Callout tone="success" title="Merges cleanly">
          {counted(preview.commits, 'commit')}, {counted(preview.files, 'file')}, +{preview.insertions} −
          {preview.deletions}, onto {preview.base} at <code>{preview.baseCommit.slice(0, 8)}</code>.{' '}
          {checkoutText(preview.checkout, preview.base)}
        </Callout>
      ) : null}
      {outcome.kind === 'nothing-to-merge' ? (
        <Callout title="Nothing to merge">{preview.base} has everything that this branch has.</Callout>
      ) : null}
      {outcome.kind === 'conflicts' ? (
        <ConflictSection run={run} conflicts={outcome.conflicts} base={preview.base} onLookAgain={onLookAgain} />
      ) : null}
      {preview.checkout.kind === 'dirty' ? (
        <DirtyCheckout checkout={preview.checkout} base={preview.base} onLookAgain={onLookAgain} />
      ) : null}
      <ElsewhereCallout run={run} />
      {preview.uncommittedFiles.length > 0 ? (
        <Callout
          tone="warning"
          title={`${counted(preview.uncommittedFiles.length, 'file')} with changes that are not committed`}
        >
          They are not part of the merge and stay in the worktree: <Paths paths={preview.uncommittedFiles} />
        </Callout>
      ) : null}
    </>
  );
}

/** The merge is the person's to decide; what they would want to know first stands here. */
function Doubts({ run }: { run: Run }): ReactNode {
  const checks = useMirror((mirror) => mirror.checks?.get(run.id));
  const invariants = useMirror((mirror) => mirror.invariants?.get(run.id));
  const doubts = doubtsOfMerge(summarise(checks), invariants);
  if (doubts === null) return null;
  return (
    <Callout
      tone={doubts.hasFailed ? 'warning' : 'info'}
      title={doubts.hasFailed ? 'Not all of it holds' : 'Not all of it is proved'}
    >
      {doubts.words.join(' · ')}. It can be merged all the same.
    </Callout>
  );
}

const whyNotProved = (unproved: readonly CheckState[]): string | null =>
  unproved.length === 0 ? null : 'What both sides promise has not passed on it yet.';

/** Where the work of several specs was brought together, what each of them promises is no matter of choice. */
function UnprovedSides({ run, unproved }: { run: Run; unproved: readonly CheckState[] }): ReactNode {
  const isBusy = unproved.some(({ state }) => state === 'queued' || state === 'running');
  const failed = unproved.some(({ state, isStale }) => state === 'failed' && !isStale);
  return (
    <Callout
      tone={failed ? 'error' : 'warning'}
      title={failed ? 'What both sides promise does not hold' : 'What both sides promise is not proved yet'}
      actions={
        <Button
          size="sm"
          icon={<Play />}
          busy={isBusy}
          reason={run.presence.worktree ? null : 'Its worktree is gone: checks run on the files in it.'}
          onClick={() => startChecks(run, null, false)}
        >
          Run checks
        </Button>
      }
    >
      It was asked to bring the work of several specs together, and is merged when these have passed on it:
      <ul className={styles.unproved}>
        {unproved.map(({ id, title, otherSpec, evidence }) => (
          <li key={id}>
            {title} {otherSpec === null ? null : `(of “${otherSpec}”)`} {evidence?.reason}
          </li>
        ))}
      </ul>
      What cannot hold any more is to be changed in its spec.
    </Callout>
  );
}

function checkoutText(checkout: CheckoutEffect, base: string): string {
  switch (checkout.kind) {
    case 'fast-forward':
      return `The checkout of ${base} is clean and is brought up to date with it.`;
    case 'not-checked-out':
      return checkout.headBranch === null
        ? 'Your own checkout is not touched.'
        : `Your own checkout is on ${checkout.headBranch} and is not touched.`;
    case 'dirty':
      return '';
  }
}

function DirtyCheckout({
  checkout,
  base,
  onLookAgain,
}: {
  checkout: Extract<CheckoutEffect, { kind: 'dirty' }>;
  base: string;
  onLookAgain: () => void;
}): ReactNode {
  return (
    <Callout
      tone="warning"
      title={`${base} is checked out with changes of yours`}
      actions={
        <Button size="sm" onClick={onLookAgain}>
          Look again
        </Button>
      }
    >
      {checkout.obstacle ??
        `It is left alone: moving ${base} under it would mix your changes with the merge. Commit them there, or switch that checkout to another branch, then merge.`}
      {checkout.files.length > 0 ? (
        <>
          {' '}
          In <code>{checkout.path}</code>: <Paths paths={checkout.files} />
        </>
      ) : null}
    </Callout>
  );
}

const mostPaths = 8;

function Paths({ paths }: { paths: readonly string[] }): ReactNode {
  const rest = paths.length - mostPaths;
  return (
    <>
      {paths.slice(0, mostPaths).map((path, index) => (
        <span key={path}>
          {index > 0 ? ', ' : ''}
          <code>{path}</code>
        </span>
      ))}
      {rest > 0 ? ` and ${String(rest)} more` : ''}
    </>
  );
}

function tellMerged(run: Run, merged: Merged): void {
  notify.success({
    title: `Merged “${run.spec.title}” into ${merged.base}`,
    description:
      merged.checkout === 'fast-forwarded'
        ? `The checkout of ${merged.base} is up to date with it.`
        : 'Your own checkout was not touched.',
    action: {
      label: 'Undo',
      run: () => {
        undoMerge(run, merged);
      },
    },
  });
}

function undoMerge(run: Run, merged: Merged): void {
  perform('Undo the merge', async () => {
    const undone = await host.merges.undo({ projectId: run.projectId, snapshot: merged.snapshot });
    if (undone.ok) {
      notify.success({
        title: `${undone.value.base} is back where it was`,
        description: `At ${undone.value.commit.slice(0, 8)}. The branch ${run.branch} is as it was.`,
      });
      return;
    }
    const notice = undoFailure(undone.error);
    notify.error({ title: notice.title, description: notice.text });
  });
}
