import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { DisposableStore, Emitter, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { Program } from '#main/base/programs.ts';
import type { Report } from '#main/ptyhost/report.ts';
import type { ConfiguredAgent } from '#main/services/projects/config.ts';
import type { Agent, agents, PermissionMode } from '#shared/contract/agents.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { RunStatus } from '#shared/contract/runs.ts';
import type { AgentId, ProjectId, RunId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { noHooks, type AgentDefinition, type HookInjection, type ModeDefinition } from './agent-definition.ts';
import { builtInAgents, shellOf } from './catalogue/catalogue.ts';
import { besideOwn } from './beside-own.ts';
import { configuredDefinition } from './configured-agent.ts';
import { Detection, type DetectionOptions } from './detection.ts';
import { canResume, planLaunch, type LaunchPlan } from './launch.ts';
import { reporterCommand } from './reporter-command.ts';
import { meaningOfReport, nextStatus, type StatusEvent } from './status.ts';
import { typedMessage, type TypedMessage } from './typed-message.ts';

export interface AgentsOptions {
  projects: {
    require(id: ProjectId): {
      path: string;
      config: { agents: readonly ConfiguredAgent[] };
      /** Whether the commands that the config names may run. */
      isTrusted: boolean;
    };
    /** Tells when the config may have changed. */
    onDidChange(id: ProjectId, listener: () => void): Disposable;
  };
  scribe: Program;
  /** What agents' hooks run. */
  reporter: Program;
  /** The person's choices of how much an agent may do, by the project's path. */
  modes: {
    permissionMode(projectPath: string, id: AgentId): PermissionMode | null;
    choosePermissionMode(projectPath: string, id: AgentId, mode: PermissionMode): void;
  };
  /** Ours, outside every repository. Prompts that cannot be an argument are kept in it, and what a start's hooks need. */
  stateFolder: string;
  platform: NodeJS.Platform;
  /** Of this process: it names the person's shell. */
  env: NodeJS.ProcessEnv;
  environment: DetectionOptions['environment'];
  /** The person's variables, as far as they are passed on to agents. */
  ownVariables: () => Readonly<Record<string, string>>;
  /** See `DetectionOptions`. */
  whenShown?: () => Promise<void>;
  log: Log;
  limits?: NonNullable<DetectionOptions['limits']>;
}

/** What a spawn has to know of an agent. */
export interface SpawnableAgent {
  id: AgentId;
  label: string;
  takesPrompt: boolean;
  canResume: boolean;
  /** What stops it from being started, in a sentence with the way out; null when nothing does. */
  obstacle: string | null;
  /** Whether that is that the person has not trusted the project's commands yet. */
  asksForTrust: boolean;
}

export interface LaunchRequest {
  projectId: ProjectId;
  agentId: AgentId;
  prompt: string | null;
  runId: RunId;
  /** The session of an earlier start to go on with; null for a new start. */
  resumeSession: string | null;
}

/** The CLIs that can be spawned: which there are, how each is started and spoken to, and what its signs mean. */
export class Agents implements DomainApi<typeof agents>, Disposable {
  readonly #options: AgentsOptions;
  readonly #owned = new DisposableStore();
  readonly #builtIn: readonly AgentDefinition[];
  readonly #detection: Detection;
  readonly #didChoose = this.#owned.add(new Emitter<ProjectId>());

  constructor(options: AgentsOptions) {
    this.#options = options;
    this.#builtIn = builtInAgents(options);
    const { platform, environment, stateFolder: folder, log, limits, whenShown } = options;
    this.#detection = this.#owned.add(
      new Detection({
        platform,
        environment,
        folder,
        log,
        shell: shellOf(options),
        ...(whenShown && { whenShown }),
        ...(limits && { limits }),
      }),
    );
  }

  onDidChange(projectId: ProjectId, listener: (agents: readonly Agent[]) => void): Disposable {
    let last = '';
    const push = (): void => {
      const present = this.definitions(projectId).map((definition) => this.#describe(projectId, definition));
      const text = JSON.stringify(present);
      if (text === last) return;
      last = text;
      listener(present);
    };
    const subscriptions = new DisposableStore();
    subscriptions.add(this.#detection.onDidChange(push));
    subscriptions.add(
      this.#didChoose.event((id) => {
        if (id === projectId) push();
      }),
    );
    push();
    subscriptions.add(this.#options.projects.onDidChange(projectId, push));
    return toDisposable(() => {
      subscriptions.dispose();
    });
  }

  async refresh({ projectId }: { projectId: ProjectId }): Promise<Result<void, never>> {
    await this.#detection.refresh(this.definitions(projectId));
    return ok(undefined);
  }

  chooseMode(choice: {
    projectId: ProjectId;
    agentId: AgentId;
    mode: PermissionMode;
  }): Promise<Result<void, { kind: 'no-such-mode' }>> {
    const { projectId, agentId, mode } = choice;
    const isThere = this.definition(projectId, agentId)?.modes.some(({ id }) => id === mode) ?? false;
    if (!isThere) return Promise.resolve(fail({ kind: 'no-such-mode' as const }));
    this.#options.modes.choosePermissionMode(this.#options.projects.require(projectId).path, agentId, mode);
    this.#didChoose.fire(projectId);
    return Promise.resolve(ok(undefined));
  }

  /** Everything that can be spawned in a project: ours, then what its config declares under other names. */
  definitions(projectId: ProjectId): readonly AgentDefinition[] {
    const { path, config } = this.#options.projects.require(projectId);
    // A repository must not put its own command behind the name of a CLI that the person knows.
    const own = config.agents.filter(({ id }) => !this.#builtIn.some((builtIn) => builtIn.id === id));
    return [...this.#builtIn, ...own.map((declared) => configuredDefinition(declared, path))];
  }

  /** Undefined when the catalogue has no such agent, or no longer. */
  definition(projectId: ProjectId, id: AgentId): AgentDefinition | undefined {
    return this.definitions(projectId).find((definition) => definition.id === id);
  }

  /** What a spawn has to know; null when there is no such agent. Waits until the CLI has been looked for. */
  async find(projectId: ProjectId, id: AgentId): Promise<SpawnableAgent | null> {
    const definition = this.definition(projectId, id);
    if (!definition) return null;
    return {
      id,
      label: definition.label,
      takesPrompt: definition.prompt.via !== 'none',
      canResume: canResume(definition),
      obstacle: await this.#obstacle(projectId, definition),
      asksForTrust: this.#asksForTrust(projectId, definition),
    };
  }

  /**
   * How to start it; a prompt that goes by file is written before this returns. Throws when `find` would name an
   * obstacle: the caller asks that first.
   */
  async launch({ projectId, agentId, prompt, runId, resumeSession }: LaunchRequest): Promise<LaunchPlan> {
    const definition = this.definition(projectId, agentId);
    if (!definition) throw new Error(`there is no agent “${agentId}” in the catalogue`);
    const obstacle = await this.#obstacle(projectId, definition);
    const found = await this.#detection.find(definition);
    if (obstacle !== null || found.kind !== 'available') throw new Error(obstacle ?? `${agentId} is missing`);
    const promptFile = this.#promptFile(runId);
    const hooks = await this.#hooks(definition, runId);
    const { promptFileText, ...drafted } = planLaunch({
      definition,
      mode: this.#mode(projectId, definition),
      hooks,
      program: await this.#detection.resolve(found.path),
      path: this.#options.platform === 'win32' ? null : await this.#detection.path(),
      prompt,
      promptFile,
      newSessionId: randomUUID(),
      resumeSession,
      platform: this.#options.platform,
    });
    const plan = { ...drafted, env: besideOwn(drafted.env, this.#options.ownVariables(), definition.jsonVariables) };
    if (promptFileText !== null) await writePrivately(promptFile, promptFileText);
    // The key that sends it comes later, from whoever types it.
    return plan.typed === null
      ? plan
      : { ...plan, typed: { ...plan.typed, text: typedMessage(definition, plan.typed.text).paste } };
  }

  /** Takes away what was written down for a run. */
  async forget(runId: RunId): Promise<void> {
    await rm(this.#promptFile(runId), { force: true });
    await rm(this.#hookFolder(runId), { recursive: true, force: true });
  }

  /** What gives a running agent a message. */
  typedMessage(projectId: ProjectId, id: AgentId, text: string): TypedMessage {
    return typedMessage(this.definition(projectId, id) ?? { message: 'paste' }, text);
  }

  /** What a sign that its terminal gave makes of an agent's status. */
  nextStatus(projectId: ProjectId, id: AgentId, current: RunStatus, event: StatusEvent, now: number): RunStatus {
    return nextStatus(current, event, this.definition(projectId, id), now);
  }

  /** What a report tells beside the state: what the agent does now, and what it said when it came to rest. */
  doingIn(projectId: ProjectId, id: AgentId, report: Report): { activity: string | null; message: string | null } {
    const means = meaningOfReport(report, this.definition(projectId, id));
    const { tool, subject } = report;
    const activity = means === 'working' && tool !== null ? `${tool}${subject === null ? '' : `: ${subject}`}` : null;
    // What a sub-agent says at its end, it says to its agent.
    const isLastWord = report.agent === null && (means === 'idle' || means === null);
    return { activity, message: isLastWord ? report.message : null };
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** The agent's own name of its session, where a report tells it and a later start can go on with it. */
  sessionOf(projectId: ProjectId, id: AgentId, report: Pick<Report, 'session' | 'agent'>): string | null {
    const canUse = this.definition(projectId, id)?.session.kind;
    if (canUse !== 'preset' && canUse !== 'reported') return null;
    // A name that looks like an option would be one when it is handed back.
    const isName = report.session !== null && /^[A-Za-z0-9][\w.:/-]{0,199}$/.test(report.session);
    return report.agent === null && isName ? report.session : null;
  }

  #mode(projectId: ProjectId, definition: AgentDefinition): ModeDefinition | null {
    const { modes } = definition;
    const { path } = this.#options.projects.require(projectId);
    const chosen = this.#options.modes.permissionMode(path, definition.id);
    return modes.find(({ id }) => id === chosen) ?? modes.find(({ id }) => id === 'ask') ?? modes[0] ?? null;
  }

  async #hooks(definition: AgentDefinition, runId: RunId): Promise<HookInjection> {
    const { reporter, platform } = this.#options;
    if (definition.hooks === null) return noHooks;
    const folder = this.#hookFolder(runId);
    const injection = definition.hooks({ ...reporterCommand(reporter, platform), folder });
    for (const { name, text } of injection.files) await writePrivately(join(folder, name), text);
    return injection;
  }

  #describe(projectId: ProjectId, definition: AgentDefinition): Agent {
    const { id, label, description, source, isForDemos, prompt } = definition;
    const availability = this.#detection.known(definition);
    const modes = definition.modes.map((mode) => ({ id: mode.id, description: mode.description }));
    const mode = this.#mode(projectId, definition)?.id ?? null;
    const takesPrompt = prompt.via !== 'none';
    return { id, label, description, source, isForDemos, takesPrompt, modes, mode, availability };
  }

  #asksForTrust(projectId: ProjectId, { source }: AgentDefinition): boolean {
    return source === 'config' && !this.#options.projects.require(projectId).isTrusted;
  }

  #promptFile(runId: RunId): string {
    return join(this.#options.stateFolder, 'prompts', `${runId}.md`);
  }

  #hookFolder(runId: RunId): string {
    return join(this.#options.stateFolder, 'hooks', runId);
  }

  async #obstacle(projectId: ProjectId, definition: AgentDefinition): Promise<string | null> {
    const { label } = definition;
    if (this.#asksForTrust(projectId, definition)) {
      return `${label} is a command of this project’s config, and you have not trusted its commands yet.`;
    }
    const found = await this.#detection.find(definition);
    if (found.kind !== 'missing') return null;
    return `${label} is not there: the command “${found.command}” was not found. To get it: ${found.install}`;
  }
}

/** A prompt can hold what its project's files hold, so only the person may read it. */
async function writePrivately(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, text, { mode: 0o600 });
  // The mode above counts only for a file that was not there.
  await chmod(path, 0o600);
}
