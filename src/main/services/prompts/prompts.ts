import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import { LiveValues } from '#main/base/live-value.ts';
import type { Log } from '#main/base/log.ts';
import { readProjectFile, versionOf } from '#main/base/project-file.ts';
import { hideSecrets } from '#main/base/secrets.ts';
import { SerialQueue } from '#main/base/serial-queue.ts';
import type { WatchFolder } from '#main/base/watch-folder.ts';
import { couldNotWrite, replaceFile, writeNewFile } from '#main/base/write-project-file.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { LibraryModule, Prompt, PromptPlace, prompts, PromptSource } from '#shared/contract/prompts.ts';
import type { SpecFile } from '#shared/contract/specs.ts';
import type { AgentId, ProjectId, SpecSlug } from '#shared/ids.ts';
import { parseModule } from '#shared/prompt/module-file.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { withYamlKey } from '#shared/spec/set-yaml-key.ts';

import { composePrompt } from './compose.ts';
import {
  describeSource,
  ownPromptsFolder,
  promptFilePath,
  promptsRoot,
  readPromptSources,
  titleOf,
  type PromptRoots,
  type ReadSource,
} from './prompt-sources.ts';
import { findRulesFiles, judgeRules } from './rules-files.ts';
import type { PromptTask } from './task-text.ts';
import { TokenCounter } from './token-counter.ts';

type Api = DomainApi<typeof prompts>;

/** What of the project's config is about prompts. */
interface PromptsConfig {
  /** Modules that every prompt of the project gets. */
  always: readonly string[];
  /** Rules files that go in for agents which do not read them. */
  rules: readonly string[];
}

export interface PromptsOptions {
  projects: { require(id: ProjectId): { path: string; config: { prompts: PromptsConfig } } };
  specs: {
    read(input: {
      projectId: ProjectId;
      slug: SpecSlug;
    }): Promise<Result<SpecFile, { kind: 'spec-missing'; slug: SpecSlug }>>;
  };
  /** The rules files that an agent reads by itself. */
  rulesOf: (projectId: ProjectId, agentId: string) => readonly string[];
  /** The app's configuration, which holds the person's own modules; null: there are none. */
  ownFolder: string | null;
  /** Holds the modules that come with Switchyard; null: none do. */
  libraryFolder: string | null;
  watch: WatchFolder;
  /** Resolves when what a person waits for first has been shown: to load the tokeniser holds everything up. */
  whenShown?: () => Promise<void>;
  /** Its secrets are not put into prompts. Default: of this process. */
  env?: NodeJS.ProcessEnv;
  log: Log;
}

export interface ComposeForRequest {
  projectId: ProjectId;
  slug: SpecSlug;
  /** The spec's text where it is not the one on disk. */
  text?: string;
  task?: PromptTask;
  /** What another agent has done of it, where this one goes on with that. */
  workSoFar?: string;
  /** A conflict to solve, in words: that is the task then. */
  conflict?: string;
  agentId: AgentId;
  branch: string;
  base: string;
}

const configPath = '.switchyard/config.yaml';

/** What agents are told: the parts that there are, and the prompts made of them. */
export class Prompts implements Api, Disposable {
  readonly #options: PromptsOptions;
  readonly #tokens = new TokenCounter();
  readonly #sources: LiveValues<ProjectId, readonly PromptSource[]>;
  readonly #writes = new SerialQueue();
  readonly #hideSecrets: (text: string) => string;

