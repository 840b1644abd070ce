import type { ReactNode } from 'react';

import type { ConflictHunk } from '#shared/contract/radar.ts';

import styles from './ConflictLines.module.css';

export interface ConflictLinesProps {
  hunk: ConflictHunk;
  /** What the two sides are called. */
  ours: string;
  theirs: string;
}

/** The lines of one place where two branches collide: each side's, and those from before both. */
export function ConflictLines({ hunk, ours, theirs }: ConflictLinesProps): ReactNode {
  const sides = [
    { name: ours, lines: hunk.ours, side: 'ours' },
    { name: 'before both', lines: hunk.base, side: 'base' },
    { name: theirs, lines: hunk.theirs, side: 'theirs' },
  ] as const;
  return (
    <div className={styles.hunk}>
      <p className={styles.line}>line {hunk.line}</p>
      {sides.map(({ name, lines, side }) => (
        <div key={side} className={styles.side} data-side={side}>
          <p className={styles.name}>{name}</p>
          <pre>{lines.length === 0 ? <em>nothing</em> : lines.join('\n')}</pre>
        </div>
      ))}
    </div>
  );
}
