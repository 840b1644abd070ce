import type { ComponentProps, ReactNode } from 'react';

import styles from './Badge.module.css';
import { classNames } from './class-names.ts';

export interface BadgeProps extends ComponentProps<'span'> {
  tone?: 'neutral' | 'accent' | 'success' | 'warning' | 'danger';
  /** An outline only: for what is said by the way. */
  quiet?: boolean;
  icon?: ReactNode;
}

/** A word or a number beside something. */
export function Badge({ tone = 'neutral', quiet = false, icon, className, children, ...rest }: BadgeProps): ReactNode {
  return (
    <span {...rest} className={classNames(styles.badge, styles[tone], quiet && styles.quiet, className)}>
      {icon}
      {children}
    </span>
  );
}
