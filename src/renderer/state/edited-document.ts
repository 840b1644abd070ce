import type { monaco } from '#renderer/monaco/monaco.ts';
import type { Result } from '#shared/result.ts';

import { documentText, withoutMark } from './document-text.ts';

/** What is on disk and differs from what was opened here, while there are edits: nobody's words are dropped unasked. */
export interface DiskConflict {
  /** Null: the file is gone. */
  text: string | null;
  version: string | null;
}

/** A file of the project that is open in an editor. */
export interface EditedDocument {
  model: monaco.editor.ITextModel;
  /** The version that the edits are based on; null when the file is gone. */
  version: string | null;
  savedText: string;
  /** Whether the text is another than what was opened or saved last. */
  isDirty: boolean;
  conflict: DiskConflict | null;
}

export const isEdited = (document: EditedDocument): boolean =>
  document.version === null || documentText(document) !== document.savedText;

export type SaveOutcome = { kind: 'saved' } | { kind: 'conflict' } | { kind: 'failed'; path: string; message: string };

type Saved = Result<
  { version: string },
  | { kind: 'changed-on-disk'; text: string | null; version: string | null }
  | { kind: 'could-not-write'; path: string; message: string }
>;

/**
 * What became of a document whose text was to be written. `now` is what there is of it since, and is `put` as it is after that;
 * one that was let go of meanwhile does not come back, nor is another one taken for it that was opened in its place.
 */
export function afterSave<Document extends EditedDocument>(
  { document, now, text, saved }: { document: Document; now: Document | undefined; text: string; saved: Saved },
  put: (document: Document) => void,
): SaveOutcome {
  const keep = (change: Partial<EditedDocument>): void => {
    if (now?.model === document.model) put({ ...now, ...change });
  };
  if (saved.ok) {
    const written = { version: saved.value.version, savedText: text, conflict: null };
    // What was typed meanwhile is not saved.
    keep({ ...written, isDirty: now !== undefined && isEdited({ ...now, ...written }) });
    return { kind: 'saved' };
  }
  const { error } = saved;
  if (error.kind === 'could-not-write') return { kind: 'failed', path: error.path, message: error.message };
  keep({ conflict: { text: error.text, version: error.version } });
  return { kind: 'conflict' };
}

/** The document with its edits kept against the disk: the next save replaces what is there now, and nothing that came later. */
export function withEditsKept<Document extends EditedDocument>(document: Document, conflict: DiskConflict): Document {
  const { text, version } = conflict;
  return { ...document, version, savedText: text ?? document.savedText, isDirty: true, conflict: null };
}

/**
 * Gives a document the text that is on disk; its edits stay reachable by undo. `put` keeps it, once before the model changes, so
 * that this is not taken for an edit of the person's, and once behind it.
 */
export function takeText<Document extends EditedDocument>(
  document: Document,
  { text, version }: { text: string; version: string | null },
  put: (document: Document) => void,
): void {
  const taken = { ...document, version, savedText: text, conflict: null };
  put(taken);
  if (documentText(taken) !== text) replaceText(document.model, withoutMark(text));
  put({ ...taken, isDirty: false });
}

/** Puts another text into a model as one step that can be undone. */
export function replaceText(model: monaco.editor.ITextModel, text: string): void {
  if (model.getValue() === text) return;
  model.pushStackElement();
  model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
  model.pushStackElement();
}
