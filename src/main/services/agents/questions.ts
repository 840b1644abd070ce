const markedChoice = /^[\s│┃|]*[❯›>]\s*\d{1,2}\.\s+\S/gm;

/** What the dialogs of agent CLIs look like while they wait for an answer: permission, trust, login, choice. */
const dialogPatterns: readonly RegExp[] = [
  markedChoice,
  /[([](?:y\/n|yes\/no)[)\]]/gi,
  /\bdo you (?:want|trust)\b.*\?/gi,
  /\ballow (?:once|always)\b/gi,
  /\bapprove tool call\?/gi,
  /\bpress (?:enter|return) to (?:confirm|continue)\b/gi,
  /\b(?:select|choose) (?:an? )?(?:login|auth\w*) method\b/gi,
];

/** A sentence that wants something of the person. */
const requestPattern =
  /\?\s*$|\b(?:permission|approv(?:e|al)|allow|confirm|action required|needs? (?:your|input)|waiting for|question)\b/i;

/** The agent's input, which stands below what was said before, and not below a dialog. */
const inputBelow = /─{4,}.*\n[\s│┃|]*[❯›>](?!\s*\d{1,2}\.)/;
/** Of a dialog's choices only one is marked. */
const otherMark = /^[\s│┃|]*[❯›>](?!\s*\d{1,2}\.\s)/m;

/** The line of a screen's text that asks something, as one line without its frame; null when nothing asks. */
export function findQuestion(screen: string): string | null {
  for (const pattern of dialogPatterns) {
    const match = [...screen.matchAll(pattern)].at(-1);
    if (!match) continue;
    const end = match.index + match[0].length;
    const below = screen.slice(end);
    if (inputBelow.test(below) || (pattern === markedChoice && otherMark.test(below))) continue;
    const from = screen.lastIndexOf('\n', end - 1) + 1;
    const to = screen.indexOf('\n', end);
    return oneLine(screen.slice(from, to === -1 ? undefined : to));
  }
  return null;
}

/** Whether a notification is a question rather than a report. */
export const isRequest = (text: string): boolean => requestPattern.test(text);

/** For a card: frames, marks and control characters away, at most 200 characters. */
export function oneLine(text: string): string | null {
  const line = text
    .slice(0, 2000)
    .replaceAll(/[\p{Cc}\u2500-\u257f\u2800-\u28ff]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  return line === '' ? null : line;
}
