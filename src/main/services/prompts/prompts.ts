import type { Disposable } from '#main/base/lifecycle.ts';
import { LiveValues } from '#main/base/live-value.ts';
import type { Log } from '#main/base/log.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { Prompt, prompts, PromptSource } from '#shared/contract/prompts.ts';
import type { SpecFile } from '#shared/contract/specs.ts';
import type { AgentId, ProjectId, SpecSlug } from '#shared/ids.ts';
import { ok, type Result } from '#shared/result.ts';

import { composePrompt } from './compose.ts';
import { describeSource, promptsRoot, readPromptSources } from './prompt-sources.ts';
import { TokenCounter } from './token-counter.ts';

type Api = DomainApi<typeof prompts>;

export interface PromptsOptions {
  projects: {
    /** `config.prompts.always`: modules that every prompt of the project gets. */
    require(id: ProjectId): { path: string; config: { prompts: { always: readonly string[] } } };
  };
  specs: {
    read(input: {
      projectId: ProjectId;
      slug: SpecSlug;
    }): Promise<Result<SpecFile, { kind: 'spec-missing'; slug: SpecSlug }>>;
  };
  watch: (place: { projectPath: string; folder: string }, onDidChange: () => void) => Disposable;
  log: Log;
}

export interface ComposeForRequest {
  projectId: ProjectId;
  slug: SpecSlug;
  /** The spec's text where it is not the one on disk. */
  text?: string;
  agentId: AgentId;
  branch: string;
  base: string;
}

/** What agents are told: the parts that a project has, and the prompts made of them. */
export class Prompts implements Api, Disposable {
  readonly #options: PromptsOptions;
  readonly #tokens = new TokenCounter();
  readonly #sources: LiveValues<ProjectId, readonly PromptSource[]>;

  constructor(options: PromptsOptions) {
    this.#options = options;
    this.#sources = new LiveValues<ProjectId, readonly PromptSource[]>((projectId) => {
      const projectPath = options.projects.require(projectId).path;
      return {
        read: async () => {
          const [{ sources }, countTokens] = await Promise.all([readPromptSources(projectPath), this.#tokens.load()]);
          return sources.map((source) => describeSource(source, countTokens));
        },
        watch: (onDidChange) => options.watch({ projectPath, folder: promptsRoot }, onDidChange),
        onFault: (error) => {
          options.log.error('the prompt modules of a project could not be listed', error);
        },
      };
    });
  }

  onDidChange(projectId: ProjectId, listener: (sources: readonly PromptSource[]) => void): Disposable {
    return this.#sources.follow(projectId, listener);
  }

  async compose(input: Parameters<Api['compose']>[0]): Promise<Result<Prompt, never>> {
    return ok(await this.#compose(input));
  }

  /**
   * The prompt for a run that is about to be made. Throws when there is no such spec: the caller has just planned with
   * it, and an agent must not be started on a prompt that lacks it.
   */
  async composeFor({ text, ...request }: ComposeForRequest): Promise<Prompt> {
    if (text !== undefined) return this.#compose({ ...request, text });
    const spec = await this.#options.specs.read(request);
    if (!spec.ok) throw new Error(`the spec “${request.slug}” is gone, so no prompt can be made of it`);
    return this.#compose({ ...request, text: spec.value.text });
  }

  dispose(): void {
    this.#sources.dispose();
  }

  async #compose({
    projectId,
    slug,
    text,
    ...facts
  }: Pick<
    Parameters<Api['compose']>[0],
    'projectId' | 'slug' | 'text' | 'agentId' | 'branch' | 'base'
  >): Promise<Prompt> {
    const { path, config } = this.#options.projects.require(projectId);
    const [{ sources, unread }, countTokens] = await Promise.all([readPromptSources(path), this.#tokens.load()]);
    return composePrompt({
      ...facts,
      invariants: sources.filter(({ kind }) => kind === 'invariant'),
      modules: sources.filter(({ kind }) => kind === 'module'),
      unread,
      always: config.prompts.always,
      spec: { slug, text },
      countTokens,
    });
  }
}
