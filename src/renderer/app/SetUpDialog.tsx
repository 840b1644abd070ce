import { FileCheck2, FilePlus2 } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { useProject } from '#renderer/state/mirror.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import type { SetupFile } from '#shared/contract/projects.ts';
import { counted } from '#shared/counted.ts';

import { host } from './host.ts';
import styles from './SetUpDialog.module.css';

/** Shows every file that setting up would write, with its text, and writes those that are not there yet. */
export function SetUpDialog({ onClose }: { onClose: () => void }): ReactNode {
  const project = useProject();
  const [files, setFiles] = useState<readonly SetupFile[] | null>(null);
  const [shownPath, setShownPath] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  useEffect(() => {
    let isCurrent = true;
    perform('Plan the set-up', async () => {
      const planned = await host.projects.planSetup({ projectId: project.id });
      if (isCurrent && planned.ok) setFiles(planned.value);
    });
    return () => {
      isCurrent = false;
    };
  }, [project.id]);

  const fresh = files?.filter((file) => !file.exists) ?? [];
  const shown = files?.find((file) => file.path === shownPath) ?? fresh[0] ?? files?.[0];

  const setUp = (): void => {
    perform('Set up the project', async () => {
      setIsBusy(true);
      setProblem(null);
      try {
        const done = await host.projects.setUp({ projectId: project.id });
        if (done.ok) {
          notify.success({
            title: `Wrote ${counted(done.value.written.length, 'file')}`,
            description: 'They are not committed: look at them, then commit them like any other change.',
          });
          onClose();
        } else {
          setProblem(
            `${done.error.path} could not be written: ${done.error.message}. Files written before it stay; it can be tried again.`,
          );
        }
      } finally {
        setIsBusy(false);
      }
    });
  };

  return (
    <Dialog
      open
      flush
      onClose={onClose}
      size="xl"
      title={`Set up ${project.name}`}
      description="Plain files in your repository. Nothing is overwritten and nothing is committed."
      footerStart={
        files
          ? `${counted(fresh.length, 'file')} to write${files.length > fresh.length ? `, ${String(files.length - fresh.length)} already there` : ''}`
          : null
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            busy={isBusy}
            reason={files && fresh.length === 0 ? 'Every file is there already.' : files ? null : 'Still looking.'}
            onClick={setUp}
          >
            {fresh.length > 0 ? `Write ${counted(fresh.length, 'file')}` : 'Write files'}
          </Button>
        </>
      }
    >
      {problem ? (
        <div className={styles.problem}>
          <Callout tone="error">{problem}</Callout>
        </div>
      ) : null}
      <div className={styles.split}>
        <ul className={styles.files} aria-label="Files">
          {files ? (
            files.map((file) => (
              <li key={file.path}>
                <button
                  type="button"
                  className={classNames(styles.file, file === shown && styles.chosen)}
                  aria-current={file === shown || undefined}
                  onClick={() => {
                    setShownPath(file.path);
                  }}
                >
                  {file.exists ? <FileCheck2 aria-hidden /> : <FilePlus2 aria-hidden className={styles.new} />}
                  <span className={styles.path}>{file.path}</span>
                  {file.exists ? <span className={styles.kept}>there already</span> : null}
                </button>
              </li>
            ))
          ) : (
            <li className={styles.waiting}>
              <Spinner label="Looking what would be written" />
            </li>
          )}
        </ul>
        <div className={styles.preview}>
          {shown?.exists ? (
            <p className={styles.note}>This file is there already and is not touched. It would otherwise say:</p>
          ) : null}
          <pre className={styles.text}>{shown?.text}</pre>
        </div>
      </div>
    </Dialog>
  );
}
