/** The tokens that have the accent's hue. What they are without it is in `tokens.css`. */
export type AccentTokens = Readonly<
  Record<
    | '--accent'
    | '--accent-hover'
    | '--accent-active'
    | '--accent-text'
    | '--accent-soft'
    | '--accent-border'
    | '--surface-selected'
    | '--selection'
    | '--focus-color',
    string
  >
>;
type Theme = 'dark' | 'light';

/** In each theme the surface on which text of the accent's hue is hardest to read, as `tokens.css` has it. */
export const hardestSurfaces: Readonly<Record<Theme, string>> = { dark: '#21242b', light: '#eceef1' };
/** Of `--danger`: what is red is not to be taken for what deletes. */
const danger = '#c93c37';

/** So much lighter or darker an accent may be made until it can be read on, of a lightness from 0 to 1. Beyond that it is another colour. */
const farthest = 0.2;
/** In degrees of hue, of two colours that are neither grey. */
const mistakableHue = 20;
const greyChroma = 0.06;
/** How much of the accent a selected surface has, where text still has to be read. */
const selectedShare = { dark: 0.15, light: 0.1 };

/**
 * The accent's tokens for a colour `#rrggbb`, in both themes; null when it cannot hold: when white text on it, and it on every
 * surface, cannot have the contrasts that our own has (4.5:1 and 3:1) and still be that colour, or when it is the red of danger.
 */
export function accentColours(colour: string): Readonly<Record<Theme, AccentTokens>> | null {
  const given = toOklch(colour);
  if (isDanger(given)) return null;
  const fill = nearest(given, farthest, (candidate) => {
    const holdsText = contrast('#ffffff', candidate) >= 4.5;
    return holdsText && Object.values(hardestSurfaces).every((surface) => contrast(candidate, surface) >= 3);
  });
  const dark = fill && tokens('dark', given, fill);
  const light = fill && tokens('light', given, fill);
  return dark && light ? { dark, light } : null;
}

function tokens(theme: Theme, given: Oklch, fill: Oklch): AccentTokens | null {
  const isDark = theme === 'dark';
  const wash = toRgb({ ...given, lightness: isDark ? 0.68 : fill.lightness });
  const selected = mix(wash, hardestSurfaces[theme], selectedShare[theme]);
  const readable = (ratio: number) => (candidate: string) =>
    [hardestSurfaces[theme], selected].every((surface) => contrast(candidate, surface) >= ratio);
  const calm = { ...given, chroma: Math.min(given.chroma, 0.16) };
  const text = nearest({ ...calm, lightness: isDark ? 0.76 : 0.5 }, 0.4, readable(4.5));
  const focus = nearest({ ...calm, lightness: isDark ? 0.72 : 0.56 }, 0.4, readable(3));
  if (!text || !focus) return null;
  const at = (darker: number): string => toRgb({ ...fill, lightness: fill.lightness - darker });
  return {
    '--accent': at(0),
    '--accent-hover': at(0.025),
    '--accent-active': at(0.06),
    '--accent-text': toRgb(text),
    '--accent-soft': translucent(wash, isDark ? 14 : 9),
    '--accent-border': translucent(wash, isDark ? 45 : 38),
    '--surface-selected': translucent(wash, selectedShare[theme] * 100),
    '--selection': translucent(wash, 38),
    '--focus-color': toRgb(focus),
  };
}

function isDanger({ hue, chroma }: Oklch): boolean {
  const away = Math.abs(hue - toOklch(danger).hue) % 360;
  return chroma > greyChroma && Math.min(away, 360 - away) < mistakableHue;
}

/** The colour of this hue, no further away in lightness than that, which is the nearest that will do. */
function nearest(from: Oklch, most: number, isGood: (colour: string) => boolean): Oklch | null {
  for (let away = 0; away <= most; away += 0.005) {
    for (const lightness of [from.lightness - away, from.lightness + away]) {
      const candidate = { ...from, lightness };
      if (lightness >= 0 && lightness <= 1 && isGood(toRgb(candidate))) return candidate;
    }
  }
  return null;
}

const translucent = (colour: string, percent: number): string =>
  `rgb(${channels(colour)
    .map((channel) => String(Math.round(channel * 255)))
    .join(' ')} / ${String(Math.round(percent))}%)`;

function mix(over: string, under: string, share: number): string {
  const below = channels(under);
  return hex(channels(over).map((channel, index) => channel * share + (below[index] ?? 0) * (1 - share)));
}

/** How a colour stands out from another one, from 1 to 21, as WCAG reckons it. */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map(toLinear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** A colour by how light it is (0 to 1), how colourful, and its hue in degrees: the same step looks alike in every hue. */
interface Oklch {
  lightness: number;
  chroma: number;
  hue: number;
}

function toOklch(colour: string): Oklch {
  const [red = 0, green = 0, blue = 0] = channels(colour).map(toLinear);
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const lightness = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short;
  const a = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short;
  const b = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short;
  return { lightness, chroma: Math.hypot(a, b), hue: ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360 };
}

/** As colourful as a screen can show it. */
function toRgb({ lightness, chroma, hue }: Oklch): string {
  for (let shown = chroma; ; shown -= 0.004) {
    const linear = toLinearRgb(lightness, Math.max(0, shown), hue);
    if (shown <= 0 || linear.every((channel) => channel >= -0.0005 && channel <= 1.0005)) {
      return hex(linear.map((channel) => fromLinear(Math.min(1, Math.max(0, channel)))));
    }
  }
}

function toLinearRgb(lightness: number, chroma: number, hue: number): readonly number[] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

/** Red, green and blue from 0 to 1. */
const channels = (colour: string): readonly number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
const hex = (parts: readonly number[]): string =>
  `#${parts
    .map((part) =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
const toLinear = (channel: number): number =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
const fromLinear = (channel: number): number =>
  channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055;
