export interface RootListeners {
  onFocus: () => void;
  onBlur: () => void;
  onPaste: (text: string) => void;
  /** The person turns the wheel, or does not any more. */
  onHand: (hand: 'wheel' | 'keys') => void;
  /** Whether the program wants the mouse, so that the right button is its own unless Shift is held. */
  takesMouse: () => boolean;
}

/** Hears events of a terminal's element before xterm does. They last as long as the element. */
export function listenToRoot(root: HTMLElement, { onFocus, onBlur, onPaste, onHand, takesMouse }: RootListeners): void {
  root.addEventListener('focusin', onFocus);
  root.addEventListener('focusout', onBlur);
  for (const name of ['wheel', 'keydown', 'input', 'compositionend'] as const) {
    const hand = name === 'wheel' ? 'wheel' : 'keys';
    root.addEventListener(
      name,
      () => {
        onHand(hand);
      },
      { capture: true, passive: true },
    );
  }
  // xterm would type the text as it is.
  root.addEventListener(
    'paste',
    (event) => {
      event.preventDefault();
      event.stopPropagation();
      onPaste(event.clipboardData?.getData('text/plain') ?? '');
    },
    { capture: true },
  );
  // xterm would put its input under the pointer for the browser's own menu. The pane's menu opens instead.
  root.addEventListener(
    'contextmenu',
    (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (takesMouse() && !event.shiftKey) return;
      root.parentElement?.dispatchEvent(new MouseEvent('contextmenu', event));
    },
    { capture: true },
  );
}
