import { ArrowDown, ArrowUp, Columns2, Rows2 } from 'lucide-react';
import type { ReactNode } from 'react';

import type { CommandId } from '#renderer/state/command-catalogue.ts';
import { keysOf } from '#renderer/ui/command-chords.ts';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Segmented } from '#renderer/ui/Segmented.tsx';

import styles from './DiffTools.module.css';
import type { DiffControl, DiffLayout } from './use-diff.ts';

interface DiffToolsProps {
  control: DiffControl;
  /** The commands of the place where it is shown, for their keys. */
  previous: CommandId;
  next: CommandId;
  /** Why there is no change to go to; null: there may be one. */
  reason: string | null;
}

/** From change to change of a diff, and how its sides lie. */
export function DiffTools({ control, previous, next, reason }: DiffToolsProps): ReactNode {
  return (
    <>
      <IconButton
        size="sm"
        label="Previous change"
        keys={keysOf(previous)}
        icon={<ArrowUp />}
        reason={reason}
        onClick={() => control.goTo('previous')}
      />
      <IconButton
        size="sm"
        label="Next change"
        keys={keysOf(next)}
        icon={<ArrowDown />}
        reason={reason}
        onClick={() => control.goTo('next')}
      />
      <span className={styles.layout}>
        <Segmented<DiffLayout>
          size="sm"
          label="Layout of the diff"
          iconsOnly
          value={control.layout}
          options={[
            { value: 'side-by-side', label: 'Side by side', icon: <Columns2 /> },
            { value: 'inline', label: 'Inline', icon: <Rows2 /> },
          ]}
          onChange={control.setLayout}
        />
      </span>
    </>
  );
}
