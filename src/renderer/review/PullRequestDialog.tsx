import { GitPullRequest, Upload } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { pullRequestFailure } from '#renderer/state/pull-request-failures.ts';
import { longWords, openOnGithub } from '#renderer/state/pull-requests.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { notify, perform, reportFault } from '#renderer/ui/notify.ts';
import { Segmented } from '#renderer/ui/Segmented.tsx';
import { Select } from '#renderer/ui/Select.tsx';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { PullRequest, PullRequestPlan } from '#shared/contract/pull-requests.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';

import { ElsewhereCallout } from './ElsewhereCallout.tsx';
import { PlannedPush } from './PlannedPush.tsx';
import { usePullRequestProgress } from './PullRequestBar.tsx';
import styles from './PullRequestDialog.module.css';

interface Notice {
  title: string;
  text: string;
}
type Looked = { kind: 'looking' } | { kind: 'plan'; plan: PullRequestPlan } | { kind: 'cannot'; notice: Notice };
interface Words {
  title: string;
  body: string;
  base: string;
}

const stepWords = {
  looking: 'Looking at the remote…',
  pushing: 'Pushing the branch…',
  opening: 'Opening the pull request…',
  reading: 'Reading its state…',
} as const;

/** What would be pushed where, before anything is; what the pull request says; and then both. */
export function PullRequestDialog({ run, onClose }: { run: Run; onClose: () => void }): ReactNode {
  const [choice, setChoice] = useState<{ remote: string | null; target: string | null }>({
    remote: null,
    target: null,
  });
  const [found, setFound] = useState<{ of: string; looked: Looked } | null>(null);
  const [words, setWords] = useState<Partial<Words>>({});
  const [isDraft, setIsDraft] = useState(false);
  const [failure, setFailure] = useState<Notice | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  const progress = usePullRequestProgress(run.id);

  const { remote, target } = choice;
  const question = JSON.stringify([run.id, remote, target, turn]);
  useEffect(() => {
    let isStale = false;
    host.pullRequests
      .plan({ id: run.id, remote, target })
      .then((answer) => {
        if (isStale) return;
        const looked: Looked = answer.ok
          ? { kind: 'plan', plan: answer.value }
          : { kind: 'cannot', notice: pullRequestFailure(answer.error) };
        setFound({ of: question, looked });
      })
      .catch((error: unknown) => {
        if (!isStale) reportFault('Look at what would be pushed', error);
      });
    return () => {
      isStale = true;
    };
  }, [run.id, remote, target, question]);
  const looked: Looked = found?.of === question ? found.looked : { kind: 'looking' };

  const plan = looked.kind === 'plan' ? looked.plan : null;
  const lookAgain = (): void => {
    setTurn((before) => before + 1);
  };
  const shown: Words = {
    title: words.title ?? plan?.title ?? '',
    body: words.body ?? plan?.body ?? '',
    base: words.base ?? plan?.base ?? '',
  };

  const open = (found: PullRequestPlan): void => {
    perform('Open the pull request', async () => {
      setIsBusy(true);
      setFailure(null);
      try {
        const opened = await host.pullRequests.open({
          id: run.id,
          remote: found.remote,
          address: found.remotes.find(({ name }) => name === found.remote)?.address ?? '',
          branchCommit: found.branchCommit,
          target: found.target,
          request: found.existing ? null : { ...shown, isDraft },
        });
        if (opened.ok) {
          onClose();
          tellOpened(found, opened.value);
          return;
        }
        setFailure(pullRequestFailure(opened.error));
        lookAgain();
      } finally {
        setIsBusy(false);
      }
    });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="lg"
      title="Pull request"
      description={
        <>
          <code>{run.branch}</code>, by {run.agent.label}
        </>
      }
      footerStart={
        isBusy && progress.kind === 'working' ? (
          <span className={styles.looking} role="status">
            {stepWords[progress.step]}
          </span>
        ) : null
      }
      footer={
        <>
          {isBusy ? (
            <Button onClick={() => endIt(run)}>End it</Button>
          ) : (
            <Button onClick={onClose}>{plan?.existing ? 'Close' : 'Cancel'}</Button>
          )}
          <Button
            variant="primary"
            icon={plan?.existing ? <Upload /> : <GitPullRequest />}
            busy={isBusy}
            reason={isBusy ? null : whyNot(looked, shown)}
            onClick={() => {
              if (plan) open(plan);
            }}
          >
            {plan?.existing ? pushWords(plan.commits.total) : 'Push and open'}
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
        {looked.kind === 'looking' ? (
          <p className={styles.looking}>
            <Spinner /> Looking at what would be pushed where…
          </p>
        ) : looked.kind === 'cannot' ? (
          <Callout
            tone="warning"
            title={looked.notice.title}
            actions={
              <Button size="sm" onClick={lookAgain}>
                Look again
              </Button>
            }
          >
            {looked.notice.text}
          </Callout>
        ) : (
          <>
            {looked.plan.existing ? <Existing pullRequest={looked.plan.existing} /> : null}
            <Places plan={looked.plan} onChoose={setChoice} />
            <PlannedPush plan={looked.plan} base={shown.base} />
            <ElsewhereCallout run={run} />
            {looked.plan.existing ? null : (
              <Request words={shown} isDraft={isDraft} onWords={setWords} onDraft={setIsDraft} />
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

const pushWords = (commits: number): string => (commits === 0 ? 'Push' : `Push ${counted(commits, 'commit')}`);

function whyNot(looked: Looked, { title, base }: Words): string | null {
  if (looked.kind === 'looking') return 'Looking at what would be pushed…';
  if (looked.kind === 'cannot') return looked.notice.title;
  const { plan } = looked;
  if (!plan.isForward) return 'The branch on the remote has commits that this one has not.';
  if (plan.existing) return plan.commits.total === 0 ? 'It has all commits of this branch already.' : null;
  if (title.trim() === '') return 'It needs a title.';
  if (base.trim() === '') return 'Say which branch it is to be merged into.';
  if (base.trim() === plan.branch && plan.target === plan.repository) return 'A branch cannot be merged into itself.';
  return null;
}

function Existing({ pullRequest }: { pullRequest: PullRequest }): ReactNode {
  return (
    <Callout
      title={`${pullRequest.repository}#${String(pullRequest.number)} is there for this branch`}
      actions={
        <Button size="sm" onClick={() => openOnGithub(pullRequest)}>
          Show it on GitHub
        </Button>
      }
    >
      {longWords(pullRequest).join(' · ')}. Commits that are pushed become part of it.
    </Callout>
  );
}

interface PlacesProps {
  plan: PullRequestPlan;
  onChoose: (choice: { remote: string; target: string | null }) => void;
}

/** Where to push, and where to ask, as far as there is a choice. */
function Places({ plan, onChoose }: PlacesProps): ReactNode {
  const { remotes, remote, targets, target } = plan;
  if (remotes.length < 2 && targets.length < 2) return null;
  return (
    <div className={styles.places}>
      {remotes.length < 2 ? null : (
        <Select
          label="Push to"
          value={remote}
          options={remotes.map(({ name, address, obstacle }) => ({
            value: name,
            label: name,
            description: address,
            reason: obstacle,
          }))}
          onChange={(next) => onChoose({ remote: next, target: null })}
        />
      )}
      {targets.length < 2 ? null : (
        <Select
          label="Ask for the merge in"
          value={target}
          options={targets.map((each) => ({
            value: each,
            label: each,
            description: each === plan.repository ? 'Where it is pushed to' : 'What that was forked from',
          }))}
          onChange={(next) => onChoose({ remote, target: next })}
        />
      )}
    </div>
  );
}

interface RequestProps {
  words: Words;
  isDraft: boolean;
  onWords: (change: (before: Partial<Words>) => Partial<Words>) => void;
  onDraft: (isDraft: boolean) => void;
}

/** What the pull request says. */
function Request({ words, isDraft, onWords, onDraft }: RequestProps): ReactNode {
  const change = (part: keyof Words) => (text: string) => onWords((before) => ({ ...before, [part]: text }));
  return (
    <>
      <TextField label="Title" value={words.title} onChange={change('title')} input={{ maxLength: 256 }} />
      <TextField
        label="Description"
        mono
        lines={9}
        value={words.body}
        hint="The spec, and what is proved of exactly the commit that is pushed. Everybody who can see the repository reads it."
        onChange={change('body')}
      />
      <div className={styles.kind}>
        <Segmented
          label="Draft or ready"
          value={isDraft ? 'draft' : 'ready'}
          options={[
            { value: 'ready', label: 'Ready for review' },
            { value: 'draft', label: 'Draft' },
          ]}
          onChange={(next) => onDraft(next === 'draft')}
        />
        <TextField label="To be merged into" mono value={words.base} onChange={change('base')} />
      </div>
    </>
  );
}

const endIt = (run: Run): void => {
  perform('End the push', async () => {
    await host.pullRequests.cancel({ id: run.id });
  });
};

function tellOpened(plan: PullRequestPlan, opened: { pullRequest: PullRequest | null; pushed: boolean }): void {
  const { pullRequest, pushed } = opened;
  const where = `${plan.branch} is on ${plan.repository}.`;
  if (pullRequest === null) {
    notify.success({ title: 'The branch is pushed', description: where });
    return;
  }
  const name = `${pullRequest.repository}#${String(pullRequest.number)}`;
  notify.success({
    title: plan.existing ? (pushed ? `${name} has the new commits` : `${name} had them already`) : `Opened ${name}`,
    description: `${where} Its state and its comments are shown with the run.`,
    action: { label: 'On GitHub', run: () => openOnGithub(pullRequest) },
  });
}
