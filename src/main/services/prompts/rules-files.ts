import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { readProjectFile, refusePlace } from '#main/base/project-file.ts';
import type { RulesFile } from '#shared/contract/prompts.ts';

/** A rules file with its text, and what becomes of it in a prompt. */
export interface RulesText {
  path: string;
  text: string;
  state: RulesFile['state'];
  isWanted: boolean;
}

/** Where agents look for rules. What ends in a slash is a folder, of whose Markdown all counts. */
const places = [
  'AGENTS.md',
  'CLAUDE.md',
  'GEMINI.md',
  'QWEN.md',
  '.github/copilot-instructions.md',
  '.kilo/rules/',
  '.kilocode/rules/',
  '.kiro/steering/',
  '.cursor/rules/',
  '.cursorrules',
  '.clinerules/',
  '.clinerules',
  '.windsurfrules',
] as const;

const maxFilesInFolder = 100;

/** Finds the rules files of a repository that can be read, in the order of the list above. */
export async function findRulesFiles(projectPath: string): Promise<readonly { path: string; text: string }[]> {
  const found: { path: string; text: string }[] = [];
  for (const place of places) {
    const paths = place.endsWith('/') ? await rulesIn(projectPath, place) : [place];
    for (const path of paths) {
      const file = await readProjectFile(projectPath, path);
      if (file.ok && file.value.text.trim() !== '') found.push({ path, text: file.value.text });
    }
  }
  return found;
}

async function rulesIn(projectPath: string, folder: string): Promise<readonly string[]> {
  try {
    const real = await realpath(join(projectPath, folder));
    if (refusePlace(real, await realpath(projectPath)) !== null) return [];
    const names = await readdir(real, { recursive: true });
    return names
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => /\.(?:md|mdc|txt)$/i.test(name))
      .toSorted()
      .slice(0, maxFilesInFolder)
      .map((name) => `${folder}${name}`);
  } catch {
    return []; // it is not there, or is a file, or nobody may look into it: then there are no rules in it
  }
}

export interface AgentRules {
  /**
   * What the agent reads by itself: paths, or a folder with `/*`. `A|B`: A, and B only where there is no A. Null: no agent
   * is chosen yet.
   */
  readByAgent: readonly string[] | null;
  /** Paths that go in for an agent which does not read them. */
  wanted: readonly string[];
}

/** Says what becomes of each file. A text that the agent reads under another name is not repeated either. */
export function judgeRules(
  files: readonly { path: string; text: string }[],
  { readByAgent, wanted }: AgentRules,
): readonly RulesText[] {
  const read = new Set(
    (readByAgent ?? []).flatMap((entry) => {
      const alternatives = entry.split('|').map((pattern) => files.filter(({ path }) => matches(path, pattern)));
      return alternatives.find((each) => each.length > 0) ?? [];
    }),
  );
  const readTexts = new Set([...read].map(({ text }) => text.trim()));
  const included = new Set<string>();
  return files.map((file) => {
    const isWanted = wanted.includes(file.path);
    const text = file.text.trim();
    if (readByAgent === null) return { ...file, isWanted, state: 'undecided' };
    if (readTexts.has(text)) return { ...file, isWanted, state: 'read' };
    if (!isWanted || included.has(text)) return { ...file, isWanted, state: 'left-out' };
    included.add(text);
    return { ...file, isWanted, state: 'included' };
  });
}

const matches = (path: string, pattern: string): boolean =>
  pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
