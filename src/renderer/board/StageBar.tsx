import type { ReactNode } from 'react';

import type { Stage } from '#shared/contract/runs.ts';
import { stageWords } from '#shared/stage-words.ts';

import styles from './StageBar.module.css';

/** The stages of a spawn as a row of short bars. The sentence above it says the same in words. */
export function StageBar({ stages }: { stages: readonly Stage[] }): ReactNode {
  return (
    <span className={styles.bar} aria-hidden>
      {stages.map((stage) => (
        <span key={stage.id} className={styles.stage} data-state={stage.state} title={stageWords[stage.id].name} />
      ))}
    </span>
  );
}
