import { DisposableStore, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { attention as contract, AttentionState, NoticePush, SinceLooked } from '#shared/contract/attention.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import type { AttentionPorts } from './attention-ports.ts';
import { ProjectAttention } from './project-attention.ts';

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

export interface AttentionOptions extends AttentionPorts {
  log: Log;
  now?: () => number;
}

/** Who needs the person, in which order; what they put off; what they look at, and what they are told of the rest. */
export class Attention implements Api, Disposable {
  readonly #options: AttentionOptions;
  readonly #projects = new Map<ProjectId, { attention: ProjectAttention; listeners: number }>();
  /** Those that nobody listens to any more, until what was looked at is written down. */
  readonly #ending = new Set<Promise<void>>();

  constructor(options: AttentionOptions) {
    this.#options = options;
  }

  onDidChange(projectId: ProjectId, listener: (state: AttentionState) => void): Disposable {
    return this.#follow(projectId, (attention) => attention.onDidChange(listener));
  }

  onDidNotify(
    { projectId, viewer }: { projectId: ProjectId; viewer: string },
    listener: (push: NoticePush) => void,
  ): Disposable {
    return this.#follow(projectId, (attention) => attention.listen(viewer, listener));
  }

  snooze({ id, milliseconds }: { id: RunId; milliseconds: number | null }): Answer<'snooze'> {
    const isSnoozed = this.#ofRun(id)?.snooze(id, milliseconds) ?? false;
    return Promise.resolve(isSnoozed ? ok(undefined) : fail({ kind: 'needs-nothing' as const }));
  }

  wake({ id }: { id: RunId }): Answer<'wake'> {
    this.#ofRun(id)?.wake(id);
    return Promise.resolve(ok(undefined));
  }

  async look(input: {
    projectId: ProjectId;
    viewer: string;
    runId: RunId | null;
    inSight: readonly RunId[];
  }): Promise<Result<SinceLooked | null, never>> {
    const found = this.#projects.get(input.projectId);
    return ok(found ? await found.attention.look(input.viewer, input.runId, input.inSight) : null);
  }

  /** Lets go, after what is looked at now is written down. */
  async end(): Promise<void> {
    for (const { attention } of this.#projects.values()) this.#end(attention);
    await Promise.all(this.#ending);
    this.dispose();
  }

  dispose(): void {
    for (const { attention } of this.#projects.values()) attention.dispose();
    this.#projects.clear();
  }

  #end(attention: ProjectAttention): void {
    const ending = attention
      .end()
      .catch((error: unknown) => {
        this.#options.log.error('what was looked at could not be written down', error);
      })
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #ofRun(id: RunId): ProjectAttention | null {
    const run = this.#options.runs.find(id);
    return (run && this.#projects.get(run.projectId)?.attention) ?? null;
  }

  #follow(projectId: ProjectId, subscribe: (attention: ProjectAttention) => Disposable): Disposable {
    const { projects, log, now = Date.now } = this.#options;
    const project = projects.find(projectId);
    if (!project) throw new Error(`the project ${projectId} is not open`);
    const { path: projectPath, store } = project;
    const known = this.#projects.get(projectId) ?? {
      attention: new ProjectAttention({ projectId, projectPath, store, ports: this.#options, log, now }),
      listeners: 0,
    };
    this.#projects.set(projectId, known);
    known.listeners++;
    const owned = new DisposableStore();
    owned.add(
      toDisposable(() => {
        known.listeners--;
        if (known.listeners > 0) return;
        if (this.#projects.get(projectId) === known) this.#projects.delete(projectId);
        this.#end(known.attention);
      }),
    );
    owned.add(subscribe(known.attention));
    return owned;
  }
}
