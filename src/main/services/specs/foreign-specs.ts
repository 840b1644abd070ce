import { createHash } from 'node:crypto';
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { readProjectFile, refusePlace } from '#main/base/project-file.ts';
import type { ImportedSpec } from '#shared/spec/import/imported-spec.ts';
import { readKiroSpec } from '#shared/spec/import/kiro.ts';
import { readSpecKitSpec } from '#shared/spec/import/spec-kit.ts';
import { withoutTicks } from '#shared/spec/import/tasks-section.ts';
import { refuseSourcePlace } from '#shared/spec/spec-source.ts';

export type ForeignKind = 'kiro' | 'spec-kit';

/** A spec of another tool as it is now. */
export interface ReadForeignSpec {
  spec: ImportedSpec;
  /** First 12 hex digits of the SHA-256 of what it says, whichever tasks are ticked off. */
  hash: string;
}

/** Folders directly below a project's top in which other tools keep their specs. */
export const foreignRoots = { kiro: '.kiro', 'spec-kit': 'specs' } as const;

/** Where the specs of other tools lie in a project, in the order of their names. */
export async function findForeignSpecs(projectPath: string): Promise<readonly { kind: ForeignKind; at: string }[]> {
  const kiro = await foldersIn(projectPath, '.kiro/specs');
  const specKit = (await foldersIn(projectPath, 'specs')).filter((name) => /^(?:\d{3,}|\d{8}-\d{6})-/.test(name));
  return [
    ...kiro.map((name) => ({ kind: 'kiro' as const, at: `.kiro/specs/${name}` })),
    ...specKit.map((name) => ({ kind: 'spec-kit' as const, at: `specs/${name}` })),
  ];
}

/** Null: it is not there, or has none of its files. */
export async function readForeignSpec(
  projectPath: string,
  kind: ForeignKind,
  at: string,
): Promise<ReadForeignSpec | null> {
  if (refuseSourcePlace(kind, at)) return null;
  const name = at.split('/').at(-1) ?? at;
  const read = async (file: string): Promise<string | null> => {
    const found = await readProjectFile(projectPath, `${at}/${file}`);
    return found.ok ? found.value.text : null;
  };
  if (kind === 'kiro') {
    const [written, bugfix, design, tasks] = await Promise.all(
      ['requirements.md', 'bugfix.md', 'design.md', 'tasks.md'].map(read),
    );
    // A Kiro bugfix spec has another name for the same file.
    const files = { requirements: written ?? bugfix ?? null, design: design ?? null, tasks: tasks ?? null };
    return describe(Object.values(files), () => readKiroSpec(name, files));
  }
  const [spec, plan, tasks] = await Promise.all(['spec.md', 'plan.md', 'tasks.md'].map(read));
  const files = { spec: spec ?? null, plan: plan ?? null, tasks: tasks ?? null };
  return describe(Object.values(files), () => readSpecKitSpec(name, files));
}

function describe(files: readonly (string | null)[], read: () => ImportedSpec): ReadForeignSpec | null {
  if (files.every((file) => file === null)) return null;
  return { spec: read(), hash: sourceHash(files) };
}

/** What is remembered of a source, to know when it says something else. */
export const sourceHash = (texts: readonly (string | null)[]): string =>
  createHash('sha256')
    .update(JSON.stringify(texts.map((text) => (text === null ? null : withoutTicks(text)))))
    .digest('hex')
    .slice(0, 12);

async function foldersIn(projectPath: string, folder: string): Promise<readonly string[]> {
  try {
    const real = await realpath(join(projectPath, folder));
    if (refusePlace(real, await realpath(projectPath)) !== null) return [];
    const entries = await readdir(real, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .toSorted();
  } catch {
    return []; // there is no such folder, or nobody may look into it
  }
}