  constructor(options: PromptsOptions) {
    this.#options = options;
    this.#hideSecrets = hideSecrets(options.env ?? process.env);
    this.#sources = new LiveValues<ProjectId, readonly PromptSource[]>((projectId) => ({
      read: async () => {
        const { prompts: config } = options.projects.require(projectId).config;
        const { sources } = await readPromptSources(this.#roots(projectId));
        // A project without any does without the tokeniser.
        if (sources.length === 0) return [];
        await options.whenShown?.();
        const countTokens = await this.#tokens.load();
        return sources.map((source) => describeSource(source, { countTokens, config }));
      },
      watch: (onDidChange) => this.#watch(projectId, onDidChange),
      onFault: (error) => {
        options.log.error('the prompt modules of a project could not be listed', error);
      },
    }));
  }

  onDidChange(projectId: ProjectId, listener: (sources: readonly PromptSource[]) => void): Disposable {
    return this.#sources.follow(projectId, listener);
  }

  async compose(input: Parameters<Api['compose']>[0]): Promise<Result<Prompt, never>> {
    return ok(await this.#compose({ ...input, task: 'build' }));
  }

  /**
   * The prompt for a run that is about to be made. Throws when there is no such spec: the caller has just planned with
   * it, and an agent must not be started on a prompt that lacks it.
   */
  async composeFor({ text, task = 'build', ...request }: ComposeForRequest): Promise<Prompt> {
    if (text !== undefined) return this.#compose({ ...request, task, text });
    const spec = await this.#options.specs.read(request);
    if (!spec.ok) throw new Error(`the spec “${request.slug}” is gone, so no prompt can be made of it`);
    return this.#compose({ ...request, task, text: spec.value.text });
  }

  async library(): ReturnType<Api['library']> {
    const { libraryFolder } = this.#options;
    if (libraryFolder === null) return ok([]);
    const countTokens = await this.#tokens.load();
    const names = (await readdir(libraryFolder)).filter((name) => name.endsWith('.md')).toSorted();
    const modules = names.map(async (name): Promise<LibraryModule> => {
      const text = await readFile(join(libraryFolder, name), 'utf8');
      const { title, description, body } = parseModule(text);
      const id = name.slice(0, -'.md'.length);
      return { id, title: title ?? titleOf(body) ?? id, description, tokens: countTokens(body.trim()), text };
    });
    return ok(await Promise.all(modules));
  }

  async read({ projectId, place }: Parameters<Api['read']>[0]): ReturnType<Api['read']> {
    const file = await readProjectFile(this.#root(projectId, place), promptFilePath(place));
    return file.ok ? ok({ text: file.value.text, version: file.value.version }) : fail({ kind: 'prompt-missing' });
  }

  save({ projectId, place, text, version }: Parameters<Api['save']>[0]): ReturnType<Api['save']> {
    return this.#write(projectId, place, async (root, path) => {
      const present = await readProjectFile(root, path);
      if (!present.ok && present.error.kind === 'refused') return refused(path, present.error.reason);
      if (!present.ok) {
        if (version !== null) return changedOnDisk(null);
        const written = await writeNewFile(root, path, text);
        if (written.ok) return ok({ version: versionOf(text) });
        return written.error.kind === 'exists' ? refused(path, changedMeanwhile) : fail(written.error);
      }
      if (present.value.version !== version) return changedOnDisk(present.value);
      if (present.value.text === text) return ok({ version });
      const written = await replaceFile(root, path, present.value, text);
      if (written.ok) return ok({ version: versionOf(text) });
      return written.error.kind === 'changed' ? refused(path, changedMeanwhile) : fail(written.error);
    });
  }

  rename({ projectId, place, id }: Parameters<Api['rename']>[0]): ReturnType<Api['rename']> {
    return this.#write(projectId, place, async (root, path) => {
      const present = await readProjectFile(root, path);
      if (!present.ok) return fail({ kind: 'prompt-missing' as const });
      if (id === place.id) return ok(undefined);
      // The new file first: no step can lose the text.
      const written = await writeNewFile(root, promptFilePath({ ...place, id }), present.value.text);
      if (!written.ok) {
        return written.error.kind === 'exists' ? fail({ kind: 'name-taken' as const, id }) : fail(written.error);
      }
      return this.#removeFile(root, path);
    });
  }

  remove({ projectId, place }: Parameters<Api['remove']>[0]): ReturnType<Api['remove']> {
    return this.#write(projectId, place, async (root, path) => {
      const present = await readProjectFile(root, path);
      if (!present.ok) return fail({ kind: 'prompt-missing' as const });
      const removed = await this.#removeFile(root, path);
      return removed.ok ? ok({ text: present.value.text }) : removed;
    });
  }

  includeRules({ projectId, path, include }: Parameters<Api['includeRules']>[0]): ReturnType<Api['includeRules']> {
    const { path: root, config } = this.#options.projects.require(projectId);
    return this.#writes.run(root, async () => {
      const others = config.prompts.rules.filter((each) => each !== path);
      const present = await readProjectFile(root, configPath);
      if (!present.ok && present.error.kind === 'refused') return refused(configPath, present.error.reason);
      const rules = include ? [...others, path] : others;
      const text = withYamlKey(present.ok ? present.value.text : '', ['prompts', 'rules'], rules);
      if (text === null) return refused(configPath, 'is broken, so nothing was written into it. Mend it first');
      const written = present.ok
        ? await replaceFile(root, configPath, present.value, text)
        : await writeNewFile(root, configPath, text);
      this.#sources.refresh(projectId);
      if (written.ok) return ok(undefined);
      return written.error.kind === 'could-not-write' ? fail(written.error) : refused(configPath, changedMeanwhile);
    });
  }

  dispose(): void {
    this.#sources.dispose();
  }

  #roots(projectId: ProjectId): PromptRoots {
    return { project: this.#options.projects.require(projectId).path, own: this.#options.ownFolder };
  }

  #root(projectId: ProjectId, { origin }: PromptPlace): string {
    const { project, own } = this.#roots(projectId);
    if (origin === 'project') return project;
    if (own === null) throw new Error('this host keeps no modules of the person’s own');
    return own;
  }

  #watch(projectId: ProjectId, onDidChange: () => void): Disposable {
    const { project, own } = this.#roots(projectId);
    const watches = new DisposableStore();
    watches.add(this.#options.watch({ projectPath: project, folder: promptsRoot }, onDidChange));
    if (own === null) return watches;
    // A folder that is not there cannot be watched, and nobody has kept anything in it yet.
    mkdir(own, { recursive: true }).then(
      () => {
        if (!watches.isDisposed) {
          watches.add(this.#options.watch({ projectPath: own, folder: ownPromptsFolder }, onDidChange));
        }
      },
      (error: unknown) => {
        this.#options.log.warn('the folder of own prompt modules cannot be made', { reason: String(error) });
      },
    );
    return watches;
  }

  /** Our own writes take turns, so that none of them reads what another is about to change. */
  #write<T>(projectId: ProjectId, place: PromptPlace, task: (root: string, path: string) => Promise<T>): Promise<T> {
    const root = this.#root(projectId, place);
    return this.#writes.run(root, async () => {
      const result = await task(root, promptFilePath(place));
      this.#sources.refresh(projectId);
      return result;
    });
  }

  async #removeFile(root: string, path: string) {
    try {
      await rm(join(root, path));
      return ok(undefined);
    } catch (error) {
      return couldNotWrite(path, error);
    }
  }

  async #compose({
    projectId,
    slug,
    text,
    ...facts
  }: Pick<Parameters<Api['compose']>[0], 'projectId' | 'slug' | 'text' | 'agentId' | 'branch' | 'base'> & {
    task: PromptTask;
    workSoFar?: string | undefined;
    conflict?: string | undefined;
  }): Promise<Prompt> {
    const { path, config } = this.#options.projects.require(projectId);
    const [{ sources, unread }, rulesFiles, countTokens] = await Promise.all([
      readPromptSources(this.#roots(projectId)),
      findRulesFiles(path),
      this.#tokens.load(),
    ]);
    const modules = sources.filter(({ kind, isHidden }) => kind === 'module' && !isHidden);
    const readByAgent = facts.agentId === null ? null : this.#options.rulesOf(projectId, facts.agentId);
    return composePrompt({
      ...facts,
      invariants: sources.filter(({ kind }) => kind === 'invariant'),
      modules,
      unread,
      rules: judgeRules(rulesFiles, { readByAgent, wanted: config.prompts.rules }),
      always: config.prompts.always,
      missingFiles: await missingFiles(path, modules),
      spec: { slug, text },
      countTokens,
      hideSecrets: this.#hideSecrets,
    });
  }
}

async function missingFiles(projectPath: string, modules: readonly ReadSource[]): Promise<ReadonlySet<string>> {
  const needed = new Set(modules.flatMap(({ needs }) => needs.files));
  const missing = await Promise.all(
    [...needed].map((file) =>
      access(join(projectPath, file)).then(
        () => null,
        () => file,
      ),
    ),
  );
  return new Set(missing.filter((file) => file !== null));
}

const changedMeanwhile = 'was changed by another program at the same moment. Nothing was written; try again';

const refused = (path: string, reason: string) =>
  fail({ kind: 'could-not-write' as const, path, message: `${path} ${reason}.` });

const changedOnDisk = (file: { text: string; version: string } | null) =>
  fail({ kind: 'changed-on-disk' as const, text: file?.text ?? null, version: file?.version ?? null });
