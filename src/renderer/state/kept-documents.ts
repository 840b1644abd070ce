import type { monaco } from '#renderer/monaco/monaco.ts';
import type { ProjectId } from '#shared/ids.ts';

/** The texts that are open of one project, and of the others those with edits, which are nowhere but here. */
export interface KeptDocuments<Key, Document> {
  /** Whose texts `documents` are. */
  projectId: ProjectId | null;
  documents: ReadonlyMap<Key, Document>;
  elsewhere: ReadonlyMap<ProjectId, ReadonlyMap<Key, Document>>;
}

/**
 * The same with another project's texts to the front. What of the former one is saved is let go; its edits wait until it is
 * opened again.
 */
export function turnTo<Key, Document extends { model: monaco.editor.ITextModel }>(
  kept: KeptDocuments<Key, Document>,
  projectId: ProjectId,
  isUnsaved: (document: Document) => boolean,
): KeptDocuments<Key, Document> {
  if (kept.projectId === projectId) return kept;
  const elsewhere = new Map(kept.elsewhere);
  const edited = new Map<Key, Document>();
  for (const [key, document] of kept.documents) {
    if (isUnsaved(document)) edited.set(key, document);
    else document.model.dispose();
  }
  if (kept.projectId !== null && edited.size > 0) elsewhere.set(kept.projectId, edited);
  const documents = elsewhere.get(projectId) ?? new Map<Key, Document>();
  elsewhere.delete(projectId);
  return { projectId, documents, elsewhere };
}

/** The text of any project under this key. */
export const documentOf = <Key, Document>(
  kept: KeptDocuments<Key, Document>,
  projectId: ProjectId | null,
  key: Key,
): Document | undefined =>
  kept.projectId === projectId
    ? kept.documents.get(key)
    : projectId === null
      ? undefined
      : kept.elsewhere.get(projectId)?.get(key);

/** The same with this text in its place, or with none there. One that was let go with its project does not come back. */
export function withDocument<Key, Document>(
  kept: KeptDocuments<Key, Document>,
  projectId: ProjectId,
  key: Key,
  document: Document | null,
): KeptDocuments<Key, Document> {
  const isShown = kept.projectId === projectId;
  const texts = new Map(isShown ? kept.documents : kept.elsewhere.get(projectId));
  if (document === null) texts.delete(key);
  else if (isShown || texts.has(key)) texts.set(key, document);
  if (isShown) return { ...kept, documents: texts };
  const elsewhere = new Map(kept.elsewhere);
  if (texts.size > 0) elsewhere.set(projectId, texts);
  else elsewhere.delete(projectId);
  return { ...kept, elsewhere };
}

/** The edited texts of a project, for where none of its editors is there. */
export interface EditedTexts {
  of(projectId: ProjectId): readonly EditedText[];
  letGo(projectId: ProjectId): void;
}

export interface EditedText {
  /** The file's name, as the person knows it. */
  name: string;
  text: string;
}

const known: EditedTexts[] = [];

/** Makes a kind of texts known to `editedTexts` and `letGoOfEdits`. */
export function announceEdits(texts: EditedTexts): void {
  known.push(texts);
}

export const editedTexts = (projectId: ProjectId): readonly EditedText[] =>
  known.flatMap((texts) => texts.of(projectId));

/** The person does not want the edits of a project any more. */
export function letGoOfEdits(projectId: ProjectId): void {
  for (const texts of known) texts.letGo(projectId);
}

/** All that is open of a project, wherever it is kept. */
export const documentsOf = <Key, Document>(
  kept: KeptDocuments<Key, Document>,
  projectId: ProjectId,
): readonly Document[] =>
  Array.from((kept.projectId === projectId ? kept.documents : kept.elsewhere.get(projectId))?.values() ?? []);
