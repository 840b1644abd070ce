/**
 * Brings a terminal that shows an earlier state of the same program to where a fresh one begins, but for the lines that it
 * keeps above the screen: leaves a sequence that was cut off (CAN), the other screen, mouse modes, and by a soft reset
 * colours, scroll region, character sets and the remaining modes; then empties the screen.
 */
export const clearScreen = '\x18\x1b[?1047l\x1b[?1000;1006;1016l\x1b[!p\x1b[H\x1b[2J';

/** The same, and empties the lines above the screen too. A full reset (RIS) would have xterm draw all rows twice. */
export const clearAll = `${clearScreen}\x1b[3J`;
