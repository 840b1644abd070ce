import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { Toaster } from 'sonner';

import styles from './Toasts.module.css';

const colours: CSSProperties = {
  '--normal-bg': 'var(--surface-overlay)',
  '--normal-border': 'var(--border)',
  '--normal-text': 'var(--text)',
  '--border-radius': 'var(--radius-lg)',
  '--width': '380px',
  fontFamily: 'var(--font-ui)',
} as CSSProperties;

/** Where `notify` and `reportFault` (notify.ts) show what they have to say. Mounted once. */
export function Toasts({ theme }: { theme: 'dark' | 'light' }): ReactNode {
  return (
    <Toaster
      theme={theme}
      position="bottom-right"
      closeButton
      visibleToasts={4}
      gap={8}
      offset={16}
      style={colours}
      toastOptions={{
        classNames: {
          toast: styles.toast ?? '',
          title: styles.title ?? '',
          description: styles.description ?? '',
          actionButton: styles.action ?? '',
          closeButton: styles.close ?? '',
        },
      }}
      icons={{
        success: <CircleCheck className={styles.success} />,
        info: <Info className={styles.info} />,
        warning: <TriangleAlert className={styles.warning} />,
        error: <CircleAlert className={styles.error} />,
      }}
    />
  );
}
