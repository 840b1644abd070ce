import { Layers } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { summarise } from '#renderer/state/check-summary.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { VariantsState } from '#shared/contract/variants.ts';
import { counted } from '#shared/counted.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

import { choose } from './chosen.ts';
import type { Column } from './column.ts';
import { takeRequest, type Picks, type TakeSum } from './picks.ts';
import { takeFailure, type Notice } from './take-failures.ts';
import styles from './VariantDialogs.module.css';

interface TakeFilesDialogProps {
  slug: SpecSlug;
  state: VariantsState;
  columns: readonly Column[];
  picks: Picks;
  sum: TakeSum;
  onClose: () => void;
}

/** What taking files of several variants makes, said before it is done; and then the branch, as a run of its own. */
export function TakeFilesDialog({
  slug,
  state,
  columns,
  picks,
  sum: present,
  onClose,
}: TakeFilesDialogProps): ReactNode {
  const project = useProject();
  const [branch, setBranch] = useState(state.proposedBranch);
  const [failure, setFailure] = useState<Notice | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  // What the person has seen is what is taken, also when the comparison goes on under the dialog.
  const [{ seen, sum }] = useState({ seen: state, sum: present });
  const name = useRef<HTMLInputElement>(null);
  const nameOf = (id: RunId): string => columns.find(({ run }) => run.id === id)?.name ?? 'A variant';
  const taken = sum.from.flatMap((each) => columns.find(({ run }) => run.id === each.runId) ?? []);
  const uncommitted = taken.filter(({ variant }) => variant.hasUncommitted);
  const atWork = taken.filter(({ run }) => run.status.kind === 'working');
  const [first] = taken;
  const gates = useMirror((mirror) => (first ? summarise(mirror.checks?.get(first.run.id)).gates.total : 0));

  const take = (): void => {
    perform('Take the files', async () => {
      const { from, files, variants } = seen;
      if (from === null) return;
      setIsBusy(true);
      setFailure(null);
      try {
        const request = takeRequest(files, variants, picks);
        const answer = await host.variants.take({
          projectId: project.id,
          slug,
          from,
          ...request,
          branch: branch.trim(),
        });
        if (!answer.ok) {
          setFailure(takeFailure(answer.error, nameOf));
          return;
        }
        // They are in the branch now; what is chosen next begins anew.
        choose(project.id, slug, () => ({ picks: new Map() }));
        onClose();
        notify.success({
          title: `Took ${counted(request.picks.length, 'file')} into ${branch.trim()}`,
          description: 'It is a run of its own now. Its checks run by themselves when its worktree is there.',
        });
        useView.getState().showReview(answer.value.runId);
      } finally {
        setIsBusy(false);
      }
    });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="md"
      title="Take files from several variants"
      description={`A new branch and a worktree are made, beside the variants. They stay as they are, and so does ${first?.run.base ?? 'the base'}.`}
      initialFocus={name}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            icon={<Layers />}
            busy={isBusy}
            reason={branch.trim() === '' ? 'The branch needs a name.' : null}
            onClick={take}
          >
            Make the branch
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
        <ul className={styles.taken} aria-label="What is taken">
          {sum.from.map(({ runId, files }) => (
            <li key={runId}>
              {counted(files, 'file')} from <strong>{nameOf(runId)}</strong>
            </li>
          ))}
          {sum.asBefore > 0 ? <li>{counted(sum.asBefore, 'file')} as before the variants began</li> : null}
        </ul>
        <TextField label="Branch" mono inputRef={name} value={branch} onChange={setBranch} />
        <p className={styles.note}>
          One commit says which file came from which run. The new run has no agent; one can be sent into it with
          “Continue with…”. {gateWords(gates, project)}
        </p>
        {uncommitted.length > 0 ? (
          <Callout compact>
            What is not committed in {uncommitted.map((column) => column.name).join(', ')} is taken, too.
          </Callout>
        ) : null}
        {atWork.length > 0 ? (
          <Callout tone="warning" compact>
            {atWork.map((column) => column.name).join(', ')} {atWork.length === 1 ? 'is' : 'are'} still at work. If a
            file changes before you press the button, nothing is taken and you are told.
          </Callout>
        ) : null}
      </div>
    </Dialog>
  );
}

function gateWords(gates: number, { trust }: ReturnType<typeof useProject>): string {
  if (gates === 0) return 'This project has no gates to run on it.';
  return trust.kind === 'asks'
    ? 'The gates run on it once this project’s commands are allowed.'
    : 'The gates run on it by themselves.';
}
