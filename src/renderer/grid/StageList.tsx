import { Check, Circle, CircleMinus, X } from 'lucide-react';
import { useSyncExternalStore, type ReactNode } from 'react';

import { onTick } from '#renderer/ui/clock.ts';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import type { Stage } from '#shared/contract/runs.ts';
import { stageWords } from '#shared/stage-words.ts';

import { durationText } from './duration-text.ts';
import styles from './StageList.module.css';

const stateWords: Readonly<Record<Stage['state'], string>> = {
  pending: 'to do',
  running: 'under way',
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
};

/** The stages of making a run, as they happen, with how long each took. */
export function StageList({ stages }: { stages: readonly Stage[] }): ReactNode {
  return (
    <ol className={styles.stages} aria-label="Stages">
      {stages.map((stage) => (
        <li key={stage.id} className={styles.stage} data-state={stage.state}>
          <span className={styles.sign} role="img" aria-label={stateWords[stage.state]}>
            {signs[stage.state]}
          </span>
          <span className={styles.name}>{stageWords[stage.id].doing}</span>
          <span className={styles.time}>
            {stage.startedAt === null ? null : <StageTime from={stage.startedAt} to={stage.endedAt} />}
          </span>
          {stage.detail === null ? null : (
            <span className={styles.detail} data-selectable>
              {stage.detail}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

function StageTime({ from, to }: { from: number; to: number | null }): ReactNode {
  const text = useSyncExternalStore(onTick, () => durationText((to ?? Date.now()) - from, to !== null));
  return text;
}

const signs: Readonly<Record<Stage['state'], ReactNode>> = {
  pending: <Circle />,
  running: <Spinner />,
  done: <Check />,
  skipped: <CircleMinus />,
  failed: <X />,
};
