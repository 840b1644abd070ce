import { Check, CircleDot } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { Segmented } from '#renderer/ui/Segmented.tsx';
import type { ConflictFile, FailedCheck, Resolution, ResolutionProgress } from '#shared/contract/conflicts.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';

import styles from './ConflictDialog.module.css';
import { cannotKeep } from './conflict-failures.ts';
import { markedPlaces } from './conflict-markers.ts';
import { setResolution, useConflictWork } from './conflict-work.ts';
import { ConflictEditor } from './ConflictEditor.tsx';
import { NamesResolution } from './NamesResolution.tsx';

interface Found {
  baseCommit: string;
  branchCommit: string;
  files: readonly ConflictFile[];
}

const nothing: ReadonlyMap<string, Resolution> = new Map();

/** A conflict solved by hand: file by file, checked before it is kept, on the run's branch and nowhere else. */
export function ConflictDialog({ run, onClose }: { run: Run; onClose: () => void }): ReactNode {
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<{ title: string; text: string; failed: readonly FailedCheck[] } | null>(null);
  const [path, setPath] = useState<string | null>(null);
  const [isKeeping, setIsKeeping] = useState(false);
  const [turn, setTurn] = useState(0);
  const progress = useProgress(run);
  useEffect(() => {
    let isStale = false;
    perform('Look at the conflict', async () => {
      const files = await host.conflicts.files({ id: run.id });
      if (isStale) return;
      if (files.ok) setFound(files.value);
      else setProblem({ ...cannotKeep(files.error, run), failed: [] });
    });
    return () => {
      isStale = true;
    };
    // Looked at when it opens, and again when a side has moved meanwhile.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [run.id, turn]);

  const conflict = found === null ? '' : `${run.id} ${found.baseCommit} ${found.branchCommit}`;
  const work = useConflictWork((state) => state.work.get(conflict)) ?? nothing;
  const file = found?.files.find((each) => each.path === path) ?? found?.files[0] ?? null;
  const unsolved = (found?.files ?? []).filter((each) => !isSolved(each, work.get(each.path)));
  const odd = found?.files.find(({ obstacle }) => obstacle !== null);

  const keep = (): void => {
    if (found === null) return;
    perform('Keep the resolution', async () => {
      setIsKeeping(true);
      setProblem(null);
      try {
        const kept = await host.conflicts.keep({
          id: run.id,
          baseCommit: found.baseCommit,
          branchCommit: found.branchCommit,
          files: Array.from(work, ([solved, resolution]) => ({ path: solved, resolution })),
        });
        if (kept.ok) {
          onClose();
          const { checks, unproven } = kept.value;
          notify.success({
            title: `${run.base} is merged into ${run.branch}`,
            description: `${checks === 0 ? 'Nothing was there to check it with.' : `${counted(checks, 'check')} passed on it.`}${unproven.length > 0 ? ` ${counted(unproven.length, 'criterion', 'criteria')} only you can judge.` : ''} It can be undone from Snapshots.`,
          });
          return;
        }
        const { error } = kept;
        setProblem({ ...cannotKeep(error, run), failed: error.kind === 'checks-failed' ? error.failed : [] });
        if (error.kind === 'moved') setTurn((before) => before + 1);
        if (error.kind === 'unsolved') setPath(error.paths[0] ?? null);
      } finally {
        setIsKeeping(false);
      }
    });
  };
  const whyNot =
    found === null
      ? 'Looking at the conflict…'
      : odd
        ? `${odd.path}: ${odd.obstacle ?? ''}`
        : unsolved.length > 0
          ? `Not solved yet: ${unsolved.map((each) => each.path).join(', ')}`
          : null;
  return (
    <Dialog
      open
      flush
      size="xl"
      onClose={onClose}
      title="Solve the conflict by hand"
      description={`${run.base} is merged into ${run.branch}, in its own worktree. ${run.base} and your checkout stay as they are.`}
      footerStart={
        isKeeping && progress.kind === 'checking' ? (
          <span role="status">
            Check {progress.done + 1} of {progress.total}: {progress.title}
          </span>
        ) : null
      }
      footer={
        isKeeping ? (
          <Button
            onClick={() => {
              perform('Cancel the checks', async () => {
                await host.conflicts.cancel({ id: run.id });
              });
            }}
          >
            Cancel the checks
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Close</Button>
            <Button variant="primary" icon={<Check />} reason={whyNot} onClick={keep}>
              Check and keep
            </Button>
          </>
        )
      }
    >
      {problem ? (
        <div className={styles.problem}>
          <Callout tone="error" title={problem.title}>
            {problem.text}
            {problem.failed.map((check) => (
              <details key={`${check.title} ${check.reason}`}>
                <summary>
                  {check.title}: {check.reason}
                </summary>
                {check.output === '' ? null : <pre className={styles.output}>{check.output}</pre>}
              </details>
            ))}
          </Callout>
        </div>
      ) : null}
      {found === null ? (
        problem ? null : (
          <Loading label="Looking at the conflict" />
        )
      ) : (
        <div className={styles.body}>
          <ul className={styles.files} aria-label="Files in conflict">
            {found.files.map((each) => (
              <li key={each.path}>
                <button
                  type="button"
                  className={classNames(styles.file, each === file && styles.chosen)}
                  aria-current={each === file || undefined}
                  onClick={() => setPath(each.path)}
                >
                  {isSolved(each, work.get(each.path)) ? (
                    <Check aria-label="solved" className={styles.solved} />
                  ) : (
                    <CircleDot aria-label="in conflict" className={styles.unsolved} />
                  )}
                  <MiddleTruncate text={shownPath(each)} tail={20} mono />
                </button>
              </li>
            ))}
          </ul>
          <div className={styles.content}>
            {file === null ? null : (
              <FileResolution
                key={`${conflict} ${file.path}`}
                file={file}
                run={run}
                resolution={work.get(file.path)}
                onResolve={(resolution) => setResolution(conflict, file.path, resolution)}
              />
            )}
          </div>
        </div>
      )}
    </Dialog>
  );
}

/** Whether a file can be kept as it stands. */
function isSolved(file: ConflictFile, resolution: Resolution | undefined): boolean {
  if (resolution === undefined || file.obstacle !== null) return false;
  if (resolution.kind === 'names') return [resolution.ours, resolution.theirs].every((name) => name?.trim() !== '');
  return resolution.kind !== 'text' || markedPlaces(resolution.text).length === 0;
}

interface FileResolutionProps {
  file: ConflictFile;
  run: Run;
  resolution: Resolution | undefined;
  onResolve: (resolution: Resolution | null) => void;
}

function FileResolution({ file, run, resolution, onResolve }: FileResolutionProps): ReactNode {
  if (file.obstacle !== null) {
    return (
      <EmptyState compact title="Not by hand">
        {file.obstacle}
      </EmptyState>
    );
  }
  if (file.names !== null) {
    return (
      <NamesResolution file={{ ...file, names: file.names }} run={run} resolution={resolution} onResolve={onResolve} />
    );
  }
  const { marked } = file;
  const sideLabel = (has: boolean, name: string): string => (has ? `As in ${name}` : `Deleted, as in ${name}`);
  return (
    <div className={styles.resolution}>
      <div className={styles.choice}>
        <Segmented
          size="sm"
          label="What becomes of the file"
          value={kindOf(resolution) ?? (marked === null ? 'none' : 'text')}
          options={[
            ...(marked === null ? [] : [{ value: 'text' as const, label: 'Merge the lines' }]),
            { value: 'ours' as const, label: sideLabel(file.has.ours, run.base) },
            { value: 'theirs' as const, label: sideLabel(file.has.theirs, run.branch) },
          ]}
          onChange={(kind) => {
            if (kind === 'text') onResolve({ kind, text: marked ?? '' });
            else if (kind !== 'none') onResolve({ kind });
          }}
        />
      </div>
      {marked !== null && (resolution === undefined || resolution.kind === 'text') ? (
        <ConflictEditor
          file={{ ...file, marked }}
          base={run.base}
          branch={run.branch}
          text={resolution?.text ?? marked}
          onText={(text) => onResolve({ kind: 'text', text })}
        />
      ) : (
        <EmptyState compact title={resolution === undefined ? 'Choose a side' : 'One side as it is'}>
          {resolution === undefined
            ? 'There are no lines to merge here: one side deleted the file, or it is no text.'
            : 'Nothing of the other side’s changes to this file is kept.'}
        </EmptyState>
      )}
    </div>
  );
}

/** Without what Git puts behind the name of a file that cannot stay where it is. */
const shownPath = ({ path, names }: ConflictFile): string =>
  names === null ? path : path.replace(/~[0-9a-f]{40,64}(?:_\d+)?$/u, '');

/** A conflict of lines has no names; a resolution of names is another file's. */
const kindOf = (resolution: Resolution | undefined): 'text' | 'ours' | 'theirs' | undefined =>
  resolution?.kind === 'names' ? undefined : resolution?.kind;

function useProgress(run: Run): ResolutionProgress {
  const [progress, setProgress] = useState<ResolutionProgress>({ kind: 'idle' });
  useEffect(() => {
    const feed = host.conflicts.onDidProgress({ id: run.id }, setProgress);
    return () => {
      feed.dispose();
    };
  }, [run.id]);
  return progress;
}
