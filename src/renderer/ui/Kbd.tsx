import type { ReactNode } from 'react';

import styles from './Kbd.module.css';
import { chordLabels } from './keys.ts';

/** A key chord, as this platform writes it. */
export function Kbd({ keys }: { keys: string }): ReactNode {
  return (
    <span className={styles.chord}>
      {chordLabels(keys).map((label) => (
        <kbd key={label} className={styles.key}>
          {label}
        </kbd>
      ))}
    </span>
  );
}
