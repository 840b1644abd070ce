import { TrainFront } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { ConfirmDialog } from '#renderer/ui/ConfirmDialog.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { counted } from '#shared/counted.ts';
import type { ConfigProblem } from '#shared/contract/projects.ts';
import type { RunId } from '#shared/ids.ts';

/** Sends those of these runs that are decided to be kept into their base, in this order. */
export function StartTrain({ ids }: { ids: readonly RunId[] }): ReactNode {
  const project = useProject();
  const runs = useMirror((mirror) => mirror.runs);
  const train = useMirror((mirror) => mirror.train);
  const [isAsking, setIsAsking] = useState(false);
  const kept = ids.filter((id) => runs?.get(id)?.decision.kind === 'keep');
  const base = runs?.get(kept[0] ?? ('' as RunId))?.base ?? 'their base';
  const unreadable = project.config.problems.find(({ stopsTrain }) => stopsTrain);
  const isUnderWay = train !== null && !['done', 'aborted'].includes(train.state);
  const start = (): void => {
    setIsAsking(false);
    perform('Start the train', async () => {
      const started = await host.train.start({ projectId: project.id, ids: kept, method: 'merge' });
      if (started.ok) {
        useView.getState().showInRadar('train');
        return;
      }
      if (started.error.kind === 'not-trusted') {
        notify.warn({
          title: 'This project’s commands are not allowed yet',
          description: 'Nothing was merged. Look at what the config wants to run, and allow it once.',
          action: {
            label: 'Look at them',
            run: () => {
              useView.getState().openDialog({ kind: 'trust' });
            },
          },
        });
      } else notify.warn({ title: 'The train did not start', description: whyNot(started.error) });
    });
  };
  return (
    <>
      <Button
        size="sm"
        variant="primary"
        icon={<TrainFront />}
        reason={
          isUnderWay
            ? 'The train is under way.'
            : kept.length === 0
              ? 'No run here is decided to be kept: decide in its review first.'
              : unreadable
                ? `A check cannot be read, and nothing is merged without it. ${problemWords(unreadable)}`
                : null
        }
        onClick={() => {
          setIsAsking(true);
        }}
      >
        Start the train
      </Button>
      <ConfirmDialog
        open={isAsking}
        title={`Merge ${counted(kept.length, 'kept run')} into ${base}?`}
        description={`One after the other, in this order. ${gateWords(project.config.gatesOfMerge)} It stops at the first that goes no further. Before each merge ${base} is kept as a snapshot.`}
        confirmLabel="Start the train"
        onConfirm={start}
        onClose={() => {
          setIsAsking(false);
        }}
      />
    </>
  );
}

const mostNamed = 8;

/** What each of them has to pass, by name, so that nobody takes it for checked who has declared nothing. */
function gateWords(gates: readonly string[]): string {
  if (gates.length === 0) {
    return 'No gates are declared in .switchyard/config.yaml, so nothing is run on the merged files before.';
  }
  const names = gates.slice(0, mostNamed).map((gate) => `“${gate}”`);
  const more = gates.length > mostNamed ? ` and ${String(gates.length - mostNamed)} more` : '';
  return `Each is merged only after these have passed on the merged files: ${names.join(', ')}${more}.`;
}

const problemWords = ({ path, line, message }: ConfigProblem): string =>
  `${path}${line === null ? '' : `, line ${String(line)}`}: ${message}`;

function whyNot(
  error:
    | { kind: 'run-missing' | 'already-running' }
    | { kind: 'not-kept'; title: string }
    | { kind: 'other-base'; title: string; base: string }
    | { kind: 'base-missing'; base: string }
    | { kind: 'unreadable-checks'; problems: readonly string[] },
): string {
  switch (error.kind) {
    case 'run-missing':
      return 'One of the runs is gone. Nothing was merged.';
    case 'already-running':
      return 'Another one is under way.';
    case 'not-kept':
      return `“${error.title}” is not decided to be kept any more. Nothing was merged.`;
    case 'other-base':
      return `“${error.title}” goes into ${error.base}. A train has one base.`;
    case 'unreadable-checks':
      return `A check cannot be read, and nothing is merged without it. ${error.problems[0] ?? ''}`;
    case 'base-missing':
      return `There is no branch ${error.base}. Nothing was merged.`;
  }
}
