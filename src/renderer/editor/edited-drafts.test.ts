import { describe, expect, it } from 'vitest';

import type { SpecDraft } from '#shared/contract/imports.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

import { leftDrafts, startDrafts, withEdits, type EditedDraft } from './edited-drafts.ts';

const draft = (slug: string, text = `# ${slug}`, isTaken = false): SpecDraft => ({
  slug: slug as SpecSlug,
  title: slug,
  text,
  notes: [],
  isTaken,
});
const edit = (drafts: readonly EditedDraft[], slug: string, text: string): readonly EditedDraft[] =>
  drafts.map((each) => (each.slug === slug ? { ...each, text } : each));
const texts = (drafts: readonly EditedDraft[]) => drafts.map(({ slug, text }) => [slug, text]);

describe('drafts that the person has edited', () => {
  const before = edit(startDrafts([draft('one'), draft('two')]), 'one', '# one, and mine');

  it('are as the person has them when the drafts are read again', () => {
    const again = withEdits(startDrafts([draft('one'), draft('two', '# two anew'), draft('three')]), before);
    expect(texts(again)).toEqual([
      ['one', '# one, and mine'],
      ['two', '# two anew'],
      ['three', '# three'],
    ]);
    expect(again.flatMap(({ notes }) => notes)).toEqual([]);
  });

  it('say so when they were drafted anew, and stay when they were drafted no more', () => {
    const [anew] = withEdits(startDrafts([draft('one', '# one anew')]), before);
    expect(anew).toMatchObject({ text: '# one, and mine', isWanted: true });
    expect(anew?.notes).toHaveLength(1);
    expect(texts(withEdits([], before))).toEqual([['one', '# one, and mine']]);
  });

  it('are not wanted where a spec has taken their name', () => {
    expect(withEdits(startDrafts([draft('one', '# one', true)]), before)).toMatchObject([
      { isTaken: true, isWanted: false, text: '# one, and mine' },
    ]);
  });

  it('are there again after their dialog was closed, until they are written', () => {
    const run = 'run' as RunId;
    leftDrafts.keep(run, before);
    expect(texts(leftDrafts.of(run))).toEqual([['one', '# one, and mine']]);
    leftDrafts.keep(
      run,
      before.filter(({ slug }) => slug !== 'one'),
    );
    expect(leftDrafts.of(run)).toEqual([]);
  });
});
