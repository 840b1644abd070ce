import { useEffect, useRef } from 'react';

/** Who only passes over a card is gone by then; who presses it takes longer from when the pointer came. */
const restMilliseconds = 80;

export interface RestingActions {
  onRest: () => void;
  /** Called whether it rested or not, but not when the element itself has gone. */
  onLeave: () => void;
}

/** To be given to an element. */
export interface RestingHandlers {
  onPointerEnter: () => void;
  onPointerLeave: () => void;
  onFocus: () => void;
  onBlur: () => void;
}

/** Tells when the pointer or the keyboard has come to rest on an element, and when it has left it. */
export function useResting({ onRest, onLeave }: RestingActions): RestingHandlers {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  const come = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(onRest, restMilliseconds);
  };
  const leave = (): void => {
    clearTimeout(timer.current);
    onLeave();
  };
  return { onPointerEnter: come, onPointerLeave: leave, onFocus: come, onBlur: leave };
}
