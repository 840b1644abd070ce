import { useSyncExternalStore, type ReactNode } from 'react';

import { ageText, onTick } from './clock.ts';

export interface RelativeTimeProps {
  /** Milliseconds since 1970. */
  at: number;
  className?: string | undefined;
  /** Without the date as its title: what stands around it says more. */
  untitled?: boolean;
}

/** How long ago something was, ticking. Renders again only when its text changes. */
export function RelativeTime({ at, className, untitled = false }: RelativeTimeProps): ReactNode {
  const text = useSyncExternalStore(onTick, () => ageText(at, Date.now()));
  return (
    <time
      className={className}
      dateTime={new Date(at).toISOString()}
      title={untitled ? undefined : new Date(at).toLocaleString()}
    >
      {text}
    </time>
  );
}
