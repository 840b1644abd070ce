import { Unplug } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { Banner } from '#renderer/ui/Banner.tsx';
import { Button } from '#renderer/ui/Button.tsx';

import { retryConnection, useConnection } from './host.ts';

/** A blink of the connection is no news, milliseconds. */
const patience = 800;

/** Says that the host is gone for now, and that the agents are not. */
export function ConnectionBanner(): ReactNode {
  const connection = useConnection();
  const isLost = connection.kind === 'lost';
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    if (!isLost) return;
    const timer = setTimeout(() => {
      setIsShown(true);
    }, patience);
    return () => {
      clearTimeout(timer);
      setIsShown(false);
    };
  }, [isLost]);
  if (!isLost || !isShown) return null;
  return (
    <Banner
      icon={Unplug}
      role="status"
      actions={
        <Button size="sm" busy={connection.retryAt === null} onClick={retryConnection}>
          Try now
        </Button>
      }
    >
      {connection.isRefused ? (
        <>
          <strong>The host was started anew.</strong> Open the address that it printed, here or in another tab: each
          start has a key of its own. Agents go on by themselves.
        </>
      ) : (
        <>
          <strong>The host is not connected.</strong> Agents go on by themselves, and what you see here is how it was.
          It is tried again by itself.
        </>
      )}
    </Banner>
  );
}
