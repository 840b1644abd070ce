import { describe, expect, it } from 'vitest';

import { randomOutput, seeded } from '#shared/terminal/test-sequences.ts';

import { longestString, OutputBounds } from './bound-output.ts';

const passed = (...pieces: string[]): string => {
  const bounds = new OutputBounds();
  return pieces.map((piece) => bounds.pass(piece)).join('');
};

describe('OutputBounds', () => {
  const long = 'A'.repeat(longestString + 1);

  it.each([
    ['a title that BEL ends', `\x1b]0;${long}\x07`, ''],
    ['a title that ST ends', `\x1b]0;${long}\x1b\\`, '\x1b\\'],
    ['an image of sixels', `\x1bPq${long}\x1b\\`, '\x1b\\'],
    ['an image of kitty', `\x1b_G${long}\x1b\\`, '\x1b\\'],
    ['a string in 8 bits', `\x9d0;${long}\x9c`, '\x9c'],
    ['a string that another sequence breaks off', `\x1b]0;${long}\x1b[m`, '\x1b[m'],
  ])('calls %s off when it is too long', (_, sequence, left) => {
    const begin = sequence.startsWith('\x9d') ? '\x9d' : sequence.slice(0, 2);
    expect(passed(`before${sequence}after`)).toBe(`before${begin}\x18${left}after`);
  });

  it('keeps a string that is just short enough', () => {
    const text = `\x1b]52;c;${'A'.repeat(longestString - 5)}\x07after`;
    expect(passed(text)).toBe(text);
  });

  it('counts over pieces, wherever they are cut', () => {
    const pieces = ['before\x1b', ']', '0;', ...Array.from({ length: 50 }, () => 'A'.repeat(10_000)), '\x07after'];
    const all = passed(...pieces);
    expect(all.startsWith('before\x1b]0;AAAA')).toBe(true);
    expect(all.endsWith('A\x18after')).toBe(true);
    expect(all.length).toBeLessThan(longestString + 50);
  });

  it('takes no text for part of a string that a character has broken off', () => {
    for (const begin of ['\x1b_a\u65e5', '\x1bP\u65e5', '\x1bX\u65e5']) {
      const pieces = [begin, ...Array.from({ length: 50 }, () => 'A'.repeat(10_000))];
      expect(passed(...pieces)).toBe(pieces.join(''));
    }
  });

  it('does not hold on to a string that never ends', () => {
    const bounds = new OutputBounds();
    bounds.pass('\x1b]0;');
    for (let round = 0; round < 100; round++) bounds.pass('A'.repeat(10_000));
    expect(bounds.pass('more')).toBe('');
    expect(bounds.pass('\x07shown')).toBe('shown');
  });

  it('leaves out what resets in close succession would wipe away anyway', () => {
    expect(passed(`text${'\x1bc'.repeat(1000)}end`)).toBe('\x1bcend');
    expect(passed('text\x1bcend')).toBe('text\x1bcend');
  });

  it('leaves out visits to the alternate screen that follow each other with nothing in between', () => {
    const visit = '\x1b[?1049h\x1b[?1049l';
    expect(passed(`a${visit.repeat(1000)}b${visit}c`)).toBe(`a${visit}b${visit}c`);
    expect(passed('\x1b[?1049hx\x1b[?1049l'.repeat(3))).toBe('\x1b[?1049hx\x1b[?1049l'.repeat(3));
  });

  it.each([1, 2, 3])('changes nothing of other output, however it is cut (seed %i)', (seed) => {
    const random = seeded(seed);
    const text = randomOutput(random, 50_000);
    const pieces: string[] = [];
    for (let at = 0; at < text.length;) {
      const length = 1 + random.below(40);
      pieces.push(text.slice(at, at + length));
      at += length;
    }
    expect(passed(...pieces)).toBe(text);
  });
});
