import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { accentColours, contrast, hardestSurfaces } from '#renderer/ui/accent-colours.ts';

/** What systems offer to choose from, and what theirs is when nothing was chosen. */
const usual = {
  'blue of macOS': '#007aff',
  'purple of macOS': '#a550a7',
  'pink of macOS': '#f74f9e',
  'orange of macOS': '#f7821b',
  'green of macOS': '#62ba46',
  'graphite of macOS': '#8c8c8c',
  'blue of Windows': '#0078d4',
  'teal of Windows': '#038387',
  'blue of GNOME': '#3584e4',
  'slate of GNOME': '#6f8396',
};

/** The opaque surfaces of both themes, as they are in `tokens.css`. */
function surfaces(): Record<'dark' | 'light', string[]> {
  const css = readFileSync(join(import.meta.dirname, '..', 'src', 'renderer', 'ui', 'tokens.css'), 'utf8');
  const [dark = '', light = ''] = css.split(":root[data-theme='light']");
  const opaque = (text: string): string[] =>
    Array.from(text.matchAll(/--surface-[a-z]+: (#[0-9a-f]{3,6});/g), ([, colour = '']) =>
      colour.length === 4 ? `#${Array.from(colour.slice(1), (digit) => digit + digit).join('')}` : colour,
    );
  return { dark: opaque(dark), light: opaque(light) };
}

describe('the system’s accent', () => {
  it('is measured on the surfaces that the page has', () => {
    const { dark, light } = surfaces();
    expect(dark.length).toBeGreaterThan(4);
    expect(dark.toSorted((a, b) => contrast('#ffffff', a) - contrast('#ffffff', b))[0]).toBe(hardestSurfaces.dark);
    expect(light.toSorted((a, b) => contrast('#000000', a) - contrast('#000000', b))[0]).toBe(hardestSurfaces.light);
  });

  it.each(Object.entries(usual))('can be the %s, with every contrast that our own has', (_name, colour) => {
    const found = accentColours(colour);
    expect(found).not.toBeNull();
    for (const theme of ['dark', 'light'] as const) {
      const tokens = found![theme];
      for (const fill of ['--accent', '--accent-hover', '--accent-active'] as const) {
        expect(contrast('#ffffff', tokens[fill]), fill).toBeGreaterThanOrEqual(4.5);
      }
      for (const surface of surfaces()[theme]) {
        expect(contrast(tokens['--accent-text'], surface), `text on ${surface}`).toBeGreaterThanOrEqual(4.5);
        expect(contrast(tokens['--accent'], surface), `a button on ${surface}`).toBeGreaterThanOrEqual(3);
        expect(contrast(tokens['--focus-color'], surface), `the focus on ${surface}`).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it('is ours where it would have to become another colour to be read on', () => {
    expect(accentColours('#ffc600')).toBeNull();
    expect(accentColours('#ffffff')).toBeNull();
    expect(accentColours('#000000')).toBeNull();
  });

  it('is ours where it is the red that deletes', () => {
    expect(accentColours('#ff5257')).toBeNull();
    expect(accentColours('#e81123')).toBeNull();
    // Ubuntu's orange, once it is dark enough to be read on.
    expect(accentColours('#e95420')).toBeNull();
  });

  it('reckons contrast as WCAG does', () => {
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});
