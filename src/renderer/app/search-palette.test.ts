import { describe, expect, it } from 'vitest';

import { searchPalette, type PaletteEntry, type PaletteGroup } from './search-palette.ts';

const entry = (group: PaletteGroup, title: string, keywords = ''): PaletteEntry => ({
  id: `${group}:${title}`,
  group,
  title,
  detail: '',
  keywords,
  item: { kind: 'command', command: { id: title, title, group: 'App', run: () => undefined } },
});
const entries = [
  entry('Runs', 'Match history', 'feature/ai-match-history Working'),
  entry('Specs', 'Admin override'),
  entry('Commands', 'Settings', 'theme font'),
  ...Array.from({ length: 200 }, (_, index) => entry('Runs', `Run number ${String(index)}`)),
];
const titles = (text: string, limit = 60) =>
  searchPalette(entries, text, limit).flatMap((group) => group.entries.map((one) => one.title));

describe('the palette', () => {
  it('finds by a few letters, and by words that are not shown', () => {
    expect(titles('mhist')[0]).toBe('Match history');
    expect(titles('theme')).toEqual(['Settings']);
    expect(titles('working')[0]).toBe('Match history');
  });

  it('shows a little of everything while nothing is written', () => {
    const groups = searchPalette(entries, ' ', 60);
    expect(groups.map(({ group }) => group)).toEqual(['Runs', 'Specs', 'Commands']);
    expect(groups[0]?.entries).toHaveLength(6);
  });

  it('stays small however many runs there are', () => {
    expect(titles('run', 10)).toHaveLength(10);
  });

  it('finds nothing for what is nowhere', () => {
    expect(titles('zzzzqqq')).toEqual([]);
  });
});
