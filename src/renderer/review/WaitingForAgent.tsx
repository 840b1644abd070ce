import { useEffect, useState, type ReactNode } from 'react';

import { Callout } from '#renderer/ui/Callout.tsx';

/** A message is typed within a moment, unless its agent has to show its input first. */
const unsaidMilliseconds = 2000;

interface WaitingForAgentProps {
  label: string;
}

/** Says why a message that is being sent is not there yet. To be mounted when the sending begins. */
export function WaitingForAgent({ label }: WaitingForAgentProps): ReactNode {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), unsaidMilliseconds);
    return () => clearTimeout(timer);
  }, []);
  if (!isLong) return null;
  return (
    <Callout compact>
      Waiting until {label} shows its input. An agent that was started a moment ago gets this at the latest 90 seconds
      after its start.
    </Callout>
  );
}
