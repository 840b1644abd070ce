/** A colour as systems name it, `rrggbb` or `rrggbbaa` with or without `#`, as `#rrggbb`; null for none. */
export function accentColour(text: string): string | null {
  const [, colour, opacity = 'ff'] = /^#?([0-9a-f]{6})([0-9a-f]{2})?$/i.exec(text.trim()) ?? [];
  // Where no colour is set some systems say a transparent one.
  return colour === undefined || opacity === '00' ? null : `#${colour.toLowerCase()}`;
}
