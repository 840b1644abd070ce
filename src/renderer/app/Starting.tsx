import { Unplug } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { Button } from '#renderer/ui/Button.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Spinner } from '#renderer/ui/Spinner.tsx';

import { retryConnection, useConnection } from './host.ts';
import styles from './Starting.module.css';

/** Before the host has answered for the first time. Shown late, because mostly it is a moment. */
export function Starting(): ReactNode {
  const connection = useConnection();
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setIsLate(true);
    }, 600);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  if (connection.kind === 'lost') {
    return (
      <EmptyState
        icon={<Unplug />}
        title={connection.isRefused ? 'The host does not know this page' : 'The host does not answer'}
        actions={
          <Button variant="primary" onClick={retryConnection} busy={connection.retryAt === null}>
            Try now
          </Button>
        }
      >
        {connection.isRefused
          ? 'It was started anew, and each start has a key of its own. Open the address that it printed.'
          : 'Switchyard’s services run in a program of their own. If it was started in a terminal, see whether it still runs there. If it was started again, open the address that it printed.'}
      </EmptyState>
    );
  }
  return <div className={styles.starting}>{isLate ? <Spinner size={20} label="Connecting to the host" /> : null}</div>;
}
