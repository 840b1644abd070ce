import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '#main/base/error-code.ts';
import { readProjectFile, refusePlace, type ProjectFile } from '#main/base/project-file.ts';
import type { SpecList, SpecSummary, StrayFile } from '#shared/contract/specs.ts';
import { specSlug, type SpecSlug } from '#shared/ids.ts';
import { parseSpec, slugOf } from '#shared/spec/spec-file.ts';
import type { SpecSource } from '#shared/spec/spec-source.ts';
import { isReservedFileName } from '#shared/spec/spec-slug.ts';

import { readForeignSpec } from './foreign-specs.ts';

/** Where a project's specs are, relative to its top folder. */
export const specsFolder = 'specs';

export const specPath = (slug: SpecSlug): string => `${specsFolder}/${slug}.md`;

/**
 * What is in `specs/`: the specs in the order of their names, and the Markdown files that are none, each with the
 * reason. A README and hidden files are neither.
 */
export async function readSpecFolder(projectPath: string): Promise<SpecList> {
  const names = await markdownFilesIn(projectPath);
  if (!names.ok)
    return { specs: [], strays: names.reason === null ? [] : [{ path: specsFolder, reason: names.reason }] };
  const specs: SpecSummary[] = [];
  const strays: StrayFile[] = [];
  for (const name of names.value) {
    const path = `${specsFolder}/${name}`;
    const slug = slugOfFile(name);
    if (slug.kind === 'stray') {
      strays.push({ path, reason: slug.reason });
      continue;
    }
    const file = await readProjectFile(projectPath, path);
    if (file.ok) specs.push(await summaryOf(projectPath, slug.slug, file.value));
    else if (file.error.kind === 'refused') strays.push({ path, reason: `It ${file.error.reason}.` });
    else if (await isBrokenLink(join(projectPath, path)))
      strays.push({ path, reason: 'It is a symbolic link to nothing.' });
  }
  return { specs, strays };
}

/** Names in `specs/` that one of this slug would collide with, on file systems that ignore letter case too. */
export async function filesNamedLike(projectPath: string, slug: SpecSlug): Promise<readonly string[]> {
  const names = await readdir(join(projectPath, specsFolder)).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.toLowerCase() === `${slug}.md`);
}

async function markdownFilesIn(
  projectPath: string,
): Promise<{ ok: true; value: readonly string[] } | { ok: false; reason: string | null }> {
  try {
    const folder = join(projectPath, specsFolder);
    const refusal = refusePlace(await realpath(folder), await realpath(projectPath));
    if (refusal !== null) return { ok: false, reason: `It ${refusal}.` };
    const names = (await readdir(folder)).filter((name) => /^(?!\.).*\.md$/i.test(name) && !isReadme(name));
    return { ok: true, value: names.toSorted() };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return { ok: false, reason: null };
    if (code === 'ENOTDIR') return { ok: false, reason: 'It is a file, where a folder is expected.' };
    return { ok: false, reason: `It cannot be read: ${code ?? String(error)}.` };
  }
}

const isReadme = (name: string): boolean => name !== 'readme.md' && name.toLowerCase() === 'readme.md';

function slugOfFile(name: string): { kind: 'slug'; slug: SpecSlug } | { kind: 'stray'; reason: string } {
  const stem = name.slice(0, -'.md'.length);
  if (name.endsWith('.md') && isReservedFileName(stem)) {
    return { kind: 'stray', reason: 'Windows keeps this name for itself. Rename the file.' };
  }
  const parsed = specSlug.safeParse(name.endsWith('.md') ? stem : '');
  if (parsed.success) return { kind: 'slug', slug: parsed.data };
  const better = slugOf(stem);
  const hint = better === null ? '' : ` Rename it to ${better}.md.`;
  return { kind: 'stray', reason: `A spec's file name is lower-case letters, digits and single dashes.${hint}` };
}

async function summaryOf(projectPath: string, slug: SpecSlug, { text, stats }: ProjectFile): Promise<SpecSummary> {
  const { frontMatter, problems } = parseSpec(text);
  const { title, agents, base, branch, footprint, prompts, after, acceptance } = frontMatter;
  return {
    slug,
    title: title === '' ? slug : title,
    path: specPath(slug),
    agents,
    base,
    branch,
    footprint,
    prompts,
    after,
    source: await sourceState(projectPath, frontMatter.source),
    acceptanceCount: acceptance.length,
    // Warnings do not keep a spec from being spawned.
    problemCount: problems.filter(({ severity }) => severity === 'error').length,
    modifiedAt: stats.mtimeMs,
  };
}

async function sourceState(projectPath: string, source: SpecSource | null): Promise<SpecSummary['source']> {
  if (source === null) return null;
  const { kind, at, hash } = source;
  if (kind === 'github') return { kind, at, state: 'unknown' };
  const now = await readForeignSpec(projectPath, kind, at);
  return { kind, at, state: now === null ? 'gone' : now.hash === hash ? 'in-step' : 'changed' };
}

const isBrokenLink = (path: string): Promise<boolean> =>
  lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
