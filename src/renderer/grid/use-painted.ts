import { useEffect, useState } from 'react';

import { afterPaint } from './after-paint.ts';

/** Whether the component has been painted once: what nobody can use before is made then, so that the rest is seen sooner. */
export function usePainted(): boolean {
  const [isPainted, setIsPainted] = useState(false);
  useEffect(() => {
    let isGone = false;
    afterPaint(() => {
      if (!isGone) setIsPainted(true);
    });
    return () => {
      isGone = true;
    };
  }, []);
  return isPainted;
}
