import { FolderGit2, FolderX, X } from 'lucide-react';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';

import { classNames } from '#renderer/ui/class-names.ts';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import type { RecentProject } from '#shared/contract/projects.ts';

import styles from './RecentList.module.css';
import { shortPath } from './short-path.ts';

export interface RecentListProps {
  recents: readonly RecentProject[];
  homeFolder: string | null;
  /** The path that is being opened now. */
  opening: string | null;
  onOpen: (path: string) => void;
  onForget: (path: string) => void;
}

/** Projects that were open before, the latest first. One that is no longer there says so and can be taken off the list. */
export function RecentList({ recents, homeFolder, opening, onOpen, onForget }: RecentListProps): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step =
      event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0;
    if (step === 0) return;
    const buttons = Array.from(list.current?.querySelectorAll<HTMLButtonElement>('[data-recent]') ?? []);
    const at = buttons.findIndex((button) => button === document.activeElement);
    event.preventDefault();
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
  };
  return (
    <ul ref={list} className={styles.list}>
      {recents.map((recent) => (
        <li key={recent.path} className={classNames(styles.row, !recent.exists && styles.missing)}>
          <button
            type="button"
            data-recent
            className={styles.open}
            onKeyDown={onKeyDown}
            aria-busy={opening === recent.path || undefined}
            onClick={() => {
              onOpen(recent.path);
            }}
          >
            {recent.exists ? <FolderGit2 className={styles.icon} /> : <FolderX className={styles.icon} />}
            <span className={styles.names}>
              <span className={styles.name}>{recent.name}</span>
              <span className={styles.path}>
                <MiddleTruncate text={shortPath(recent.path, homeFolder)} tail={22} />
              </span>
            </span>
            <span className={styles.when}>
              {recent.exists ? <RelativeTime at={recent.openedAt} ago /> : 'not there any more'}
            </span>
          </button>
          <IconButton
            className={styles.forget}
            size="sm"
            label={`Take ${recent.name} off this list`}
            icon={<X />}
            onClick={() => {
              onForget(recent.path);
            }}
          />
        </li>
      ))}
    </ul>
  );
}
