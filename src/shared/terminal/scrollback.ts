/** The setting's unit: a million bytes, as disks and network are counted. */
export const bytesPerMegabyte = 1_000_000;

/** What the setting may say, in megabytes, and what holds when it says nothing. */
export const scrollbackMegabytes = { min: 1, max: 64, default: 4 };

/** What xterm.js keeps for a cell, and for a line beside its cells, in bytes (measured with 10,000 full lines of two widths). */
const bytesPerCell = 12;
const bytesPerLine = 280;

/** A terminal of few columns would otherwise keep more lines than anything that walks over them is made for. */
const mostLines = 100_000;

/** How many lines of so many columns fit into so many bytes; at least one. */
export function scrollbackLines(bytes: number, cols: number): number {
  return Math.min(mostLines, Math.max(1, Math.floor(bytes / (cols * bytesPerCell + bytesPerLine))));
}

/** The setting that keeps at least as much as a number of lines of 120 columns did: what the setting used to be. */
export function megabytesForLines(lines: number): number {
  const bytes = lines * (120 * bytesPerCell + bytesPerLine);
  const { min, max } = scrollbackMegabytes;
  return Math.min(max, Math.max(min, Math.ceil(bytes / bytesPerMegabyte)));
}
