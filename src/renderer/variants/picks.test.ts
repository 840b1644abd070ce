import { describe, expect, it } from 'vitest';

import type { Agreement, VariantChange, VariantFile } from '#shared/contract/variants.ts';
import type { RunId } from '#shared/ids.ts';

import { choiceOf, isChosen, preferring, takeRequest, takeSum, withPick, type Picks } from './picks.ts';
import { bestAgainst, columnFor, sidesOf, stepColumn } from './sides.ts';
import { whyNotTake } from './take-obstacle.ts';
import { filesOf, stepRow, variantRows } from './variant-rows.ts';
import { wallTime, workedTime } from './variant-time.ts';

const one = 'run-one' as RunId;
const two = 'run-two' as RunId;
const three = 'run-three' as RunId;
const variants = [one, two, three].map((runId) => ({ runId, tree: `tree-${runId}` }));
const nothing: Picks = new Map();

/** `outcomes`: what each variant made of it; null: nothing. */
function file(
  path: string,
  agreement: Agreement,
  outcomes: readonly (number | null)[],
  more: Partial<VariantFile> = {},
): VariantFile {
  const changes = outcomes.map((outcome): VariantChange | null =>
    outcome === null ? null : { kind: 'modified', path, mode: '100644', insertions: 1, deletions: 0, outcome },
  );
  return { path, agreement, changes, conflicts: [], obstacle: null, ...more };
}

const fought = file('fought', 'disagree', [0, 1, null], { conflicts: [{ a: 0, b: 1, reason: 'both changed it' }] });
const apart = file('apart', 'apart', [0, 1, 0]);
const own = file('own', 'only-one', [null, 0, null]);
const same = file('same', 'same', [0, 0, 0]);
const files = [fought, apart, own, same];

describe('which variant a file is taken from', () => {
  it('is whoever alone touched it, any of those that agree, and nobody where they differ', () => {
    expect(files.map((each) => choiceOf(each, variants, nothing))).toEqual([undefined, undefined, two, one]);
  });

  it('is what the person says, which also chooses those that made the same of it', () => {
    const picks = withPick(nothing, apart, variants, 2);
    expect(choiceOf(apart, variants, picks)).toBe(three);
    expect([0, 1, 2].map((index) => isChosen(apart, variants, picks, index))).toEqual([true, false, true]);
  });

  it('leaves the file as it was when it is taken from one that left it alone', () => {
    const picks = withPick(nothing, fought, variants, 2);
    expect(choiceOf(fought, variants, picks)).toBeNull();
    expect([0, 1, 2].map((index) => isChosen(fought, variants, picks, index))).toEqual([false, false, true]);
  });

  it('is open again when the run that was chosen is gone, or has left the file alone since', () => {
    const picks = withPick(nothing, fought, variants, 1);
    expect(choiceOf(fought, variants.slice(0, 1), picks)).toBeUndefined();
    expect(choiceOf(file('fought', 'disagree', [0, null, 1]), variants, picks)).toBeUndefined();
  });

  it('can be decided for all that is open at once, and for nothing else', () => {
    const picks = preferring(withPick(nothing, apart, variants, 0), files, variants, 1);
    expect(files.map((each) => choiceOf(each, variants, picks))).toEqual([two, one, two, one]);
  });

  it('adds up to what is asked of the host, with the trees of those that are taken from', () => {
    const picks = preferring(nothing, files, variants, 1);
    expect(takeSum(files, variants, picks)).toEqual({
      from: [
        { runId: one, files: 1 },
        { runId: two, files: 3 },
      ],
      asBefore: 0,
      undecided: [],
    });
    expect(takeRequest(files, variants, picks)).toEqual({
      picks: [
        { path: 'fought', runId: two },
        { path: 'apart', runId: two },
        { path: 'own', runId: two },
        { path: 'same', runId: one },
      ],
      seen: [
        { runId: one, tree: 'tree-run-one' },
        { runId: two, tree: 'tree-run-two' },
      ],
    });
  });

  it('cannot be said of a file that cannot be named', () => {
    const odd = { ...own, obstacle: 'Its name is no UTF-8.' };
    expect(choiceOf(odd, variants, withPick(nothing, odd, variants, 1))).toBeNull();
    expect(takeRequest([odd], variants, nothing).picks).toEqual([]);
  });
});

