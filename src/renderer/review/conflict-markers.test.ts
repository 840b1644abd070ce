import { describe, expect, it } from 'vitest';

import { linesOf, markedPlaces } from './conflict-markers.ts';

const marked = [
  'one',
  '<<<<<<< main',
  'blue',
  '||||||| base',
  'teal',
  '=======',
  'red',
  'redder',
  '>>>>>>> feature/red',
  'two',
  '<<<<<<< main',
  '=======',
  'three',
  '>>>>>>> feature/red',
].join('\n');

describe('places in conflict', () => {
  it('are found with what each side says', () => {
    expect(markedPlaces(marked)).toEqual([
      { from: 2, to: 9, ours: ['blue'], base: ['teal'], theirs: ['red', 'redder'] },
      { from: 11, to: 14, ours: [], base: [], theirs: ['three'] },
    ]);
  });

  it('are none without all their markers, or where a line only begins like one', () => {
    expect(markedPlaces('<<<<<<< main\nblue\n')).toEqual([]);
    expect(markedPlaces('<<<<<<<<< no\n=======\n>>>>>>>\n')).toEqual([]);
    expect(markedPlaces('Title\n=======\n')).toEqual([]);
  });

  it('are taken from either side, or from both', () => {
    const [place] = markedPlaces(marked);
    expect(place && linesOf(place, 'ours')).toEqual(['blue']);
    expect(place && linesOf(place, 'theirs')).toEqual(['red', 'redder']);
    expect(place && linesOf(place, 'both')).toEqual(['blue', 'red', 'redder']);
  });
});
