import { ListOrdered, Pause, Play, SkipForward, Square, TrainFront } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { ConfirmDialog } from '#renderer/ui/ConfirmDialog.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { perform } from '#renderer/ui/notify.ts';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import type { CarState, Train, TrainCar } from '#shared/contract/train.ts';

import styles from './OrderView.module.css';

/** The train as it is: what is merged, what is under way, and why it stands still. */
export function TrainView(): ReactNode {
  const train = useMirror((mirror) => mirror.train);
  if (train === null) {
    return (
      <EmptyState
        icon={<TrainFront />}
        title="No train has run here"
        actions={
          <Button
            icon={<ListOrdered />}
            onClick={() => {
              useView.getState().showInRadar('order');
            }}
          >
            Merge order
          </Button>
        }
      >
        A train merges the runs that you keep one after the other, each only after the gates have passed on the merged
        files. It starts from the merge order.
      </EmptyState>
    );
  }
  const merged = train.cars.filter(({ state }) => state === 'merged').length;
  return (
    <div className={styles.view}>
      <div className={styles.bar}>
        <span className={styles.base}>into {train.base}</span>
        <span className={styles.cost} role="status">
          {stateWords(train)} {String(merged)} of {String(train.cars.length)} merged.
        </span>
        <TrainActions train={train} />
      </div>
      {train.reason === null ? null : (
        <Callout tone={train.state === 'stopped' ? 'warning' : 'info'} title={stateWords(train)}>
          {train.reason}
        </Callout>
      )}
      <ol className={styles.list} aria-label="The cars of the train">
        {train.cars.map((car, index) => (
          <Car key={car.runId} car={car} number={index + 1} />
        ))}
      </ol>
    </div>
  );
}

function TrainActions({ train }: { train: Train }): ReactNode {
  const project = useProject();
  const [isAborting, setIsAborting] = useState(false);
  const resume = (skip: boolean): void => {
    perform('Go on with the train', async () => {
      await host.train.resume({ projectId: project.id, skip });
    });
  };
  if (train.state === 'done' || train.state === 'aborted') return null;
  const isStuck = train.cars.some(({ state }) => state === 'conflicts' || state === 'failed');
  return (
    <>
      {train.state === 'running' ? (
        <Button
          size="sm"
          icon={<Pause />}
          reason={train.isPausing ? 'It stops behind the car that is under way.' : null}
          onClick={() => {
            perform('Pause the train', async () => {
              await host.train.pause({ projectId: project.id });
            });
          }}
        >
          Pause
        </Button>
      ) : (
        <Button
          size="sm"
          variant="primary"
          icon={<Play />}
          onClick={() => {
            resume(false);
          }}
        >
          {isStuck ? 'Try again' : 'Resume'}
        </Button>
      )}
      {isStuck ? (
        <Button
          size="sm"
          icon={<SkipForward />}
          onClick={() => {
            resume(true);
          }}
        >
          Go on without it
        </Button>
      ) : null}
      <Button
        size="sm"
        icon={<Square />}
        onClick={() => {
          setIsAborting(true);
        }}
      >
        End the train
      </Button>
      <ConfirmDialog
        open={isAborting}
        title="End the train?"
        description="The car that is under way is not merged. What is merged stays merged, and each merge can be undone from its snapshot."
        confirmLabel="End the train"
        onConfirm={() => {
          setIsAborting(false);
          perform('End the train', async () => {
            await host.train.abort({ projectId: project.id });
          });
        }}
        onClose={() => {
          setIsAborting(false);
        }}
      />
    </>
  );
}

const tones = {
  waiting: 'neutral',
  'under-way': 'accent',
  merged: 'success',
  conflicts: 'danger',
  failed: 'danger',
  skipped: 'neutral',
} as const satisfies Readonly<Record<CarState, string>>;

const carWords: Readonly<Record<CarState, string>> = {
  waiting: 'waits',
  'under-way': 'under way',
  merged: 'merged',
  conflicts: 'collides',
  failed: 'failed',
  skipped: 'left out',
};

function Car({ car, number }: { car: TrainCar; number: number }): ReactNode {
  return (
    <li className={styles.step}>
      <span className={styles.number}>{car.state === 'under-way' ? <Spinner /> : number}</span>
      <div className={styles.what}>
        <p className={styles.title}>
          {car.title} <Badge tone={tones[car.state]}>{carWords[car.state]}</Badge>
        </p>
        {car.detail === null ? null : <p className={styles.reason}>{car.detail}</p>}
        {car.conflicts.length > 0 ? (
          <p className={styles.reason}>{car.conflicts.map(({ path, reason }) => `${path}: ${reason}`).join('; ')}</p>
        ) : null}
      </div>
      <div className={styles.buttons}>
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            useView.getState().showReview(car.runId);
          }}
        >
          Review
        </Button>
      </div>
    </li>
  );
}

function stateWords({ state, isPausing }: Train): string {
  switch (state) {
    case 'running':
      return isPausing ? 'It stops behind the car that is under way.' : 'Under way.';
    case 'paused':
      return 'Paused.';
    case 'stopped':
      return 'Stopped.';
    case 'done':
      return 'Done.';
    case 'aborted':
      return 'Ended.';
  }
}
