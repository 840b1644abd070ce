import { create } from 'zustand';

import { host } from '#renderer/app/host.ts';
import type { monaco } from '#renderer/monaco/monaco.ts';
import type { ProjectId, SpecSlug } from '#shared/ids.ts';

import { documentText } from './document-text.ts';
import {
  afterSave,
  isEdited,
  takeText,
  withEditsKept,
  type EditedDocument,
  type SaveOutcome,
} from './edited-document.ts';
import { announceEdits, documentOf, documentsOf, turnTo, withDocument, type KeptDocuments } from './kept-documents.ts';
import { useMirror } from './mirror.ts';
import { useView } from './view.ts';

export interface SpecDocument extends EditedDocument {
  projectId: ProjectId;
  slug: SpecSlug;
}

/** Whether the text is nowhere but here: it was edited, or its file is gone. */
export const isUnsaved = ({ isDirty, conflict }: SpecDocument): boolean => isDirty || conflict?.text === null;

interface Documents extends KeptDocuments<SpecSlug, SpecDocument> {
  /** Specs of this project that were asked for and are not there. */
  missing: ReadonlySet<SpecSlug>;
}

/**
 * The specs that are open, with their edits. They live outside React, so that an edit survives a look at the grid, and at
 * another project.
 */
export const useSpecDocuments = create<Documents>()(() => ({
  projectId: null,
  documents: new Map(),
  elsewhere: new Map(),
  missing: new Set(),
}));

/** The spec as it is open here, if it is. */
export const specDocument = (state: Documents, projectId: ProjectId, slug: SpecSlug): SpecDocument | undefined =>
  documentOf(state, projectId, slug);

const find = (projectId: ProjectId, slug: SpecSlug): SpecDocument | undefined =>
  specDocument(useSpecDocuments.getState(), projectId, slug);

function put(document: SpecDocument): void {
  const { projectId, slug } = document;
  useSpecDocuments.setState((state) => {
    const missing = new Set(state.missing);
    if (state.projectId === projectId) missing.delete(slug);
    return { ...withDocument(state, projectId, slug, document), missing };
  });
  useView.getState().setUnsaved(projectId, slug, isUnsaved(document));
}

/** Lets go of a text whose file was renamed or deleted here, or that the person does not want any more. */
export function dropSpec(projectId: ProjectId, slug: SpecSlug): void {
  const document = find(projectId, slug);
  if (!document) return;
  useSpecDocuments.setState((state) => withDocument(state, projectId, slug, null));
  useView.getState().setUnsaved(projectId, slug, false);
  // The editor that shows it is unmounted first.
  setTimeout(() => {
    document.model.dispose();
  });
}

/**
 * Opens a spec, or brings an open one in line with the disk: without edits silently, with edits as a conflict. `createModel`
 * is asked for the model of one that is opened.
 */
export async function openSpec(
  projectId: ProjectId,
  slug: SpecSlug,
  createModel: (text: string) => monaco.editor.ITextModel,
): Promise<void> {
  enterProject(projectId);
  const read = await host.specs.read({ projectId, slug });
  if (useMirror.getState().project?.id !== projectId) return;
  const known = find(projectId, slug);
  if (!read.ok) {
    if (known) put({ ...known, conflict: { text: null, version: null } });
    else useSpecDocuments.setState(({ missing }) => ({ missing: new Set(missing).add(slug) }));
    return;
  }
  const { text, version } = read.value;
  if (!known) {
    const model = createModel(text);
    model.onDidChangeContent(() => {
      const document = find(projectId, slug);
      if (document) put({ ...document, isDirty: isEdited(document) });
    });
    put({ projectId, slug, model, version, savedText: text, isDirty: false, conflict: null });
    return;
  }
  if (known.version === version) {
    if (known.conflict) put({ ...known, conflict: null });
    return;
  }
  if (known.isDirty && documentText(known) !== text) {
    put({ ...known, conflict: { text, version } });
    return;
  }
  takeText(known, { text, version }, put);
}

/** Writes the edits if the disk is where they started from; otherwise nothing is written and the conflict is kept. */
export async function saveSpec(projectId: ProjectId, slug: SpecSlug): Promise<SaveOutcome> {
  const document = find(projectId, slug);
  if (!document) return { kind: 'saved' };
  const text = documentText(document);
  const saved = await host.specs.save({ projectId, slug, text, version: document.version });
  return afterSave({ document, now: find(projectId, slug), text, saved }, put);
}

/** Takes what is on disk. The edits stay reachable by undo. */
export function takeDisk(projectId: ProjectId, slug: SpecSlug): void {
  const document = find(projectId, slug);
  const { text = null, version = null } = document?.conflict ?? {};
  if (document && text !== null) takeText(document, { text, version }, put);
}

/** Keeps the edits: the next save replaces what is on disk now, and nothing that came later. */
export function keepEdits(projectId: ProjectId, slug: SpecSlug): void {
  const document = find(projectId, slug);
  if (document?.conflict) put(withEditsKept(document, document.conflict));
}

const unsavedOf = (projectId: ProjectId): readonly SpecDocument[] =>
  documentsOf(useSpecDocuments.getState(), projectId).filter(isUnsaved);

announceEdits({
  of: (projectId) =>
    unsavedOf(projectId).map((document) => ({ name: `specs/${document.slug}.md`, text: documentText(document) })),
  letGo: (projectId) => {
    for (const { slug } of unsavedOf(projectId)) dropSpec(projectId, slug);
  },
});

function enterProject(projectId: ProjectId): void {
  useSpecDocuments.setState((state) =>
    state.projectId === projectId ? state : { ...turnTo(state, projectId, isUnsaved), missing: new Set() },
  );
}
