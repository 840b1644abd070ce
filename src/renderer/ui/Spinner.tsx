import type { ReactNode } from 'react';

import styles from './Spinner.module.css';

/** Something is under way and nobody knows how long it takes. Give it a label unless words beside it say so. */
export function Spinner({ size = 16, label }: { size?: number; label?: string }): ReactNode {
  return (
    <svg
      className={styles.spinner}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      <circle cx="8" cy="8" r="6" stroke="currentColor" strokeOpacity="0.22" strokeWidth="2" />
      <path d="M8 2a6 6 0 0 1 6 6" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
