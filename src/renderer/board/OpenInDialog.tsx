import { AppWindow, FolderOpen, SquareTerminal } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { perform } from '#renderer/ui/notify.ts';
import type { OpenTarget } from '#shared/contract/open-in.ts';
import type { Run } from '#shared/contract/runs.ts';
import { assertNever } from '#shared/result.ts';

import styles from './OpenInDialog.module.css';

const icons = { editor: <AppWindow />, terminal: <SquareTerminal />, files: <FolderOpen /> };

/** Opens a run's worktree in a program of this machine: those that are there as buttons, the others in small print. */
export function OpenInDialog({ run, onClose }: { run: Run; onClose: () => void }): ReactNode {
  const [targets, setTargets] = useState<readonly OpenTarget[] | null>(null);
  const [opening, setOpening] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let isCurrent = true;
    perform('Look for programs', async () => {
      const listed = await host.openIn.list({});
      if (isCurrent && listed.ok) setTargets(listed.value);
    });
    return () => {
      isCurrent = false;
    };
  }, []);
  const there = targets?.filter(({ missing }) => missing === null) ?? [];
  const missing = targets?.filter((target) => target.missing !== null) ?? [];

  const open = (target: OpenTarget): void => {
    perform('Open the worktree elsewhere', async () => {
      setOpening(target.id);
      setProblem(null);
      try {
        const opened = await host.openIn.open({ id: run.id, target: target.id });
        if (opened.ok) {
          onClose();
          return;
        }
        const { error } = opened;
        switch (error.kind) {
          case 'run-missing':
            setProblem('This run is no longer there. Nothing was opened.');
            return;
          case 'worktree-missing':
            setProblem(`${run.worktreePath} is gone. What was committed is safe on ${run.branch}.`);
            return;
          case 'not-there':
            setProblem(`${target.label} is not there any more. ${error.missing}`);
            return;
          case 'could-not-start':
            setProblem(`${error.message} Nothing was changed.`);
            return;
          default:
            assertNever(error);
        }
      } finally {
        setOpening(null);
      }
    });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="sm"
      title={`Open “${run.spec.title}” in…`}
      description="The worktree of this run, on the machine that Switchyard runs on. Its agent goes on."
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <div className={styles.body}>
        {problem === null ? null : <Callout tone="error">{problem}</Callout>}
        {targets === null ? (
          <Loading label="Looking which programs are there" />
        ) : (
          <ul className={styles.there} aria-label="Programs on this machine">
            {there.map((target) => (
              <li key={target.id}>
                <Button
                  icon={icons[target.kind]}
                  busy={opening === target.id}
                  reason={opening !== null && opening !== target.id ? 'Another one is being opened.' : null}
                  onClick={() => {
                    open(target);
                  }}
                >
                  {target.label}
                </Button>
                {target.note === null ? null : <span className={styles.note}>{target.note}</span>}
              </li>
            ))}
          </ul>
        )}
        {targets !== null && there.length === 0 ? (
          <Callout tone="info" title="None of the programs that are known here was found on PATH">
            The worktree is <code>{run.worktreePath}</code>.
          </Callout>
        ) : null}
        {missing.length > 0 ? (
          <details className={styles.missing}>
            <summary>Not found on this machine ({missing.length})</summary>
            <dl>
              {missing.map((target) => (
                <div key={target.id}>
                  <dt>{target.label}</dt>
                  <dd>{target.missing}</dd>
                </div>
              ))}
            </dl>
          </details>
        ) : null}
      </div>
    </Dialog>
  );
}
