import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { perform } from '#renderer/ui/notify.ts';
import type { CheckState, Evidence } from '#shared/contract/gates.ts';
import type { ProjectId } from '#shared/ids.ts';

import styles from './ChecksBar.module.css';

export interface CheckOutputProps {
  projectId: ProjectId;
  check: CheckState;
  evidence: Evidence;
  onClose: () => void;
}

/** What a check printed, from its end. */
export function CheckOutput({ projectId, check, evidence, onClose }: CheckOutputProps): ReactNode {
  const [output, setOutput] = useState<string | null>(null);
  const { id } = evidence;
  useEffect(() => {
    let isCurrent = true;
    perform('Read the output', async () => {
      const read = await host.gates.log({ projectId, evidenceId: id });
      if (isCurrent) setOutput(read.ok ? read.value : 'Its output was not kept.');
    });
    return () => {
      isCurrent = false;
    };
  }, [projectId, id]);
  return (
    <Dialog
      open
      flush
      size="lg"
      title={`Output of ${check.title}`}
      description={evidence.reason ?? 'It ended with exit code 0.'}
      onClose={onClose}
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
