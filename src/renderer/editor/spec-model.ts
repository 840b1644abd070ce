import { monaco } from '#renderer/monaco/monaco.ts';
import { registerSpecLanguage, specLanguage } from '#renderer/monaco/spec-language.ts';
import type { ProjectId, SpecSlug } from '#shared/ids.ts';

/** A text as Monaco edits it. */
export function specModel(projectId: ProjectId, slug: SpecSlug, text: string): monaco.editor.ITextModel {
  registerSpecLanguage();
  // Named, because Monaco shows the name over a problem that it explains.
  const uri = monaco.Uri.from({ scheme: 'spec', authority: projectId, path: `/specs/${slug}.md` });
  return monaco.editor.createModel(text, specLanguage, uri);
}
