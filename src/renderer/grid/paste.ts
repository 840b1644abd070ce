/** What a paste would do, for the question that is asked first. */
export interface PendingPaste {
  text: string;
  lines: number;
  /** The first lines, cut to a size that can be shown. */
  preview: string;
}

const previewLines = 6;
const previewColumns = 160;

/**
 * Clipboard text as a terminal may have it: without control characters other than tab and line ends. An escape in it could
 * end the brackets around the paste, and what follows would run as if it had been typed.
 */
export const sanitizePaste = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  text.replace(/\r\n?/g, '\n').replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');

/**
 * What to ask before a paste, or null when it can go ahead: a program that knows bracketed paste takes it as one text,
 * any other runs each line the moment it arrives.
 */
export function askBeforePaste(text: string, bracketedPasteMode: boolean): PendingPaste | null {
  if (bracketedPasteMode || !text.includes('\n')) return null;
  const lines = text.replace(/\n+$/, '').split('\n');
  const shown = lines
    .slice(0, previewLines)
    .map((line) => (line.length > previewColumns ? `${line.slice(0, previewColumns)}…` : line));
  const more = lines.length - shown.length;
  return {
    text,
    lines: lines.length,
    preview: [...shown, ...(more > 0 ? [`… and ${String(more)} more`] : [])].join('\n'),
  };
}

/** The pieces in which text goes to the host: a call takes at most a million characters, and no pair is torn. */
export function inputPieces(data: string, limit = 64 * 1024): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < data.length;) {
    let to = Math.min(data.length, from + limit);
    const last = data.charCodeAt(to - 1);
    if (to < data.length && last >= 0xd800 && last <= 0xdbff) to--;
    pieces.push(data.slice(from, to));
    from = to;
  }
  return pieces;
}
