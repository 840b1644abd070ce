import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { readProjectFile, refusePlace } from '#main/base/project-file.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { DraftOrigin, ForeignSpec, GhFailure, imports, SpecDraft } from '#shared/contract/imports.ts';
import type { ProjectId, RunId, SpecSlug } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { specTextOf, withImported, withSource, type ImportedSpec } from '#shared/spec/import/imported-spec.ts';
import { readLooseMarkdown } from '#shared/spec/import/loose-markdown.ts';
import { readPastedSpecs } from '#shared/spec/import/pasted.ts';
import { parseSpec, slugOf } from '#shared/spec/spec-file.ts';
import type { SpecSource, SpecSourceKind } from '#shared/spec/spec-source.ts';
import { draftsFolder } from '#shared/spec/split-spec.ts';

import { findForeignSpecs, readForeignSpec, sourceHash } from './foreign-specs.ts';
import type { GithubIssues } from './github-issues.ts';
import { readSpecFolder } from './spec-folder.ts';
import type { Specs } from './specs.ts';

type Api = DomainApi<typeof imports>;
type Gone = { kind: 'source-missing'; at: string };

export interface SpecImportsOptions {
  projects: { require(id: ProjectId): { path: string } };
  specs: Pick<Specs, 'read' | 'save'>;
  issues: Pick<GithubIssues, 'list' | 'read'>;
  /** Where a run works, and on what; undefined: there is no such run. */
  run: (id: RunId) => { projectId: ProjectId; worktreePath: string } | undefined;
}

/** Specs from elsewhere: what they would become, and whether they and their sources still say the same. */
export class SpecImports implements Api {
  readonly #options: SpecImportsOptions;

  constructor(options: SpecImportsOptions) {
    this.#options = options;
  }

