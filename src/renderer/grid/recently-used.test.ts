import { expect, it } from 'vitest';

import { Leases } from './leases.ts';
import { RecentlyUsed } from './recently-used.ts';

it('keeps the terminals that were hidden last and lets the oldest go', () => {
  const hidden = new RecentlyUsed<string>(2);
  expect(hidden.putAside('a')).toEqual([]);
  expect(hidden.putAside('b')).toEqual([]);
  expect(hidden.putAside('a')).toEqual([]); // shown and hidden again
  expect(hidden.putAside('c')).toEqual(['b']);
  hidden.takeBack('a');
  expect(hidden.putAside('d')).toEqual([]);
  expect(hidden.putAside('e')).toEqual(['c']);
});

it('never leases more than there are', () => {
  const leases = new Leases<string>(2);
  expect([leases.take('a'), leases.take('b'), leases.take('a'), leases.take('c')]).toEqual([true, true, true, false]);
  leases.release('a');
  expect(leases.take('c')).toBe(true);
});
