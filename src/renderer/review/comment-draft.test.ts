import { afterEach, describe, expect, it } from 'vitest';

import { runId } from '#shared/ids.ts';

import { beginComment, closeComment, useCommentDraft, writeComment } from './comment-draft.ts';

const one = runId.parse('run-one');
const two = runId.parse('run-two');
const at = (line: number, run = one) => ({ runId: run, path: 'a.ts', side: 'after', line }) as const;
const draftOf = (run = one) => useCommentDraft.getState().drafts.get(run);

describe('a comment that is being written', () => {
  afterEach(() => {
    useCommentDraft.setState({ drafts: new Map() });
  });

  it('keeps its words when another line is chosen for it', () => {
    beginComment(at(3));
    expect(draftOf()).toMatchObject({ line: 3, text: '', comment: null });
    writeComment({ ...at(3), text: 'Why?', comment: null });
    beginComment(at(5));
    expect(draftOf()).toMatchObject({ line: 5, text: 'Why?' });
  });

  it('stays where it is while the text of a kept one is changed', () => {
    writeComment({ ...at(3), text: 'Why not?', comment: 'kept' });
    beginComment(at(5));
    expect(draftOf()).toMatchObject({ line: 3, comment: 'kept' });
  });

  it('is of one run, and another run’s is left alone', () => {
    writeComment({ ...at(3), text: 'Why?', comment: null });
    beginComment(at(7, two));
    closeComment(two);
    expect(draftOf()).toMatchObject({ line: 3, text: 'Why?' });
    expect(draftOf(two)).toBeUndefined();
  });
});
