import { useState, type ReactNode } from 'react';

import { useProject } from '#renderer/state/mirror.ts';
import { Callout } from '#renderer/ui/Callout.tsx';
import { ConfirmDialog } from '#renderer/ui/ConfirmDialog.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';

import { host } from './host.ts';
import styles from './TrustDialog.module.css';

/** Names every command that the repository's config would run on this machine, and asks whether they may. */
export function TrustDialog({ onClose }: { onClose: () => void }): ReactNode {
  const project = useProject();
  const { trust } = project;
  const [isBusy, setIsBusy] = useState(false);
  const [hasChanged, setHasChanged] = useState(false);

  if (trust.kind !== 'asks') {
    return (
      <Dialog
        open
        onClose={onClose}
        size="sm"
        title="Nothing to allow"
        description={
          trust.kind === 'trusted'
            ? 'You have allowed the commands of this project’s config. You are asked again when they change.'
            : 'This project’s config names no command to run.'
        }
      />
    );
  }
  const allow = (): void => {
    perform('Allow the commands', async () => {
      setIsBusy(true);
      try {
        const trusted = await host.projects.trust({ projectId: project.id, fingerprint: trust.fingerprint });
        if (trusted.ok) {
          notify.success({ title: 'The commands may run', description: 'You are asked again when they change.' });
          onClose();
        } else setHasChanged(true);
      } finally {
        setIsBusy(false);
      }
    });
  };
  return (
    <ConfirmDialog
      open
      size="md"
      title={`May ${project.name} run these commands?`}
      description="They are written in .switchyard/config.yaml, a file of the repository that agents can change. They run as you, on this machine. You are asked again whenever they change."
      confirmLabel="Allow these commands"
      cancelLabel="Not now"
      busy={isBusy}
      onConfirm={allow}
      onClose={onClose}
    >
      <div className={styles.body}>
        {hasChanged ? (
          <Callout tone="warning" title="They changed while you were reading">
            Nothing was allowed. These are the commands as they are now.
          </Callout>
        ) : null}
        <ul className={styles.list}>
          {trust.commands.map(({ where, command }) => (
            <li key={`${where} ${command}`} className={styles.command}>
              <span className={styles.where}>{where}</span>
              <pre className={styles.text}>{command}</pre>
            </li>
          ))}
        </ul>
      </div>
    </ConfirmDialog>
  );
}
