import { FileSearch, RefreshCw } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { perform, reportFault } from '#renderer/ui/notify.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';

import { DraftReview } from './DraftReview.tsx';
import { leftDrafts, startDrafts, withEdits, type EditedDraft } from './edited-drafts.ts';
import { writeDrafts } from './write-drafts.ts';

/** What an agent has drafted that was asked to split a spec: to be edited, and taken into specs/ or left. */
export function SplitDrafts({ run, onClose }: { run: Run; onClose: () => void }): ReactNode {
  const [drafts, setDrafts] = useState<readonly EditedDraft[] | null>(null);
  const [turn, setTurn] = useState(0);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    let isStale = false;
    host.imports
      .splitDrafts({ id: run.id })
      .then((found) => {
        if (!isStale) setDrafts(withEdits(found.ok ? startDrafts(found.value) : [], leftDrafts.of(run.id)));
      })
      .catch((error: unknown) => {
        if (!isStale) reportFault('Read the drafts', error);
      });
    return () => {
      isStale = true;
    };
  }, [run.id, turn]);
  const edit = (change: (drafts: readonly EditedDraft[]) => readonly EditedDraft[]): void => {
    setDrafts((before) => before && change(before));
  };
  useEffect(() => {
    if (drafts) leftDrafts.keep(run.id, drafts);
  }, [run.id, drafts]);
  const wanted = drafts?.filter(({ isWanted, isTaken }) => isWanted && !isTaken).length ?? 0;
  const write = (): void => {
    perform('Write the specs', async () => {
      setIsBusy(true);
      try {
        if (drafts && (await writeDrafts({ projectId: run.projectId, of: run.id, drafts, edit }))) onClose();
      } finally {
        setIsBusy(false);
      }
    });
  };
  const lookAgain = (
    <Button
      icon={<RefreshCw />}
      onClick={() => {
        setDrafts(null);
        setTurn((before) => before + 1);
      }}
    >
      Look again
    </Button>
  );
  return (
    <Dialog
      open
      onClose={onClose}
      size="xl"
      flush
      title={`Drafts for “${run.spec.title}”`}
      description={`Written by ${run.agent.label}. Edit them here; what you accept goes into specs/. The drafts themselves stay in the run’s worktree.`}
      footerStart={drafts && drafts.length > 0 ? lookAgain : undefined}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            variant="primary"
            busy={isBusy}
            reason={wanted === 0 ? 'Choose at least one that is not there yet.' : null}
            onClick={write}
          >
            Accept {counted(wanted, 'spec')}
          </Button>
        </>
      }
    >
      {drafts === null ? (
        <Loading label="Reading the drafts" />
      ) : drafts.length === 0 ? (
        <EmptyState compact icon={<FileSearch />} title="No draft yet" actions={lookAgain}>
          The agent writes them into <code>.switchyard/drafts/</code> of its worktree. Its terminal shows how far it is.
        </EmptyState>
      ) : (
        <DraftReview drafts={drafts} onChange={edit} />
      )}
    </Dialog>
  );
}
