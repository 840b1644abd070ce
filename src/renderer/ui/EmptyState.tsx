import type { ReactNode } from 'react';

import { classNames } from './class-names.ts';
import styles from './EmptyState.module.css';

export interface EmptyStateProps {
  icon?: ReactNode;
  /** What this place is, or why there is nothing in it. */
  title: string;
  /** What to do next, in a sentence or two. */
  children?: ReactNode;
  /** The next step as a button, and perhaps a second one. */
  actions?: ReactNode;
  /** For a column or a small panel. */
  compact?: boolean;
}

/** Nothing here yet, and what to do about it. */
export function EmptyState({ icon, title, children, actions, compact = false }: EmptyStateProps): ReactNode {
  return (
    <div className={classNames(styles.empty, compact && styles.compact)}>
      {icon ? <div className={styles.icon}>{icon}</div> : null}
      <h2 className={styles.title}>{title}</h2>
      {children ? <div className={styles.text}>{children}</div> : null}
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}
