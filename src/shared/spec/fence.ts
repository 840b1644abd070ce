/** A fenced code block that has begun. */
export interface OpenFence {
  marker: string;
  length: number;
  indent: number;
  /** What follows the fence on its line. */
  info: string;
}

// CommonMark 4.5: up to three spaces, at least three backticks or tildes; no backtick in the info of a backtick fence.
const opening = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$/;
const closing = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;

/** The block that this line opens, or null. The line has no end. */
export function openFence(line: string): OpenFence | null {
  const match = opening.exec(line);
  if (!match) return null;
  const [, spaces = '', fence = '', info = ''] = match;
  return { marker: fence.charAt(0), length: fence.length, indent: spaces.length, info: info.trim() };
}

/** Whether this line closes the block: with a fence of the same kind, at least as long. */
export function closesFence(line: string, open: OpenFence): boolean {
  const fence = closing.exec(line)?.[1];
  return fence !== undefined && fence.startsWith(open.marker) && fence.length >= open.length;
}
