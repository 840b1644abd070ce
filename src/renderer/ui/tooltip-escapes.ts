/**
 * Presses of Escape that have closed a tooltip. To Radix it was the topmost layer, and the press is spent; to a person it is
 * no more than a hint beside the button that has the keyboard, and Escape closes the dialog.
 */
export const tooltipEscapes = new WeakSet<Event>();
