import { useLayoutEffect, useState, type RefCallback } from 'react';

import type { Size } from './pane-layout.ts';

/** The inner size of an element in CSS pixels, followed; null while it is not on screen. Give the first part to `ref`. */
export function useSize<E extends HTMLElement>(): [RefCallback<E>, Size | null] {
  const [element, setElement] = useState<E | null>(null);
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    if (!element) return undefined;
    // It reports once at the start, before the first paint.
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      setSize((before) => (before?.width === width && before.height === height ? before : { width, height }));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      setSize(null);
    };
  }, [element]);
  return [setElement, size];
}
