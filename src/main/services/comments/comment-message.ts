/** One comment as it goes into the message. */
export interface MessagePart {
  path: string;
  side: 'before' | 'after';
  line: number | null;
  quote: string;
  text: string;
  isFound: boolean;
  /** Who said it on the pull request; null: the person. */
  author: string | null;
}

const longestQuote = 300;

/** All comments as one message: each with its file, its line and what that line said, so that it can be found by any agent. */
export function commentMessage(branch: string, parts: readonly MessagePart[]): string {
  if (parts.length === 0) return '';
  const head = parts.length === 1 ? 'A comment on your changes' : `${String(parts.length)} comments on your changes`;
  return [
    `${head}, from a review of ${oneLine(branch)}. Change the code where a comment asks for it. Where you disagree, leave the code and say why. Commit when you are done.`,
    ...parts.map((part, index) => partText(part, index + 1)),
  ].join('\n\n');
}

function partText(part: MessagePart, number: number): string {
  const quote = oneLine(part.quote);
  const by = part.author === null ? '' : `, by ${oneLine(part.author)} on the pull request`;
  const lines = [
    `${String(number)}. ${oneLine(part.path)}${placeText(part)}${by}:`,
    ...(part.line === null || quote === '' ? [] : [`> ${quote}`]),
    ...part.text.split(/\r\n|\n|\r/u),
  ];
  return lines.map((line, index) => (index === 0 || line === '' ? line : `   ${line}`)).join('\n');
}

function placeText({ line, side, isFound }: MessagePart): string {
  if (line === null) return ', the whole file';
  const where = `, line ${String(line)}`;
  if (side === 'before') return `${where} of the file before your change, which is no longer there`;
  return isFound ? where : `${where} as it was; that line has been changed since`;
}

/** A path or a line of code may hold anything; here it must stay within its line. */
const oneLine = (text: string): string => {
  // oxlint-disable-next-line no-control-regex -- control characters are what is left out
  const plain = text.replaceAll(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/gu, ' ').trim();
  return plain.length > longestQuote ? `${plain.slice(0, longestQuote)} …` : plain;
};
