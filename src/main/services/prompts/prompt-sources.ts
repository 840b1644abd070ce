import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '#main/base/error-code.ts';
import { readProjectFile, refusePlace } from '#main/base/project-file.ts';
import { expressionProblems } from '#main/services/invariants/expressions.ts';
import type { PromptOrigin, PromptPlace, PromptSource } from '#shared/contract/prompts.ts';
import { parseInvariant } from '#shared/invariant/invariant-file.ts';
import { parseModule, withoutFrontMatter, type ModuleFile } from '#shared/prompt/module-file.ts';

import { promptVersion, type UnreadText } from './compose.ts';
import type { ModuleText } from './pick-modules.ts';
import type { CountTokens } from './token-counter.ts';

/** The folder, directly below a project's top, that holds the rules and the reusable parts of prompts. */
export const promptsRoot = '.switchyard';

/** The folder of the person's own modules, in the app's configuration. */
export const ownPromptsFolder = 'prompts';

const folders = [
  { kind: 'invariant', origin: 'project', path: `${promptsRoot}/invariants` },
  { kind: 'module', origin: 'project', path: `${promptsRoot}/prompts` },
  { kind: 'module', origin: 'own', path: ownPromptsFolder },
] as const;

/** Where a project's files and the person's own are. */
export interface PromptRoots {
  project: string;
  /** The app's configuration; null: there are no own modules here. */
  own: string | null;
}

/** A part's file as it was read. */
export interface ReadSource extends ModuleText {
  kind: PromptSource['kind'];
  path: string;
  /** An own module that one of the project's stands before. */
  isHidden: boolean;
}

export interface ReadSources {
  sources: readonly ReadSource[];
  unread: readonly UnreadText[];
}

/** The file of a place, from the top of its root. */
export const promptFilePath = ({ kind, origin, id }: PromptPlace): string =>
  `${folders.find((each) => each.kind === kind && each.origin === origin)?.path ?? ownPromptsFolder}/${id}.md`;

/** Reads the invariants, the modules, and the person's own modules, each in the order of their names. */
export async function readPromptSources(roots: PromptRoots): Promise<ReadSources> {
  const sources: ReadSource[] = [];
  const unread: UnreadText[] = [];
  for (const { kind, origin, path: folder } of folders) {
    const root = origin === 'own' ? roots.own : roots.project;
    if (root === null) continue;
    const names = await namesIn(root, folder, (reason) => unread.push({ kind, id: '', reason, isRefused: true }));
    for (const name of names) {
      const path = `${folder}/${name}`;
      const file = await readProjectFile(root, path);
      const id = name.slice(0, -'.md'.length);
      if (file.ok && file.value.text.trim() !== '') {
        const isHidden = sources.some((other) => other.kind === kind && other.id === id);
        const shownPath = origin === 'own' ? join(root, path) : path;
        sources.push({ ...readText(kind, origin, id, file.value.text), path: shownPath, isHidden });
      } else {
        const reason = file.ok ? 'is empty' : file.error.kind === 'refused' ? file.error.reason : 'is gone';
        const isRefused = !file.ok && file.error.kind === 'refused';
        unread.push({ kind, id, reason: `${path} ${reason}, so it is not in the prompt.`, isRefused });
      }
    }
  }
  return { sources, unread };
}

/** What the page is told of a source. */
export const describeSource = (
  { text, body, errors, always, agents, ...source }: ReadSource,
  { countTokens, config }: { countTokens: CountTokens; config: { always: readonly string[] } },
): PromptSource => ({
  ...source,
  version: promptVersion(text),
  tokens: countTokens(body.trim()),
  use: {
    always:
      source.kind === 'invariant' ? null : config.always.includes(source.id) ? 'config' : always ? 'module' : null,
    agents,
  },
  problems: errors,
});

function readText(kind: PromptSource['kind'], origin: PromptOrigin, id: string, text: string) {
  // What an invariant declares above its text is for whoever checks it, and says nothing about prompts.
  const file: ModuleFile = parseModule(kind === 'module' ? text : withoutFrontMatter(text));
  const { title, body, problems, bodyLine: _line, ...declared } = file;
  const invariant = kind === 'invariant' ? parseInvariant(text) : null;
  const declaredTitle = kind === 'module' ? title : parseModule(text).title;
  const where = kind === 'module' ? `the module “${id}”` : `the invariant “${id}”`;
  return {
    kind,
    origin,
    id,
    text,
    body,
    title: declaredTitle ?? titleOf(body) ?? id,
    ...declared,
    errors: [
      ...[...problems, ...(invariant?.problems ?? [])].map(
        ({ line, message }) => `Line ${String(line)} of ${where}: ${message}`,
      ),
      ...(invariant === null ? [] : expressionProblems(invariant.rules)),
    ],
  };
}

async function namesIn(root: string, folder: string, report: (reason: string) => void): Promise<readonly string[]> {
  try {
    const real = await realpath(join(root, folder));
    const refusal = refusePlace(real, await realpath(root));
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
export function titleOf(text: string): string | null {
  const heading = /^#{1,6}[ \t]+(\S.*?)[ \t]*#*[ \t]*$/m.exec(text)?.[1];
  return heading === undefined ? null : heading.slice(0, 200);
}
