import { runCommand } from '#renderer/state/commands.ts';
import { useView } from '#renderer/state/view.ts';

/** What of the centre takes the keyboard, the best first: the files of a review, an editor. */
const inCentre = ['[role="listbox"]', '.monaco-editor [role="textbox"]', 'button:not([aria-disabled])'];

const centre = (): HTMLElement | null => document.querySelector<HTMLElement>('main [data-centre]');

/** From the centre to the board, from anywhere else to the centre. */
export function focusOtherSide(): void {
  const stage = centre();
  const active = document.activeElement;
  // The centre as a whole has the keyboard when nobody in it has taken it yet.
  if (active !== stage && stage?.contains(active)) runCommand('board.focus');
  else focusCentre();
}

/** Gives the keyboard to what the centre shows. */
function focusCentre(): void {
  const { grid, centre: shown, openTerminal } = useView.getState();
  if (shown.kind === 'grid' && grid.focused !== null) {
    openTerminal(grid.focused);
    return;
  }
  const stage = centre();
  const target = inCentre.map((selector) => stage?.querySelector<HTMLElement>(selector)).find(Boolean);
  (target ?? stage)?.focus();
}

/** The centre shows something else: a keyboard that belonged to what is gone goes on there, not at the top of the page. */
export function keepFocusInCentre(): void {
  const isNobodys = document.activeElement === null || document.activeElement === document.body;
  if (isNobodys) centre()?.focus({ preventScroll: true });
}

/** Opens the notices and gives them the keyboard; from there Tab goes to their buttons, such as Undo. */
export function focusNotices(): void {
  // Sonner does it for a key press of its own, and in no other way: it stops the clock of each notice meanwhile.
  document.dispatchEvent(new KeyboardEvent('keydown', { altKey: true, code: 'KeyT' }));
}
