import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import { LiveValues } from '#main/base/live-value.ts';
import type { Log } from '#main/base/log.ts';
import { readProjectFile, versionOf, type ProjectFile } from '#main/base/project-file.ts';
import { SerialQueue } from '#main/base/serial-queue.ts';
import type { WatchFolder } from '#main/base/watch-folder.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { SpecFile, SpecList, specs } from '#shared/contract/specs.ts';
import type { ProjectId, SpecSlug } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { withTitle } from '#shared/spec/edit-front-matter.ts';
import { parseSpec, slugOf } from '#shared/spec/spec-file.ts';

import { foreignRoots } from './foreign-specs.ts';
import { filesNamedLike, readSpecFolder, specPath, specsFolder } from './spec-folder.ts';
import { couldNotWrite, replaceFile, writeNewFile } from '#main/base/write-project-file.ts';

type Api = DomainApi<typeof specs>;
type Answer<M extends 'save' | 'create' | 'rename' | 'remove'> = ReturnType<Api[M]>;

/** The project's own text for a new spec. Its title is replaced. */
export const specTemplatePath = '.switchyard/spec.md';

export interface SpecsOptions {
  projects: { require(id: ProjectId): { path: string } };
  /** The file that a new spec starts from where the project has no template of its own. */
  template: string;
  watch: WatchFolder;
  log: Log;
}

/** What a spawn has to know of a spec. */
export interface SpawnableSpec {
  slug: SpecSlug;
  title: string;
  base: string | null;
  branch: string | null;
  /** Specs that must be merged before it is begun. */
  after: readonly SpecSlug[];
  /** Errors of the front matter, in words with their line. Warnings do not stop a run. */
  errors: readonly string[];
}

/** The spec files of each project, as they are on disk. */
export class Specs implements Api, Disposable {
  readonly #options: SpecsOptions;
  readonly #lists: LiveValues<ProjectId, SpecList>;
  readonly #writes = new SerialQueue();

