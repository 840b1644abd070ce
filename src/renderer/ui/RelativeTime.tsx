import { useSyncExternalStore, type ReactNode } from 'react';

import { agoText, ageText, onTick } from './clock.ts';

export interface RelativeTimeProps {
  /** Milliseconds since 1970. */
  at: number;
  className?: string | undefined;
  /** Without the date as its title: what stands around it says more. */
  untitled?: boolean;
  /** With the word, where nothing else says that it is an age. */
  ago?: boolean;
}

/** How long ago something was, ticking. Renders again only when its text changes. */
export function RelativeTime({ at, className, untitled = false, ago = false }: RelativeTimeProps): ReactNode {
  const text = useSyncExternalStore(onTick, () => (ago ? agoText : ageText)(at, Date.now()));
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
