/** What the dialogs of agent CLIs look like while they wait for an answer: permission, trust, login, choice. */
const dialogPatterns: readonly RegExp[] = [
  /^[\s│┃|]*[❯›>]\s*\d{1,2}\.\s+\S/m,
  /[([](?:y\/n|yes\/no)[)\]]/i,
  /\bdo you (?:want|trust)\b.*\?/i,
  /\ballow (?:once|always)\b/i,
  /\bapprove tool call\?/i,
  /\bpress (?:enter|return) to (?:confirm|continue)\b/i,
  /\b(?:select|choose) (?:an? )?(?:login|auth\w*) method\b/i,
];

/** A sentence that wants something of the person. */
const requestPattern =
  /\?\s*$|\b(?:permission|approv(?:e|al)|allow|confirm|action required|needs? (?:your|input)|waiting for|question)\b/i;

/** The line of a screen's text that asks something, as one line without its frame; null when nothing asks. */
export function findQuestion(screen: string): string | null {
  for (const pattern of dialogPatterns) {
    const match = pattern.exec(screen);
    if (!match) continue;
    const from = screen.lastIndexOf('\n', match.index + match[0].length - 1) + 1;
    const to = screen.indexOf('\n', match.index + match[0].length);
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
