import { Check, CircleDashed, FlaskConical, ScrollText, Square, X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { tellNotTrusted } from '#renderer/state/tell-not-trusted.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import type { PairCheck, PairGate } from '#shared/contract/pairs.ts';
import type { RunId } from '#shared/ids.ts';
import { assertNever } from '#shared/result.ts';

import styles from './PairDetails.module.css';

/** The project's gates on what the two come to together: run when the person asks, and what came of it last. */
export function PairGates({ a, b }: { a: RunId; b: RunId | null }): ReactNode {
  const project = useProject();
  const checks = useMirror((mirror) => mirror.pairChecks) ?? [];
  const known = checks.find((check) => (check.a === a && check.b === b) || (check.a === b && check.b === a));
  const running = checks.find(({ state }) => state === 'running');
  const [shown, setShown] = useState<PairGate | null>(null);
  const isRunning = known?.state === 'running';
  return (
    <section className={styles.gates} aria-label="The gates on the two together">
      <header>
        <h3 className={styles.heading}>The gates on the two together</h3>
        {known && !isRunning ? (
          <span className={styles.reason}>
            <RelativeTime at={known.at} ago />
          </span>
        ) : null}
        {known?.isStale ? <Badge quiet>of an earlier state</Badge> : null}
        {isRunning ? (
          <Button
            size="sm"
            icon={<Square />}
            onClick={() => {
              perform('Cancel the gates', async () => {
                await host.pairs.cancel({ projectId: project.id });
              });
            }}
          >
            Cancel
          </Button>
        ) : (
          <Button
            size="sm"
            icon={<FlaskConical />}
            reason={running ? 'The gates of another pair are running.' : null}
            onClick={() => start(a, b)}
          >
            {known ? 'Run them again' : 'Run the gates'}
          </Button>
        )}
      </header>
      {known ? (
        <>
          {known.detail === null ? null : known.state === 'failed' ? (
            <Callout tone="error" compact title="They could not be run">
              {known.detail}
            </Callout>
          ) : (
            <p className={styles.reason}>{known.detail}</p>
          )}
          <ul>
            {known.gates.map((gate) => (
              <li key={gate.id} data-state={gate.state}>
                {signs[gate.state]}
                <div>
                  <p className={styles.words}>
                    {gate.title} <span className={styles.reason}>{words(gate, known)}</span>
                  </p>
                  {gate.reason === null ? null : <p className={styles.reason}>{gate.reason}</p>}
                </div>
                <IconButton
                  size="sm"
                  label={`Output of ${gate.title}`}
                  icon={<ScrollText />}
                  reason={gate.evidenceId === null ? 'There is no output yet.' : null}
                  onClick={() => {
                    setShown(gate);
                  }}
                />
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className={styles.reason}>
          Not run yet. They run on the merged files in a worktree of their own; neither branch is touched.
        </p>
      )}
      {shown?.evidenceId ? (
        <GateOutput title={shown.title} evidenceId={shown.evidenceId} onClose={() => setShown(null)} />
      ) : null}
    </section>
  );
}

const signs: Readonly<Record<PairGate['state'], ReactNode>> = {
  waiting: <CircleDashed aria-hidden />,
  running: <Spinner />,
  passed: <Check aria-hidden />,
  failed: <X aria-hidden />,
};

function words({ state }: PairGate, { state: whole }: PairCheck): string {
  switch (state) {
    case 'waiting':
      return whole === 'running' ? 'waiting' : 'not run';
    case 'running':
      return whole === 'running' ? 'running' : 'not finished';
    case 'passed':
      return 'passed';
    case 'failed':
      return 'failed';
  }
}

function start(a: RunId, b: RunId | null): void {
  perform('Run the gates on the two together', async () => {
    const started = await host.pairs.check({ a, b });
    if (started.ok) return;
    const { error } = started;
    switch (error.kind) {
      case 'not-trusted':
        tellNotTrusted();
        return;
      case 'no-gates':
        notify.info({
          title: 'There are no gates to run',
          description: 'Declare some in .switchyard/config.yaml, under gates: commands whose exit code says yes or no.',
        });
        return;
      case 'unreadable-checks':
        notify.warn({
          title: 'A check cannot be read',
          description: `Nothing was run: the others alone prove little. ${error.problems[0] ?? ''}`,
        });
        return;
      case 'busy':
        notify.info({ title: 'The gates of another pair are running', description: 'Try again when they are done.' });
        return;
      case 'conflicts':
        notify.warn({
          title: 'The two collide by now',
          description: `${error.paths.slice(0, 3).join(', ')} do not merge, so there is nothing to run gates on.`,
        });
        return;
      case 'unrelated':
      case 'run-missing':
        notify.warn({ title: 'The two cannot be merged', description: 'One of the branches is gone, or unrelated.' });
        return;
      default:
        assertNever(error);
    }
  });
}

function GateOutput({
  title,
  evidenceId,
  onClose,
}: {
  title: string;
  evidenceId: string;
  onClose: () => void;
}): ReactNode {
  const project = useProject();
  const [output, setOutput] = useState<string | null>(null);
  useEffect(() => {
    let isCurrent = true;
    perform('Read the output', async () => {
      const log = await host.gates.log({ projectId: project.id, evidenceId });
      if (isCurrent) setOutput(log.ok ? log.value : 'The output was not kept.');
    });
    return () => {
      isCurrent = false;
    };
  }, [project.id, evidenceId]);
  return (
    <Dialog
      open
      onClose={onClose}
      size="xl"
      flush
      title={`Output of ${title}`}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {output === null ? (
        <Loading label="Reading the output" />
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard has to reach it
        <pre className={styles.output} tabIndex={0}>
          {output === '' ? 'It printed nothing.' : output}
        </pre>
      )}
    </Dialog>
  );
}
