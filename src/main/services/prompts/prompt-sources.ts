import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '#main/base/error-code.ts';
import { readProjectFile, refusePlace } from '#main/base/project-file.ts';
import type { PromptSource } from '#shared/contract/prompts.ts';

import { promptVersion, type PromptText, type UnreadText } from './compose.ts';
import type { CountTokens } from './token-counter.ts';

/** The folder, directly below a project's top, that holds the rules and the reusable parts of prompts. */
export const promptsRoot = '.switchyard';

const folders = [
  { kind: 'invariant', path: `${promptsRoot}/invariants` },
  { kind: 'module', path: `${promptsRoot}/prompts` },
] as const;

/** A part's file as it was read. */
export interface ReadSource extends PromptText {
  kind: PromptSource['kind'];
  path: string;
}

export interface ReadSources {
  sources: readonly ReadSource[];
  unread: readonly UnreadText[];
}

/** Reads the invariants and the modules, each in the order of their names. */
export async function readPromptSources(projectPath: string): Promise<ReadSources> {
  const sources: ReadSource[] = [];
  const unread: UnreadText[] = [];
  for (const { kind, path: folder } of folders) {
    const names = await namesIn(projectPath, folder, (reason) => unread.push({ kind, id: '', reason }));
    for (const name of names) {
      const path = `${folder}/${name}`;
      const file = await readProjectFile(projectPath, path);
      const id = name.slice(0, -'.md'.length);
      if (file.ok && file.value.text.trim() !== '') {
        sources.push({ kind, id, path, title: titleOf(file.value.text) ?? id, text: file.value.text });
      } else {
        const reason = file.ok ? 'is empty' : file.error.kind === 'refused' ? file.error.reason : 'is gone';
        unread.push({ kind, id, reason: `${path} ${reason}, so it is not in the prompt.` });
      }
    }
  }
  return { sources, unread };
}

/** What the page is told of a source. */
export const describeSource = (
  { kind, id, title, path, text }: ReadSource,
  countTokens: CountTokens,
): PromptSource => ({ kind, id, title, path, version: promptVersion(text), tokens: countTokens(text) });

async function namesIn(
  projectPath: string,
  folder: string,
  report: (reason: string) => void,
): Promise<readonly string[]> {
  try {
    const real = await realpath(join(projectPath, folder));
    const refusal = refusePlace(real, await realpath(projectPath));
    if (refusal !== null) {
      report(`${folder} ${refusal}, so nothing of it is in the prompt.`);
      return [];
    }
    const names = await readdir(real);
    return names.filter((name) => /^(?!\.|readme\.md$).*\.md$/i.test(name) && name.endsWith('.md')).toSorted();
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT') report(`${folder} cannot be read: ${code ?? String(error)}.`);
    return [];
  }
}

/** The first heading, as plain text. */
function titleOf(text: string): string | null {
  const heading = /^#{1,6}[ \t]+(\S.*?)[ \t]*#*[ \t]*$/m.exec(text)?.[1];
  return heading === undefined ? null : heading.slice(0, 200);
}
