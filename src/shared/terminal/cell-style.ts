import type { IBufferCell } from '@xterm/headless';

/** How a cell looks. The public part of a cell, and the numbers behind it, which are quick to compare. */
export type Style = Omit<IBufferCell, 'getWidth' | 'getChars' | 'getCode'> & {
  readonly fg?: number;
  readonly bg?: number;
  readonly extended?: { readonly ext: number; readonly urlId: number; readonly underlineStyle: number } | undefined;
};

export type Cell = IBufferCell & Style;

const underlined = 0x10000000;
/** Set in a cell's background where it has an underline of its own or a link. Elsewhere `extended` is that of another cell. */
const hasExtended = 0x10000000;

/** The underline and the link that are a cell's own. */
export function extendedOf(style: Style | null): Style['extended'] {
  return ((style?.bg ?? 0) & hasExtended) === 0 ? undefined : style?.extended;
}

/** The whole look as one sequence: sets back what was, then sets each part. */
export function sgrOf(style: Style): string {
  const codes: string[] = [];
  if (style.isBold()) codes.push('1');
  if (style.isDim()) codes.push('2');
  if (style.isItalic()) codes.push('3');
  if (((style.fg ?? 0) & underlined) !== 0) codes.push(underlineOf(style));
  if (style.isBlink()) codes.push('5');
  if (style.isInverse()) codes.push('7');
  if (style.isInvisible()) codes.push('8');
  if (style.isStrikethrough()) codes.push('9');
  if (style.isOverline()) codes.push('53');
  if (!style.isFgDefault()) codes.push(colourOf(38, style.isFgRGB(), style.getFgColor()));
  if (!style.isBgDefault()) codes.push(colourOf(48, style.isBgRGB(), style.getBgColor()));
  return codes.length === 0 ? '\x1b[m' : `\x1b[0;${codes.join(';')}m`;
}

function underlineOf(style: Style): string {
  const extended = extendedOf(style);
  // A link is shown as if dashed; that is not its own underline.
  const kind = extended && extended.urlId === 0 ? extended.underlineStyle : 1;
  return kind > 1 ? `4:${String(kind)}` : '4';
}

/** As `getBgColorMode` gives it for a colour of three parts. */
export const rgbMode = 0x3000000;

export function colourOf(what: 38 | 48, isRgb: boolean, colour: number): string {
  const parts = isRgb ? [2, (colour >> 16) & 255, (colour >> 8) & 255, colour & 255] : [5, colour];
  return [what, ...parts].join(';');
}
