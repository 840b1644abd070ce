import { Radar } from 'lucide-react';
import type { ReactNode } from 'react';

import { collidingPairs, pairsToLookAt } from '#renderer/state/collisions.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { Segmented } from '#renderer/ui/Segmented.tsx';
import { counted } from '#shared/counted.ts';

import { CollisionView } from './CollisionView.tsx';
import { OrderView } from './OrderView.tsx';
import styles from './RadarPane.module.css';
import { TrainView } from './TrainView.tsx';

const views = [
  { value: 'collisions', label: 'Collisions' },
  { value: 'order', label: 'Merge order' },
  { value: 'train', label: 'Train' },
] as const;

/** What the branches under way collide in, and the order in which they would best be merged. Nothing is merged here. */
export function RadarPane(): ReactNode {
  const radar = useMirror((mirror) => mirror.radar);
  const train = useMirror((mirror) => mirror.train);
  const shown = useView((view) => view.radarView);
  if (radar === null || (radar.at === null && radar.unavailable === null))
    return <Loading label="Merging every pair" />;
  if (radar.unavailable !== null) {
    return (
      <EmptyState icon={<Radar />} title="The radar cannot look">
        {radar.unavailable}
      </EmptyState>
    );
  }
  if (radar.branches.length === 0 && train === null) {
    return (
      <EmptyState icon={<Radar />} title="No branches are under way">
        As soon as two runs have branches, this shows whether they merge with their base and with each other, with what
        is not committed yet. Spawn agents on a spec to begin.
      </EmptyState>
    );
  }
  const pairs = collidingPairs(radar);
  const toLookAt = pairsToLookAt(radar);
  return (
    <div className={styles.pane}>
      <header className={styles.head}>
        <Segmented label="View" value={shown} onChange={useView.getState().showInRadar} options={views} />
        <p className={styles.sum} role="status">
          {counted(radar.branches.length, 'branch', 'branches')} ·{' '}
          {pairs === 0 ? 'no collisions' : `${counted(pairs, 'pair')} ${pairs === 1 ? 'collides' : 'collide'}`}
          {toLookAt === 0 ? null : ` · ${counted(toLookAt, 'pair')} to look at`}
        </p>
        <p className={styles.note}>
          Tried out with what is not committed. Nothing is merged, and no worktree is touched.
        </p>
      </header>
      {shown === 'collisions' ? (
        <CollisionView radar={radar} />
      ) : shown === 'order' ? (
        <OrderView radar={radar} />
      ) : (
        <TrainView />
      )}
    </div>
  );
}
