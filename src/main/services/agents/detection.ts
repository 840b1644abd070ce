import { mkdir } from 'node:fs/promises';

import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import { variableOf } from '#main/base/find-command.ts';
import type { Log } from '#main/base/log.ts';
import { behind, findProgram, startOf, type ProgramSystem } from '#main/base/resolve-program.ts';
import { Semaphore } from '#main/base/semaphore.ts';
import type { Resolved } from '#main/base/windows-shim.ts';
import type { AgentAvailability } from '#shared/contract/agents.ts';

import type { AgentDefinition } from './agent-definition.ts';
import { readLoginPath } from './login-path.ts';
import { readVersion } from './version.ts';

export interface DetectionOptions {
  platform: NodeJS.Platform;
  /** The person's shell, asked for PATH. */
  shell: string;
  /** The environment of a program of ours, with these variables beside it. */
  environment: (explicit: Readonly<Record<string, string>>) => Record<string, string>;
  /** A folder of ours: CLIs are asked for their version there. */
  folder: string;
  log: Log;
  /** Resolves when what a person waits for first has been shown: to look for CLIs starts a login shell, and each of them. */
  whenShown?: () => Promise<void>;
  limits?: { loginPathMilliseconds: number; versionMilliseconds: number };
}

/** CLIs asked for their version at once. Each is a large program, and a start takes a core. */
const askedAtOnce = 2;

/** Which CLIs are on this machine, and where. Looked for when first asked about, and again on request. */
export class Detection implements Disposable {
  readonly #options: DetectionOptions;
  readonly #changed = new Emitter<void>();
  readonly #asking = new Semaphore(askedAtOnce);
  readonly #found = new Map<string, { availability: AgentAvailability; done: Promise<AgentAvailability> }>();
  #path: Promise<string> | null = null;

  readonly onDidChange = this.#changed.event;

  constructor(options: DetectionOptions) {
    this.#options = options;
  }

  /** What is known now. Starts to look when nothing is. */
  known(definition: AgentDefinition): AgentAvailability {
    return this.#look(definition).availability;
  }

  /** What is known once it has been looked for. One that was missing is looked for again: it may be there by now. */
  async find(definition: AgentDefinition): Promise<AgentAvailability> {
    const found = await this.#look(definition).done;
    if (found.kind !== 'missing') return found;
    this.#found.delete(keyOf(definition));
    return this.#look(definition).done;
  }

  /** Forgets everything, PATH too, and looks for these again. */
  async refresh(definitions: readonly AgentDefinition[]): Promise<void> {
    this.#found.clear();
    this.#path = null;
    const looking = definitions.map((definition) => this.#look(definition).done);
    this.#changed.fire();
    await Promise.all(looking);
  }

  /** PATH as the person's terminal has it. */
  path(): Promise<string> {
    this.#path ??= this.#readPath();
    return this.#path;
  }

  /** What is really started for a program that was found. */
  async resolve(programPath: string): Promise<Resolved> {
    return behind(programPath, await this.#system());
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #look(definition: AgentDefinition): { availability: AgentAvailability; done: Promise<AgentAvailability> } {
    const key = keyOf(definition);
    const known = this.#found.get(key);
    if (known) return known;
    const entry = { availability: { kind: 'checking' } as AgentAvailability, done: this.#detect(definition) };
    this.#found.set(key, entry);
    void entry.done.then((availability) => {
      entry.availability = availability;
      if (this.#found.get(key) === entry) this.#changed.fire();
    });
    return entry;
  }

  async #detect(definition: AgentDefinition): Promise<AgentAvailability> {
    const { command, install, version } = definition;
    await this.#options.whenShown?.();
    try {
      const path = await findProgram(command, await this.#system());
      if (path === null) return { kind: 'missing', command, install };
      if (version === null) return { kind: 'available', path, version: null };
      const said = await this.#asking.run(() => this.#askVersion(path, version));
      return { kind: 'available', path, version: said };
    } catch (error) {
      this.#options.log.error('an agent could not be looked for', error, { agent: definition.id });
      return { kind: 'missing', command, install };
    }
  }

  async #askVersion(path: string, version: NonNullable<AgentDefinition['version']>): Promise<string | null> {
    const { folder, limits, log } = this.#options;
    await mkdir(folder, { recursive: true });
    const system = await this.#system();
    const program = await behind(path, system);
    const start = startOf(program, version.args, system);
    if (!start.ok) {
      log.warn('a version could not be asked for', { path, why: start.error.message });
      return null;
    }
    return readVersion({
      ...start.value,
      pattern: version.pattern,
      cwd: folder,
      env: { ...system.env, ...program.env },
      platform: system.platform,
      ...(limits && { limitMilliseconds: limits.versionMilliseconds }),
    });
  }

  /** What programs are looked for and started with: PATH as the person's terminal has it. */
  async #system(): Promise<ProgramSystem & { env: Record<string, string> }> {
    const { platform, environment } = this.#options;
    return { platform, env: environment({ PATH: await this.path() }) };
  }

  async #readPath(): Promise<string> {
    const { platform, shell, environment, limits, log } = this.#options;
    const env = environment({});
    const own = variableOf(env, 'PATH') ?? '';
    if (platform === 'win32') return own;
    const path = await readLoginPath({
      shell,
      env,
      platform,
      ...(limits && { limitMilliseconds: limits.loginPathMilliseconds }),
    });
    if (path === null) log.warn('the login shell did not tell its PATH; that of this process is used', { shell });
    return path ?? own;
  }
}

/** Two agents that are the same command are looked for once. */
const keyOf = ({ command, install, version }: AgentDefinition): string =>
  JSON.stringify([command, install, version?.args, version?.pattern.source]);
