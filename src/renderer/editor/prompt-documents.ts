import { create } from 'zustand';

import { host } from '#renderer/app/host.ts';
import { monaco } from '#renderer/monaco/monaco.ts';
import { documentText, withoutMark } from '#renderer/state/document-text.ts';
import {
  afterSave,
  isEdited,
  takeText,
  withEditsKept,
  type EditedDocument,
  type SaveOutcome,
} from '#renderer/state/edited-document.ts';
import {
  announceEdits,
  documentOf,
  documentsOf,
  turnTo,
  withDocument,
  type KeptDocuments,
} from '#renderer/state/kept-documents.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import type { PromptPlace } from '#shared/contract/prompts.ts';
import type { ProjectId } from '#shared/ids.ts';

export interface PromptDocument extends EditedDocument {
  projectId: ProjectId;
  key: string;
  place: PromptPlace;
}

export const promptKey = ({ kind, origin, id }: PromptPlace): string => `${origin}/${kind}/${id}`;

/**
 * The invariants and modules that are open, with their edits: outside React, so that an edit survives a look elsewhere, and
 * at another project.
 */
export const usePromptDocuments = create<KeptDocuments<string, PromptDocument>>()(() => ({
  projectId: null,
  documents: new Map(),
  elsewhere: new Map(),
}));

const find = (projectId: ProjectId, key: string): PromptDocument | undefined =>
  documentOf(usePromptDocuments.getState(), projectId, key);

function put(document: PromptDocument): void {
  const { projectId, key } = document;
  usePromptDocuments.setState((state) => withDocument(state, projectId, key, document));
  useView.getState().setUnsaved(projectId, `prompt:${key}`, document.isDirty);
}

/** Lets go of a document whose file was renamed or deleted here. */
export function dropPrompt(projectId: ProjectId, key: string): void {
  const document = find(projectId, key);
  if (!document) return;
  usePromptDocuments.setState((state) => withDocument(state, projectId, key, null));
  useView.getState().setUnsaved(projectId, `prompt:${key}`, false);
  // The editor that shows it is unmounted first.
  setTimeout(() => {
    document.model.dispose();
  });
}

/** Opens a file, or brings an open one in line with the disk: without edits silently, with edits as a conflict. */
export async function openPrompt(projectId: ProjectId, place: PromptPlace): Promise<void> {
  usePromptDocuments.setState((state) => turnTo(state, projectId, ({ isDirty }) => isDirty));
  const key = promptKey(place);
  const read = await host.prompts.read({ projectId, place });
  if (useMirror.getState().project?.id !== projectId) return;
  const known = find(projectId, key);
  if (!read.ok) {
    if (known?.isDirty) put({ ...known, conflict: { text: null, version: null } });
    else dropPrompt(projectId, key);
    return;
  }
  const { text, version } = read.value;
  if (!known) {
    const uri = monaco.Uri.from({ scheme: 'prompt', authority: projectId, path: `/${key}.md` });
    const model = monaco.editor.getModel(uri) ?? monaco.editor.createModel(text, 'markdown', uri);
    model.setValue(withoutMark(text));
    model.onDidChangeContent(() => {
      const document = find(projectId, key);
      if (document) put({ ...document, isDirty: isEdited(document) });
    });
    put({ projectId, key, place, model, version, savedText: text, isDirty: false, conflict: null });
  } else if (known.version === version) {
    if (known.conflict) put({ ...known, conflict: null });
  } else if (known.isDirty && documentText(known) !== text) put({ ...known, conflict: { text, version } });
  else takeText(known, { text, version }, put);
}

/** Writes the edits if the disk is where they started from; otherwise nothing is written and the conflict is kept. */
export async function savePrompt(projectId: ProjectId, key: string): Promise<SaveOutcome> {
  const document = find(projectId, key);
  if (!document) return { kind: 'saved' };
  const text = documentText(document);
  const saved = await host.prompts.save({ projectId, place: document.place, text, version: document.version });
  return afterSave({ document, now: find(projectId, key), text, saved }, put);
}

/** Takes what is on disk; the edits stay reachable by undo. */
export function takePromptFromDisk(projectId: ProjectId, key: string): void {
  const document = find(projectId, key);
  const { text = null, version = null } = document?.conflict ?? {};
  if (document && text !== null) takeText(document, { text, version }, put);
}

/** Keeps the edits: the next save replaces what is on disk now. */
export function keepPromptEdits(projectId: ProjectId, key: string): void {
  const document = find(projectId, key);
  if (document?.conflict) put(withEditsKept(document, document.conflict));
}

const unsavedOf = (projectId: ProjectId): readonly PromptDocument[] =>
  documentsOf(usePromptDocuments.getState(), projectId).filter(({ isDirty }) => isDirty);

announceEdits({
  of: (projectId) =>
    unsavedOf(projectId).map((document) => ({ name: `${document.place.id}.md`, text: documentText(document) })),
  letGo: (projectId) => {
    for (const { key } of unsavedOf(projectId)) dropPrompt(projectId, key);
  },
});
