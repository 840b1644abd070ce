import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

import styles from './Banner.module.css';

export interface BannerProps {
  icon: LucideIcon;
  /** `status`: it comes and goes by itself, and is said to screen readers then. */
  role: 'status' | 'note';
  /** What is the matter, in a sentence or two. */
  children: ReactNode;
  /** What can be done about it. */
  actions?: ReactNode;
}

/** A line across the window about what concerns all of it. */
export function Banner({ icon: Icon, role, children, actions }: BannerProps): ReactNode {
  return (
    <div className={styles.banner} role={role}>
      <Icon className={styles.icon} aria-hidden />
      <p className={styles.text}>{children}</p>
      {actions}
    </div>
  );
}