  async find({ projectId }: Parameters<Api['find']>[0]): ReturnType<Api['find']> {
    const { path } = this.#options.projects.require(projectId);
    const [places, known] = await Promise.all([findForeignSpecs(path), this.#bySource(projectId)]);
    const found = await Promise.all(
      places.map(async ({ kind, at }): Promise<ForeignSpec | null> => {
        const read = await readForeignSpec(path, kind, at);
        if (!read) return null;
        const { title, acceptance } = read.spec;
        return { kind, at, title, acceptanceCount: acceptance.length, slug: known.get(keyOf(kind, at)) ?? null };
      }),
    );
    return ok(found.filter((each) => each !== null));
  }

  async issues({ projectId, search }: Parameters<Api['issues']>[0]): ReturnType<Api['issues']> {
    const { path } = this.#options.projects.require(projectId);
    const [found, known] = await Promise.all([this.#options.issues.list(path, search), this.#bySource(projectId)]);
    if (!found.ok) return found;
    return ok(
      found.value.map((issue) => ({ ...issue, slug: known.get(keyOf('github', String(issue.number))) ?? null })),
    );
  }

  async draft({ projectId, from }: Parameters<Api['draft']>[0]): ReturnType<Api['draft']> {
    if (from.kind === 'pasted') return ok(await this.#named(projectId, readPastedSpecs(from.text)));
    const read = await this.#readSource(projectId, placeOf(from));
    if (!read.ok) return read;
    const { spec, source } = read.value;
    return ok(await this.#named(projectId, [{ title: spec.title, text: specTextOf(spec, source), notes: spec.notes }]));
  }

  async splitDrafts({ id }: Parameters<Api['splitDrafts']>[0]): ReturnType<Api['splitDrafts']> {
    const run = this.#options.run(id);
    if (!run) return fail({ kind: 'run-missing' });
    const names = await draftNames(run.worktreePath);
    const files = await Promise.all(
      names.map(async (name) => ({ name, file: await readProjectFile(run.worktreePath, `${draftsFolder}/${name}`) })),
    );
    const drafts = files.flatMap(({ name, file }) => {
      if (!file.ok || file.value.text.trim() === '') return [];
      const made = readPastedSpecs(file.value.text)[0];
      if (!made) return [];
      const errors = parseSpec(made.text).problems.filter(({ severity }) => severity === 'error');
      const notes = [...made.notes, ...errors.map(({ line, message }) => `Line ${String(line)}: ${message}`)];
      // The drafts name each other in `after` by their files' names, so those are kept.
      return [{ ...made, notes, slug: slugOf(name.slice(0, -'.md'.length)) }];
    });
    if (drafts.length === 0) return fail({ kind: 'no-drafts', folder: join(run.worktreePath, draftsFolder) });
    return ok(await this.#named(run.projectId, drafts));
  }

  async write({ projectId, drafts }: Parameters<Api['write']>[0]): ReturnType<Api['write']> {
    const written: SpecSlug[] = [];
    const refused: { slug: SpecSlug; reason: string }[] = [];
    for (const { slug, text } of drafts) {
      const saved = await this.#options.specs.save({ projectId, slug, text, version: null });
      if (saved.ok) written.push(slug);
      else {
        const taken = 'Another spec has this name by now. It was left as it is.';
        refused.push({ slug, reason: saved.error.kind === 'changed-on-disk' ? taken : saved.error.message });
      }
    }
    return ok({ written, refused });
  }

  async compare({ projectId, slug }: Parameters<Api['compare']>[0]): ReturnType<Api['compare']> {
    const file = await this.#options.specs.read({ projectId, slug });
    if (!file.ok) return file;
    const { text, version } = file.value;
    const known = parseSpec(text).frontMatter.source;
    if (!known) return fail({ kind: 'no-source' });
    const read = await this.#readSource(projectId, known);
    if (!read.ok) return read;
    const { spec, source } = read.value;
    const [takenOver, kept] = [withImported(text, spec, source), withSource(text, source)];
    if (takenOver === null || kept === null) return fail({ kind: 'broken-front-matter' });
    return ok({ source, text, version, isInStep: known.hash === source.hash, takenOver, kept });
  }

  async #readSource(
    projectId: ProjectId,
    { kind, at }: { kind: SpecSourceKind; at: string },
  ): Promise<Result<{ spec: ImportedSpec; source: SpecSource }, Gone | GhFailure>> {
    const { path } = this.#options.projects.require(projectId);
    if (kind === 'github') {
      const issue = await this.#options.issues.read(path, Number(at));
      if (!issue.ok) return issue;
      const spec = readLooseMarkdown(issue.value.body, { title: issue.value.title });
      return ok({ spec, source: { kind, at, hash: sourceHash([issue.value.title, issue.value.body]) } });
    }
    const read = await readForeignSpec(path, kind, at);
    return read ? ok({ spec: read.spec, source: { kind, at, hash: read.hash } }) : fail({ kind: 'source-missing', at });
  }

  /** Which spec was made from which source. */
  async #bySource(projectId: ProjectId): Promise<ReadonlyMap<string, SpecSlug>> {
    const { specs } = await readSpecFolder(this.#options.projects.require(projectId).path);
    return new Map(
      specs.flatMap(({ slug, source }) => (source ? [[keyOf(source.kind, source.at), slug] as const] : [])),
    );
  }

  /** Gives each a name of its own, and says which are taken. */
  async #named(
    projectId: ProjectId,
    made: readonly { title: string; text: string; notes: readonly string[]; slug?: SpecSlug | null }[],
  ): Promise<readonly SpecDraft[]> {
    const { specs } = await readSpecFolder(this.#options.projects.require(projectId).path);
    const taken = new Set<string>(specs.map(({ slug }) => slug));
    const given = new Set<string>();
    return made.map(({ title, text, notes, slug: wanted }, index) => {
      const base = wanted ?? slugOf(title) ?? (`imported-${String(index + 1)}` as SpecSlug);
      let slug = base;
      for (let number = 2; given.has(slug); number++) slug = `${base}-${String(number)}` as SpecSlug;
      given.add(slug);
      return { slug, title, text, notes, isTaken: taken.has(slug) };
    });
  }
}

const keyOf = (kind: SpecSourceKind, at: string): string => `${kind} ${at}`;

const placeOf = (from: Exclude<DraftOrigin, { kind: 'pasted' }>): { kind: SpecSourceKind; at: string } =>
  from.kind === 'github' ? { kind: 'github', at: String(from.issue) } : from;

async function draftNames(worktreePath: string): Promise<readonly string[]> {
  try {
    const real = await realpath(join(worktreePath, draftsFolder));
    if (refusePlace(real, await realpath(worktreePath)) !== null) return [];
    return (await readdir(real)).filter((name) => /^(?!\.|readme\.md$).*\.md$/i.test(name)).toSorted();
  } catch {
    return []; // there is no such folder: nothing was drafted
  }
}
