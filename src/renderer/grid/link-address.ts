/** Direction marks, joiners and the like, with which an address can be made to look like another. */
const invisible = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
const longestShown = 500;

/** Where a link leads, in letters that cannot be taken for others: the host in ASCII (punycode), the rest escaped. */
export function shownAddress(address: string): string {
  const written = URL.canParse(address) ? new URL(address).href : address;
  const shown = written.replace(invisible, '');
  return shown.length > longestShown ? `${shown.slice(0, longestShown)}…` : shown;
}

/** The host that an address leads to, which is what it is judged by; the address itself where it has none. */
export const hostOf = (address: string): string =>
  (URL.canParse(address) ? new URL(address).host : '') || shownAddress(address);

/** Whether the text of a link is where it leads, so that there is nothing to be deceived by. */
export const saysItsAddress = (text: string, address: string): boolean =>
  text.trim() === address && shownAddress(address).replace(/\/$/, '') === address.replace(/\/$/, '');

/** Whether a click is meant to open a link: a plain one selects text, and belongs to the program. */
export const isOpening = (event: Pick<MouseEvent, 'ctrlKey' | 'metaKey'>): boolean => event.ctrlKey || event.metaKey;
