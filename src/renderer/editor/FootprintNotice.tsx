import type { ReactNode } from 'react';

import { useView } from '#renderer/state/view.ts';
import { Callout } from '#renderer/ui/Callout.tsx';
import { counted } from '#shared/counted.ts';
import { globsInWords, type FootprintOverlap } from '#shared/footprint/footprint.ts';
import { specSlug } from '#shared/ids.ts';

import styles from './FootprintNotice.module.css';

const mostShown = 5;

/** Which specs mean to change the same files, and by which globs: named before anything is spawned, and forbidding nothing. */
export function FootprintNotice({ overlaps }: { overlaps: readonly FootprintOverlap[] }): ReactNode {
  if (overlaps.length === 0) return null;
  return (
    <Callout
      tone="warning"
      title={`Footprints overlap: ${counted(overlaps.length, 'pair')} of specs may change the same files`}
    >
      <ul className={styles.overlaps} aria-label="Footprints that overlap">
        {overlaps.slice(0, mostShown).map(({ one, other, globs }) => (
          <li key={`${one.slug} ${other.slug}`}>
            <span className={styles.pair}>
              <span className={styles.title}>“{one.title || one.slug}”</span> <span className={styles.and}>and</span>{' '}
              <button
                type="button"
                className={styles.spec}
                title={`Open ${other.title || other.slug}`}
                onClick={() => {
                  const slug = specSlug.safeParse(other.slug);
                  const view = useView.getState();
                  if (!slug.success) return;
                  view.closeDialog();
                  view.showSpec(slug.data);
                }}
              >
                {other.title || other.slug}
              </button>
              <span className={styles.and}>:</span>
            </span>{' '}
            <code>{globsInWords(globs)}</code>
          </li>
        ))}
      </ul>
      {overlaps.length > mostShown ? `and ${String(overlaps.length - mostShown)} more. ` : ''}
      Run them one after the other (<code>after:</code>), cut the footprints apart, or go on and let the radar watch.
    </Callout>
  );
}
