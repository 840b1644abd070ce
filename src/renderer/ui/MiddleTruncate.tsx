import type { ReactNode } from 'react';

import styles from './MiddleTruncate.module.css';

export interface MiddleTruncateProps {
  text: string;
  /** How many characters of the end always stay in sight. */
  tail?: number;
  mono?: boolean;
}

/**
 * Text that loses its middle when there is no room: branches and paths differ at their ends. The whole of
 * it is in the element's title: these stand in long lists, where a tooltip of our own each would cost too much.
 */
export function MiddleTruncate({ text, tail = 14, mono = false }: MiddleTruncateProps): ReactNode {
  const cut = text.length > tail + 4 ? text.length - tail : text.length;
  const isCut = cut < text.length;
  return (
    <span className={mono ? styles.mono : styles.text} title={text}>
      <span className={styles.start} aria-hidden={isCut}>
        {text.slice(0, cut)}
      </span>
      {isCut ? (
        <>
          <span className={styles.end} aria-hidden>
            {text.slice(cut)}
          </span>
          {/* In one piece for who listens. */}
          <span className="visually-hidden">{text}</span>
        </>
      ) : null}
    </span>
  );
}
