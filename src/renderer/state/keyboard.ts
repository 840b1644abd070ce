import { isMac } from '#renderer/ui/keys.ts';
import type { Disposable } from '#shared/disposable.ts';

import { commandForKey, useCommands, type KeyPlace } from './commands.ts';

const openModal =
  '[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"], [role="menu"], [role="listbox"][data-state="open"]';

/** Elements with `data-keys="terminal"` get every key that is not explicitly the app's. */
function placeOf(target: EventTarget | null): KeyPlace {
  if (document.querySelector(openModal)) return 'modal';
  if (!(target instanceof Element)) return 'page';
  if (target.closest('[data-keys="terminal"]')) return 'terminal';
  if (target.closest('input, textarea, select, [contenteditable="true"], .monaco-editor')) return 'text';
  return 'page';
}

/** Listens before anything else does and starts the command that a key press means. */
export function listenToKeys(): Disposable {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.defaultPrevented) return;
    const command = commandForKey(useCommands.getState().commands.values(), event, placeOf(event.target), isMac);
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    command.run();
  };
  addEventListener('keydown', onKeyDown, { capture: true });
  return {
    dispose: () => {
      removeEventListener('keydown', onKeyDown, { capture: true });
    },
  };
}
