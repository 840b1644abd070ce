import { createRequire } from 'node:module';

import { afterEach, describe, expect, it } from 'vitest';

import { boundGraphemes } from './bound-graphemes.ts';

const requireCommonJs = createRequire(import.meta.url);
const { Terminal } = requireCommonJs('@xterm/headless') as typeof import('@xterm/headless');
const { UnicodeGraphemesAddon } = requireCommonJs(
  '@xterm/addon-unicode-graphemes',
) as typeof import('@xterm/addon-unicode-graphemes');

describe('boundGraphemes', () => {
  const terminals: InstanceType<typeof Terminal>[] = [];

  afterEach(() => {
    for (const terminal of terminals.splice(0)) terminal.dispose();
  });

  /** The cells of what is written, each with its width. */
  const cells = async (text: string): Promise<readonly (readonly [string, number])[]> => {
    const terminal = new Terminal({ cols: 60, rows: 3, allowProposedApi: true, logLevel: 'off' });
    terminals.push(terminal);
    boundGraphemes(terminal, new UnicodeGraphemesAddon());
    await new Promise<void>((resolve) => terminal.write(text, resolve));
    const line = terminal.buffer.active.getLine(0);
    return Array.from({ length: 60 }, (_, col) => line?.getCell(col))
      .filter((cell) => cell !== undefined)
      .filter((cell) => cell.getChars() !== '')
      .map((cell) => [cell.getChars(), cell.getWidth()] as const);
  };

  it('counts each cluster for itself, whatever stands before it', async () => {
    const kiss = '👨🏻‍❤️‍💋‍👨🏼';
    expect(await cells(`漢字${kiss}${kiss}`)).toEqual([
      ['漢', 2],
      ['字', 2],
      [kiss, 2],
      [kiss, 2],
    ]);
  });

  it.each([
    ['a family', '👨‍👩‍👧‍👦', 2],
    ['a flag of two letters', '🇨🇭', 2],
    ['a flag of tags', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 2],
    ['a skin tone', '👍🏽', 2],
    ['a kiss with two skin tones', '👨🏻‍❤️‍💋‍👨🏼', 2],
    ['a heart made an emoji', '❤️', 2],
    ['a letter with two marks', 'o\u0302\u0301', 1],
    ['a Hangul syllable in parts', '각', 2],
    ['Devanagari with a vowel sign', 'कि', 1],
    ['an ideograph', '漢', 2],
    ['a digit in a box', '1️⃣', 2],
  ])('gives %s one place', async (_, text, width) => {
    expect(await cells(`${text}|`)).toEqual([
      [text, width],
      ['|', 1],
    ]);
  });

  it('lets no cell grow without end, and loses nothing', async () => {
    const text = `a${'\u0301'.repeat(100)}`;
    const found = await cells(text);
    expect(found.every(([chars]) => Array.from(chars).length <= 16)).toBe(true);
    expect(found.map(([chars]) => chars).join('')).toBe(text);
  });
});
