import { useEffect } from 'react';

import { useAttentionItems } from '#renderer/state/attention.ts';
import { badgeIcon } from '#renderer/state/badge-icon.ts';
import { useProject } from '#renderer/state/mirror.ts';

/**
 * The window's title and the page's icon say how many runs need the person, so that it can be seen from elsewhere. A
 * component of its own, so that a run that changes does not draw the whole workbench.
 */
export function AttentionBadge(): null {
  const { name } = useProject();
  const count = useAttentionItems().length;
  useEffect(() => {
    document.title = `${count > 0 ? `(${String(count)}) ` : ''}${name} – Switchyard`;
    return () => {
      document.title = 'Switchyard';
    };
  }, [name, count]);
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const badge = badgeIcon(count);
    if (!link || badge === null) return undefined;
    const plain = link.href;
    link.href = badge;
    return () => {
      link.href = plain;
    };
  }, [count]);
  return null;
}
