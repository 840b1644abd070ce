import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

import styles from './Callout.module.css';
import { classNames } from './class-names.ts';

const icons = { info: Info, warning: TriangleAlert, error: CircleAlert, success: CircleCheck };

export interface CalloutProps {
  tone?: 'info' | 'warning' | 'error' | 'success';
  /** What happened, in a few words. */
  title?: string;
  /** What is safe, and what to do next. */
  children?: ReactNode;
  actions?: ReactNode;
  /** One line, for narrow places. */
  compact?: boolean;
}

/** Something to know before going on, where it matters. Errors are announced to screen readers. */
export function Callout({ tone = 'info', title, children, actions, compact = false }: CalloutProps): ReactNode {
  const Icon = icons[tone];
  return (
    <div
      className={classNames(styles.callout, styles[tone], compact && styles.compact)}
      role={tone === 'error' ? 'alert' : 'note'}
    >
      <Icon className={styles.icon} aria-hidden />
      <div className={styles.content}>
        {title ? <p className={styles.title}>{title}</p> : null}
        {children ? <div className={styles.text}>{children}</div> : null}
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </div>
    </div>
  );
}
