import { History, X } from 'lucide-react';
import type { ReactNode } from 'react';

import { classNames } from './class-names.ts';
import { IconButton } from './IconButton.tsx';
import { RelativeTime } from './RelativeTime.tsx';
import styles from './SinceBar.module.css';

export interface SinceBarProps {
  /** When the person last looked. */
  at: number;
  lines: readonly { id: string; tone: 'plain' | 'good' | 'bad' | 'asks'; text: string; more: string | null }[];
  /** Lies over what is under it, so that nothing there changes its size. */
  floating?: boolean;
  onDismiss: () => void;
}

/** What has happened here since the person last looked, in a few lines. It takes no focus and asks for nothing. */
export function SinceBar({ at, lines, floating = false, onDismiss }: SinceBarProps): ReactNode {
  return (
    <aside className={classNames(styles.bar, floating && styles.floating)} aria-label="Since you last looked">
      <History aria-hidden className={styles.icon} />
      <div className={styles.text}>
        <p className={styles.head}>
          Since you last looked, <RelativeTime at={at} ago />
        </p>
        <ul className={styles.lines}>
          {lines.map(({ id, tone, text, more }) => (
            <li key={id} className={styles.line} data-tone={tone} title={more ?? undefined}>
              <span className={styles.what}>{text}</span>
              {more === null ? null : <span className={styles.more}>{more}</span>}
            </li>
          ))}
        </ul>
      </div>
      <IconButton size="sm" label="Dismiss" icon={<X />} onClick={onDismiss} />
    </aside>
  );
}
