const passing = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Where the person was last, apart from dialogs and menus, which come and go. */
let place: HTMLElement | null = null;

if (typeof document !== 'undefined') {
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && !target.closest(passing)) place = target;
  });
}

/**
 * For Radix's `onCloseAutoFocus`: the focus goes back to where the person was, unless somebody has taken it meanwhile.
 * Radix itself gives it back to a dialog's trigger; ours are opened by keys and menus, and have none.
 */
export function giveFocusBack(event: Event): void {
  event.preventDefault();
  const isFree = document.activeElement === null || document.activeElement === document.body;
  if (!isFree) return;
  isGivingBack = true;
  place?.focus({ preventScroll: true });
  isGivingBack = false;
}

let isGivingBack = false;

/** For a `focus` that is being handled: whether it came back from a dialog or a menu, and not from the person's hand. */
export const focusCameBack = (): boolean => isGivingBack;
