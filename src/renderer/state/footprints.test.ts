import { describe, expect, it } from 'vitest';

import { testRun } from '#shared/contract/test-run.ts';
import { testSpec } from '#shared/contract/test-spec.ts';

import { footprintsUnderWay, openFootprints } from './footprints.ts';

describe('the footprints that are still to be merged', () => {
  const specs = ['draft', 'working', 'merged', 'discarded', 'again'].map((slug) => testSpec(slug));
  const of = (id: string, slug: string, more: Parameters<typeof testRun>[1] = {}) => {
    const run = testRun(id, { spec: { slug: specs.find((spec) => spec.slug === slug)!.slug, title: slug }, ...more });
    return [run.id, run] as const;
  };
  const merged = { merged: { commit: 'c', into: 'main', method: 'merge' as const, at: 1 } };
  const discarded = { decision: { kind: 'discard' as const, reason: '', at: 1 } };
  const runs = new Map([
    of('1', 'working'),
    of('2', 'merged', merged),
    of('3', 'discarded', discarded),
    of('4', 'again', merged),
    of('5', 'again'),
  ]);

  it('are those of runs under way, and with the drafts of all that is open', () => {
    expect(footprintsUnderWay(specs, runs).map(({ slug }) => slug)).toEqual(['working', 'again']);
    expect(openFootprints(specs, runs).map(({ slug }) => slug)).toEqual(['draft', 'working', 'again']);
  });
});
