import { LockKeyhole, Radio } from 'lucide-react';
import type { ReactNode } from 'react';

import { useSeveral, whyNotReceiving } from '#renderer/state/several.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Checkbox } from '#renderer/ui/Checkbox.tsx';
import type { Run } from '#shared/contract/runs.ts';

import { changePaneState, usePaneState } from './pane-state.ts';
import styles from './PaneMarks.module.css';

/** At the head of a pane: whether keys go elsewhere than they usually do, and the choice for several at once. */
export function PaneMarks({ run }: { run: Run }): ReactNode {
  const { isLocked } = usePaneState(run.id);
  const isChoosing = useSeveral((several) => several.isChoosing);
  const isChosen = useSeveral((several) => several.chosen.has(run.id));
  const isReceiving = useSeveral((several) => several.receiving.has(run.id));
  return (
    <>
      {isChoosing && (isChosen || whyNotReceiving(run) === null) ? (
        <Checkbox
          checked={isChosen}
          label={null}
          ariaLabel={`Choose ${run.spec.title} for several at once`}
          onChange={() => {
            useSeveral.getState().toggle(run.id);
          }}
        />
      ) : null}
      {isReceiving ? (
        <Badge tone="danger" icon={<Radio />} title="What is typed into one of these terminals goes into all of them">
          typed into
        </Badge>
      ) : null}
      {isLocked ? (
        <button
          type="button"
          className={styles.lock}
          title="All keys go to this terminal. Press to give the app its keys back."
          onClick={() => {
            changePaneState(run.id, { isLocked: false });
          }}
        >
          <LockKeyhole aria-hidden /> keys
          <span className="visually-hidden">go to this terminal: give the app its keys back</span>
        </button>
      ) : null}
    </>
  );
}
