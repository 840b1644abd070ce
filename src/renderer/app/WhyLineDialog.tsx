import { useEffect, useState, type ReactNode } from 'react';

import { useView } from '#renderer/state/view.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { notify, perform, reportFault } from '#renderer/ui/notify.ts';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import type { LineOrigin, OriginCommit, OriginRun } from '#shared/contract/provenance.ts';
import type { DecisionKind } from '#shared/contract/runs.ts';
import type { RunId } from '#shared/ids.ts';

import { host } from './host.ts';
import styles from './WhyLineDialog.module.css';

interface WhyLineDialogProps {
  runId: RunId;
  path: string;
  line: number;
  side: 'before' | 'after';
  onClose: () => void;
}

type Asked = { kind: 'asking' } | { kind: 'origin'; origin: LineOrigin } | { kind: 'failed'; text: string };

/** Why a line is there: its commit, how it came into the base, and the run, spec, prompt and decision behind it. */
export function WhyLineDialog({ runId, path, line, side, onClose }: WhyLineDialogProps): ReactNode {
  const [asked, setAsked] = useState<Asked>({ kind: 'asking' });
  useEffect(() => {
    let isStale = false;
    host.provenance
      .line({ id: runId, path, line, side })
      .then((answer) => {
        if (isStale) return;
        if (answer.ok) setAsked({ kind: 'origin', origin: answer.value });
        else setAsked({ kind: 'failed', text: failureText(answer.error) });
      })
      .catch((error: unknown) => {
        if (!isStale) reportFault('Find out where the line comes from', error);
      });
    return () => {
      isStale = true;
    };
  }, [runId, path, line, side]);
  return (
    <Dialog
      open
      size="md"
      onClose={onClose}
      title="Why is this line here?"
      description={
        <code>
          {path}:{line}
          {side === 'before' ? ', before the change' : ''}
        </code>
      }
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {asked.kind === 'asking' ? (
        <Loading label="Looking through the history" />
      ) : asked.kind === 'failed' ? (
        <Callout tone="error" title="It could not be found out">
          {asked.text}
        </Callout>
      ) : (
        <Origin origin={asked.origin} onClose={onClose} />
      )}
    </Dialog>
  );
}

function failureText(
  failure: { kind: 'run-missing' } | { kind: 'line-missing' } | { kind: 'git-failed'; message: string },
): string {
  switch (failure.kind) {
    case 'run-missing':
      return 'This run is no longer there.';
    case 'line-missing':
      return 'Git knows nothing of this line: the file is not in any commit yet, or it has changed just now.';
    case 'git-failed':
      return failure.message;
  }
}

function Origin({ origin, onClose }: { origin: LineOrigin; onClose: () => void }): ReactNode {
  const { text, commit, arrival, run, spec, trailers } = origin;
  const isSame = arrival !== null && arrival.hash === commit?.hash;
  const gates = trailers.find(({ key }) => key === 'Gates')?.value;
  return (
    <div className={styles.origin}>
      <pre className={styles.text}>{text === '' ? ' ' : text}</pre>
      <dl className={styles.list}>
        <dt>Written</dt>
        <dd>{commit === null ? 'Not committed yet' : <CommitLine commit={commit} />}</dd>
        <dt>In the base</dt>
        <dd>
          {arrival === null ? (
            'Not merged yet'
          ) : isSame ? (
            `With that commit, into ${arrival.base}`
          ) : (
            <>
              Into {arrival.base} with <CommitLine commit={arrival} />
            </>
          )}
          {gates === undefined ? null : <p className={styles.note}>Gates: {gates}</p>}
        </dd>
        <dt>Spec</dt>
        <dd>
          {spec === null ? (
            'None is named'
          ) : (
            <span className={styles.row}>
              <span dir="auto">{spec.title}</span>
              <Button
                size="sm"
                variant="ghost"
                onClick={() => {
                  onClose();
                  useView.getState().showSpec(spec.slug);
                }}
              >
                Open
              </Button>
            </span>
          )}
        </dd>
        <dt>Run</dt>
        <dd>
          {run === null ? (
            'None on record: it was made outside, or its run was deleted for good'
          ) : (
            <RunLine run={run} onClose={onClose} />
          )}
        </dd>
      </dl>
      {run?.hasPrompt ? <PromptText key={run.id} id={run.id} /> : null}
    </div>
  );
}

function CommitLine({ commit }: { commit: OriginCommit }): ReactNode {
  return (
    <>
      <code>{commit.hash.slice(0, 9)}</code> <span dir="auto">{commit.subject}</span>
      <p className={styles.note}>
        {commit.author}, <RelativeTime at={commit.at} ago />
      </p>
    </>
  );
}

const decisionWords: Readonly<Record<DecisionKind, string>> = {
  pending: 'not decided',
  keep: 'kept',
  modify: 'sent back',
  discard: 'discarded',
};

function RunLine({ run, onClose }: { run: OriginRun; onClose: () => void }): ReactNode {
  const { title, agent, branch, decision, isThis, isDeleted, id } = run;
  return (
    <>
      <span className={styles.row}>
        <span>
          <span dir="auto">{title}</span>, by {agent}
        </span>
        {isThis ? (
          <Badge quiet>this run</Badge>
        ) : isDeleted ? (
          <Badge quiet>deleted</Badge>
        ) : (
          <Button
            size="sm"
            variant="ghost"
            onClick={() => {
              onClose();
              useView.getState().showReview(id);
            }}
          >
            Review
          </Button>
        )}
      </span>
      <p className={styles.note}>
        <code>{branch}</code>, {decisionWords[decision.kind]}
        {decision.at === null ? null : (
          <>
            {' '}
            <RelativeTime at={decision.at} ago />
          </>
        )}
        {decision.reason === '' ? '' : `: ${decision.reason}`}
        {isDeleted ? '. It can be brought back from Snapshots.' : ''}
      </p>
    </>
  );
}

/** What the run was told, asked for when it is wanted. */
function PromptText({ id }: { id: RunId }): ReactNode {
  const [text, setText] = useState<string | null>(null);
  if (text !== null) {
    return (
      <pre className={styles.prompt} aria-label="The prompt that was sent">
        {text}
      </pre>
    );
  }
  return (
    <div>
      <Button
        size="sm"
        onClick={() => {
          perform('Read the prompt', async () => {
            const prompt = await host.runs.prompt({ id });
            if (prompt.ok) setText(prompt.value.text);
            else notify.info({ title: 'The prompt is no longer on record' });
          });
        }}
      >
        Show the prompt that was sent
      </Button>
    </div>
  );
}
