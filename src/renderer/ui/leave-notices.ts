/**
 * Takes the keyboard out of the notices, if it is there: Sonner then gives it back to where it was before. It would do so
 * at any later moment as well, and take it from whatever a command has given it to.
 */
export function leaveNotices(): void {
  const active = document.activeElement;
  if (active instanceof HTMLElement && active.closest('[data-sonner-toaster]')) active.blur();
}
