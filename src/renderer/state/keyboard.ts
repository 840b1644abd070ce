import { isMac } from '#renderer/ui/keys.ts';
import { leaveNotices } from '#renderer/ui/leave-notices.ts';
import type { Disposable } from '#shared/disposable.ts';

import { commandForKey, useCommands, type KeyPlace } from './commands.ts';
import { keyPass } from './key-pass.ts';
import { chosenKeys } from './keymap.ts';

const openModal =
  '[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"], [role="menu"], [role="listbox"][data-state="open"]';

/**
 * Elements with `data-keys="terminal"` get every key that is not explicitly the app's; with `data-keys="locked"`, every key
 * but the one that unlocks them.
 */
function placeOf(target: EventTarget | null): KeyPlace {
  if (document.querySelector(openModal)) return 'modal';
  if (!(target instanceof Element)) return 'page';
  const keys = target.closest<HTMLElement>('[data-keys]')?.dataset['keys'];
  if (keys === 'terminal' || keys === 'locked') return keys;
  if (target.closest('input, textarea, select, [contenteditable="true"], .monaco-editor')) return 'text';
  return 'page';
}

/** Listens before anything else does and starts the command that a key press means. */
export function listenToKeys(): Disposable {
  const onKeyDown = (event: KeyboardEvent): void => {
    // Only what a person pressed: a press that the page makes up is for somebody else.
    if (!event.isTrusted || event.isComposing || event.defaultPrevented) return;
    const place = placeOf(event.target);
    if (keyPass.take(event, place === 'terminal' || place === 'locked')) return;
    const command = commandForKey(useCommands.getState().commands.values(), event, place, isMac, chosenKeys());
    if (event.key === 'Escape' && !command) leaveNotices();
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    leaveNotices();
    command.run();
  };
  addEventListener('keydown', onKeyDown, { capture: true });
  return {
    dispose: () => {
      removeEventListener('keydown', onKeyDown, { capture: true });
    },
  };
}