  constructor(options: SpecsOptions) {
    this.#options = options;
    this.#lists = new LiveValues((projectId) => {
      const projectPath = this.#path(projectId);
      return {
        read: () => readSpecFolder(projectPath),
        watch: (onDidChange) => {
          const watches = new DisposableStore();
          // A spec that was taken from Kiro is in step, or not, by what lies there.
          for (const folder of [specsFolder, foreignRoots.kiro]) {
            watches.add(options.watch({ projectPath, folder }, onDidChange));
          }
          return watches;
        },
        onFault: (error) => {
          options.log.error('the specs of a project could not be listed', error);
        },
      };
    });
  }

  onDidChange(projectId: ProjectId, listener: (list: SpecList) => void): Disposable {
    return this.#lists.follow(projectId, listener);
  }

  async read({
    projectId,
    slug,
  }: {
    projectId: ProjectId;
    slug: SpecSlug;
  }): Promise<Result<SpecFile, { kind: 'spec-missing'; slug: SpecSlug }>> {
    const file = await readProjectFile(this.#path(projectId), specPath(slug));
    return file.ok ? ok(specFile(slug, file.value)) : fail({ kind: 'spec-missing', slug });
  }

  /** What a spawn has to know; null when there is no such spec. */
  async find(projectId: ProjectId, slug: SpecSlug): Promise<SpawnableSpec | null> {
    const file = await this.read({ projectId, slug });
    if (!file.ok) return null;
    const { frontMatter, problems } = parseSpec(file.value.text);
    const errors = problems.filter(({ severity }) => severity === 'error');
    return {
      slug,
      title: frontMatter.title === '' ? slug : frontMatter.title,
      base: frontMatter.base,
      branch: frontMatter.branch,
      after: frontMatter.after.map((each) => each as SpecSlug),
      errors: errors.map(({ line, message }) => `Line ${String(line)} of the spec “${slug}”: ${message}`),
    };
  }

  save({ projectId, slug, text, version }: Parameters<Api['save']>[0]): Answer<'save'> {
    return this.#write(projectId, async (root) => {
      const path = specPath(slug);
      const present = await readProjectFile(root, path);
      if (!present.ok && present.error.kind === 'refused') return refused(path, present.error.reason);
      if (!present.ok) {
        if (version !== null) return changedOnDisk(null);
        const written = await writeNewFile(root, path, text);
        if (written.ok) return ok({ version: versionOf(text) });
        return written.error.kind === 'exists' ? this.#changed(root, path) : fail(written.error);
      }
      if (present.value.version !== version) return changedOnDisk(present.value);
      if (present.value.text === text) return ok({ version });
      const written = await replaceFile(root, path, present.value, text);
      if (written.ok) return ok({ version: versionOf(text) });
      return written.error.kind === 'changed' ? this.#changed(root, path) : fail(written.error);
    });
  }

  create({ projectId, title }: Parameters<Api['create']>[0]): Answer<'create'> {
    return this.#write(projectId, async (root) => {
      const name = nameOf(title);
      if (!name.ok) return name;
      const { slug } = name.value;
      const template = await this.#template(root);
      const text = withTitle(template, name.value.title) ?? withTitle('', name.value.title);
      if (text === null) return badTitle(title);
      return this.#writeNew(root, slug, text, { mode: undefined, except: null });
    });
  }

  rename({ projectId, slug, title }: Parameters<Api['rename']>[0]): Answer<'rename'> {
    return this.#write(projectId, async (root) => {
      const name = nameOf(title);
      if (!name.ok) return name;
      const path = specPath(slug);
      const present = await readProjectFile(root, path);
      if (!present.ok) return fail({ kind: 'spec-missing', slug });
      const text = withTitle(present.value.text, name.value.title);
      if (text === null) {
        const reason = 'The front matter is broken, so no other title can be written into it. Mend it first.';
        return fail({ kind: 'bad-title', reason });
      }
      if (name.value.slug === slug) {
        const written = await replaceFile(root, path, present.value, text);
        if (written.ok) return this.#reread(root, slug);
        return written.error.kind === 'changed' ? refused(path, changedMeanwhile) : fail(written.error);
      }
      return this.#move(root, slug, name.value.slug, present.value, text);
    });
  }

  remove({ projectId, slug }: Parameters<Api['remove']>[0]): Answer<'remove'> {
    return this.#write(projectId, async (root) => {
      const path = specPath(slug);
      const present = await readProjectFile(root, path);
      if (!present.ok) return fail({ kind: 'spec-missing', slug });
      try {
        // Of a symbolic link only the link: the file that it leads to has another name, and stays.
        await rm(join(root, path));
      } catch (error) {
        return couldNotWrite(path, error);
      }
      return ok({ text: present.value.text });
    });
  }

  dispose(): void {
    this.#lists.dispose();
  }

  #path(projectId: ProjectId): string {
    return this.#options.projects.require(projectId).path;
  }

  /** Our own writes take turns, so that none of them reads what another is about to change. */
  #write<T>(projectId: ProjectId, task: (root: string) => Promise<T>): Promise<T> {
    const root = this.#path(projectId);
    return this.#writes.run(projectId, async () => {
      const result = await task(root);
      this.#lists.refresh(projectId);
      return result;
    });
  }

  /** The new file first, and the old one only while it is still what was read: no step can lose the text. */
  async #move(root: string, slug: SpecSlug, newSlug: SpecSlug, read: ProjectFile, text: string): Answer<'rename'> {
    const path = specPath(slug);
    const written = await this.#writeNew(root, newSlug, text, { mode: read.stats.mode & 0o777, except: slug });
    if (!written.ok) return written;
    const takeBack = (): Promise<void> => rm(join(root, specPath(newSlug)), { force: true });
    try {
      const present = await readProjectFile(root, path);
      if (!present.ok || present.value.version !== read.version) {
        await takeBack();
        return refused(path, changedMeanwhile);
      }
      await rm(join(root, path));
    } catch (error) {
      await takeBack();
      return couldNotWrite(path, error);
    }
    return written;
  }

  async #writeNew(
    root: string,
    slug: SpecSlug,
    text: string,
    { mode, except }: { mode: number | undefined; except: SpecSlug | null },
  ): Promise<
    Result<
      SpecFile,
      { kind: 'slug-taken'; slug: SpecSlug } | { kind: 'could-not-write'; path: string; message: string }
    >
  > {
    const path = specPath(slug);
    try {
      const taken = await filesNamedLike(root, slug);
      if (taken.some((name) => name !== `${except ?? ''}.md`)) return fail({ kind: 'slug-taken', slug });
    } catch (error) {
      return couldNotWrite(path, error);
    }
    const written = await writeNewFile(root, path, text, mode);
    if (written.ok) return ok({ slug, text, version: versionOf(text) });
    return written.error.kind === 'exists' ? fail({ kind: 'slug-taken', slug }) : fail(written.error);
  }

  async #reread(root: string, slug: SpecSlug): Answer<'rename'> {
    const file = await readProjectFile(root, specPath(slug));
    return file.ok ? ok(specFile(slug, file.value)) : fail({ kind: 'spec-missing', slug });
  }

  async #changed(root: string, path: string): Answer<'save'> {
    const present = await readProjectFile(root, path);
    if (present.ok) return changedOnDisk(present.value);
    if (present.error.kind === 'refused') return refused(path, present.error.reason);
    // Something was in the way a moment ago and cannot be read now.
    return refused(path, 'is a symbolic link to nothing, or is being changed by another program');
  }

  async #template(root: string): Promise<string> {
    const own = await readProjectFile(root, specTemplatePath);
    if (own.ok) return own.value.text;
    if (own.error.kind === 'refused') {
      this.#options.log.warn('the spec template of a project is not used', { reason: own.error.reason });
    }
    const ours = await readFile(this.#options.template, 'utf8');
    // The modules that it names come with it when a project is set up, and this one is not.
    return ours.replace(/^prompts: \[[^\]\n]*\]$/m, 'prompts: []');
  }
}

const changedMeanwhile = 'was changed by another program at the same moment. Nothing was written; try again';

const specFile = (slug: SpecSlug, { text, version }: ProjectFile): SpecFile => ({ slug, text, version });

const changedOnDisk = (file: ProjectFile | null) =>
  fail({ kind: 'changed-on-disk' as const, text: file?.text ?? null, version: file?.version ?? null });

const refused = (path: string, reason: string) =>
  fail({ kind: 'could-not-write' as const, path, message: `${path} ${reason}.` });

const badTitle = (title: string) =>
  fail({ kind: 'bad-title' as const, reason: `“${title}” cannot be written as a title.` });

/** The title on one line, and the slug that it makes. */
function nameOf(title: string): Result<{ title: string; slug: SpecSlug }, { kind: 'bad-title'; reason: string }> {
  // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
  const line = title.replaceAll(/[\s\x00-\x1f\x7f-\x9f]+/g, ' ').trim();
  if (line === '') return fail({ kind: 'bad-title', reason: 'The title is empty.' });
  const slug = slugOf(line);
  if (slug !== null) return ok({ title: line, slug });
  const reason = 'A file name is made from the title, so it needs some Latin letters or digits.';
  return fail({ kind: 'bad-title', reason });
}