describe('why nothing can be taken', () => {
  const state = { from: 'c', omittedFiles: 0 };
  const why = (picks: Picks, of = files): string | null =>
    whyNotTake(state, takeSum(of, variants, picks), (id) => (id === two ? 'Two' : 'Another'));

  it('is said until all is decided and more than one is taken from', () => {
    expect(why(nothing)).toContain('2 files still to be decided');
    expect(why(preferring(nothing, files, variants, 1))).toBeNull();
    expect(why(nothing, [own])).toBe('All of it comes from Two: keep that one whole.');
    expect(why(withPick(nothing, own, variants, 0), [own])).toContain('Nothing is chosen');
    expect(why(withPick(nothing, fought, variants, 2), [own, fought])).toBeNull();
    expect(whyNotTake({ ...state, from: null }, takeSum([], variants, nothing), () => '')).toContain(
      'no commit in common',
    );
    expect(whyNotTake({ ...state, omittedFiles: 3 }, takeSum([], variants, nothing), () => '')).toContain('more files');
  });
});

describe('the list of files', () => {
  it('has a head before each group, and only what the filter lets through', () => {
    expect(variantRows(files, '').map((row) => (row.kind === 'group' ? row.agreement : row.file.path))).toEqual([
      'disagree',
      'fought',
      'apart',
      'apart',
      'only-one',
      'own',
      'same',
      'same',
    ]);
    expect(filesOf(variantRows(files, ' OWN ')).map(({ path }) => path)).toEqual(['own']);
    expect(variantRows(files, 'nowhere')).toEqual([]);
  });

  it('is gone through to its ends', () => {
    expect(stepRow(files, 'fought', 1)?.path).toBe('apart');
    expect(stepRow(files, 'same', 1)?.path).toBe('same');
    expect(stepRow(files, 'fought', -8)?.path).toBe('fought');
    expect(stepRow(files, null, 1)?.path).toBe('fought');
    expect(stepRow([], null, 1)).toBeNull();
  });
});

describe('the sides that are shown', () => {
  it('are a variant and the one that it disagrees with, else one that differs, else as it was', () => {
    expect(bestAgainst(fought, variants, 0)).toBe(two);
    expect(bestAgainst(fought, variants, 1)).toBe(one);
    expect(bestAgainst(fought, variants, 2)).toBe(one);
    expect(bestAgainst(apart, variants, 2)).toBe(two);
    expect(bestAgainst(own, variants, 1)).toBeNull();
    expect(bestAgainst(same, variants, 0)).toBeNull();
  });

  it('are what the person chose, unless that is both sides at once or gone', () => {
    expect(sidesOf(fought, variants, 0, null)).toEqual({ left: null, right: one });
    expect(sidesOf(fought, variants, 0, three)).toEqual({ left: three, right: one });
    expect(sidesOf(fought, variants, 0, one)).toEqual({ left: two, right: one });
    expect(sidesOf(fought, variants, 0, 'run-gone' as RunId)).toEqual({ left: two, right: one });
  });

  it('begin with the first that touched the file, and skip what is not compared', () => {
    expect(columnFor(own, variants, null)).toBe(1);
    expect(columnFor(own, variants, three)).toBe(2);
    const hollow = variants.map((each, index) => (index === 1 ? { ...each, tree: null } : each));
    expect(stepColumn(hollow, 0, 1)).toBe(2);
    expect(stepColumn(hollow, 2, 1)).toBe(2);
    expect(stepColumn(hollow, 2, -1)).toBe(0);
  });
});

describe('how long a variant took', () => {
  it('goes on while its agent is at work, and ends when it came to rest', () => {
    const working = {
      createdAt: 1000,
      status: { kind: 'working' as const, source: 'process' as const, since: 0, detail: null },
    };
    const idle = { ...working, status: { ...working.status, kind: 'idle' as const } };
    expect(workedTime({ worked: 500, at: 2000 }, working, 2600)).toBe(1100);
    expect(workedTime({ worked: 500, at: 2000 }, idle, 2600)).toBe(500);
    expect(wallTime({ restedAt: null, worked: 500 }, working, 2600)).toBe(1600);
    expect(wallTime({ restedAt: 3000, worked: 500 }, idle, 9000)).toBe(2000);
    expect(wallTime({ restedAt: null, worked: 0 }, idle, 9000)).toBe(0);
  });
});
