import type { ReactNode } from 'react';

import { useChord } from './command-chords.ts';
import styles from './Kbd.module.css';
import { chordLabels } from './keys.ts';

/** A key chord, as this platform writes it; or that of a command (`keysOf`), as the person has chosen it. */
export function Kbd({ keys }: { keys: string }): ReactNode {
  const chord = useChord(keys);
  if (chord === null) return null;
  return (
    <span className={styles.chord}>
      {chordLabels(chord).map((label) => (
        <kbd key={label} className={styles.key}>
          {label}
        </kbd>
      ))}
    </span>
  );
}
