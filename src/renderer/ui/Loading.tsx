import type { ReactNode } from 'react';

import { Spinner } from './Spinner.tsx';

import styles from './Loading.module.css';

/** In the place of what is still on its way, and says what that is. */
export function Loading({ label }: { label: string }): ReactNode {
  return (
    <div className={styles.loading}>
      <Spinner label={label} />
    </div>
  );
}
