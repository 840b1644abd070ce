import { Grid3x3 } from 'lucide-react';
import type { ReactNode } from 'react';

import { findPair } from '#renderer/state/collisions.ts';
import { useView } from '#renderer/state/view.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { SplitPane } from '#renderer/ui/SplitPane.tsx';
import type { RadarState } from '#shared/contract/radar.ts';

import { CollisionMatrix } from './CollisionMatrix.tsx';
import { PairDetails } from './PairDetails.tsx';

/** Every branch against every other one and its base; beside it, what the chosen two collide in. */
export function CollisionView({ radar }: { radar: RadarState }): ReactNode {
  const chosen = useView((view) => view.chosenPair);
  const pair = chosen ? findPair(radar, chosen.a, chosen.b) : undefined;
  return (
    <SplitPane
      id="radar"
      parts={[
        { id: 'matrix', content: <CollisionMatrix radar={radar} />, defaultSize: '50%', minSize: 260 },
        {
          id: 'pair',
          minSize: 260,
          content: pair ? (
            <PairDetails radar={radar} pair={pair} />
          ) : (
            <EmptyState compact icon={<Grid3x3 />} title="No pair chosen">
              Choose a square to see what two branches collide in. Arrow keys move between the squares.
            </EmptyState>
          ),
        },
      ]}
    />
  );
}
