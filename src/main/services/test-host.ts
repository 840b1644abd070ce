import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { fileLog, RotatingFile } from '#main/base/file-log.ts';
import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import { hostFiles, readDescriptor } from '#main/ptyhost/host-files.ts';
import type { Fault } from '#shared/contract/host.ts';
import { contract, type HostApi } from '#shared/contract/index.ts';
import type { Project } from '#shared/contract/projects.ts';
import type { Run, RunRequest } from '#shared/contract/runs.ts';
import type { AgentId, ProjectId, RunId, SpecSlug, TerminalId } from '#shared/ids.ts';
import { connect } from '#shared/rpc/connect.ts';
import { memoryWires } from '#shared/rpc/memory-wire.ts';
import { serve } from '#shared/rpc/serve.ts';
import type { Wire } from '#shared/rpc/wire.ts';

import { TestRepository } from './git/test-repository.ts';
import { createServices, type Services } from './services.ts';
import { memoryBacking } from './settings/memory-backing.ts';
import { testServicesOptions } from './test-services-options.ts';

const hostProcess = fileURLToPath(import.meta.resolve('./test-host-process.ts'));

/**
 * A person's world for tests of everything together: a repository, a home and Git identity of its own, and hosts on it,
 * composed of real parts. Whatever runs in it ends with it.
 */
export class TestWorld {
  readonly repository: TestRepository;
  /** Of all hosts in this process, so that trust and recent projects outlive a restart. */
  readonly settings = memoryBacking();
  readonly #hosts = new Set<TestHost>();
  readonly #environmentBefore: NodeJS.ProcessEnv;

  private constructor(repository: TestRepository) {
    this.repository = repository;
    this.#environmentBefore = { ...process.env };
    Object.assign(process.env, repository.env, { SHELL: '/bin/sh', SCRIBE_PACE_MS: '0' });
  }

  static async create(): Promise<TestWorld> {
    return new TestWorld(await TestRepository.create());
  }

  /** Absolute path of something beside the repository. */
  at(...parts: string[]): string {
    return join(this.repository.root, ...parts);
  }

  stateFolder(name = 'state'): string {
    return this.at(name);
  }

  /** A host in this process. Another `state` is another installation of the app. */
  async start(state = 'state'): Promise<TestHost> {
    const logFile = this.#prepare(state);
    const file = new RotatingFile(logFile);
    const services = await createServices(
      testServicesOptions({ root: this.repository.root, state, settings: this.settings, log: fileLog(file) }),
    );
    const wires = memoryWires();
    serve(contract, services.api, wires.host, (path, error) => services.faults.report(path, error));
    const made = new TestHost(this, wires.client, logFile, {
      services,
      end: async () => {
        wires.close();
        await services.dispose();
        file.close();
      },
    });
    this.#hosts.add(made);
    return made;
  }

  /** A host as a process of its own, which can be killed. */
  async startProcess(state = 'state'): Promise<TestHost> {
    const logFile = this.#prepare(state);
    const child = fork(hostProcess, [JSON.stringify({ root: this.repository.root, state, logFile })], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const made = new TestHost(this, processWire(child), logFile, {
      services: null,
      end: async () => {
        if (child.connected) child.send('quit');
        await ended;
      },
      kill: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    });
    this.#hosts.add(made);
    await made.api.host.info({});
    return made;
  }

  forget(host: TestHost): void {
    this.#hosts.delete(host);
  }

  /** A spec that scribe can do: the files it quotes, then a commit. */
  async writeSpec(
    slug: string,
    files: Readonly<Record<string, string>>,
    frontMatter: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const fields = { title: `The ${slug}`, ...frontMatter };
    const head = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
    const blocks = Object.entries(files).map(([path, text]) => `\`\`\`txt file=${path}\n${text}\`\`\`\n`);
    await this.repository.write(`specs/${slug}.md`, ['---', ...head, '---', '', ...blocks].join('\n'));
  }

  async writeConfig(yaml: string): Promise<void> {
    await this.repository.write('.switchyard/config.yaml', yaml);
  }

  branches(): Promise<string> {
    return this.repository.git('for-each-ref', '--format=%(refname:short)', 'refs/heads');
  }

  async remove(): Promise<void> {
    for (const host of this.#hosts) await host.end();
    await this.#endProcesses();
    for (const name of Object.keys(process.env)) {
      if (!(name in this.#environmentBefore)) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, this.#environmentBefore);
    await this.repository.remove();
  }

  #prepare(state: string): string {
    const folder = this.stateFolder(state);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const logFile = join(folder, 'host.log');
    writeFileSync(logFile, '', { flag: 'a' });
    return logFile;
  }

  /** The pty hosts, and what was started in their terminals: all that has this world's home in its environment. */
  async #endProcesses(): Promise<void> {
    const isGone = async (): Promise<boolean> => {
      const pids = this.processes();
      for (const pid of pids) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // Ended by itself.
        }
      }
      return pids.length === 0;
    };
    await until(isGone, 'the processes of the test end');
  }

  /** Living processes of this world, ourselves left out. */
  processes(): readonly number[] {
    const hosts = readdirSync(this.repository.root).flatMap(
      (name) => readDescriptor(hostFiles(this.at(name)).descriptor)?.pid ?? [],
    );
    const needle = `\0HOME=${join(this.repository.root, 'home')}\0`;
    const started = (process.platform === 'linux' ? readdirSync('/proc') : []).filter((name) => {
      if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
      const environment = readOr(`/proc/${name}/environ`);
      return `\0${environment}`.includes(needle);
    });
    return [...new Set([...hosts, ...started.map(Number)])].filter(isAlive);
  }

  /** The pty host of a state folder. */
  ptyHostPid(state = 'state'): number | null {
    return readDescriptor(hostFiles(this.stateFolder(state)).descriptor)?.pid ?? null;
  }
}

const readOr = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/** A host as a page sees it. */
export class TestHost {
  readonly api: HostApi;
  readonly logFile: string;
  /** What the page was told that should never happen. */
  readonly faults: Fault[] = [];
  /** Feeds that the host refused. */
  readonly refused: { path: string; message: string }[] = [];
  readonly runs = new Map<RunId, Run>();
  readonly #world: TestWorld;
  readonly #services: Services | null;
  readonly #end: () => Promise<void>;
  readonly #kill: (() => Promise<void>) | null;
  readonly #followed = new Set<ProjectId>();
  #project: Project | null = null;

  constructor(
    world: TestWorld,
    wire: Wire,
    logFile: string,
    parts: { services: Services | null; end: () => Promise<void>; kill?: () => Promise<void> },
  ) {
    this.#world = world;
    this.logFile = logFile;
    this.#services = parts.services;
    this.#end = parts.end;
    this.#kill = parts.kill ?? null;
    this.api = connect(contract, wire, (path, message) => this.refused.push({ path, message }));
    this.api.host.onDidFault({}, (fault) => this.faults.push(fault));
  }

  get project(): Project {
    if (!this.#project) throw new Error('no project was opened');
    return this.#project;
  }

  /** The services themselves, past the wire; only where the host is in this process. */
  get services(): Services {
    if (!this.#services) throw new Error('this host is another process');
    return this.#services;
  }

  async open(path = this.#world.repository.path): Promise<Project> {
    const opened = await this.api.projects.open({ path });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    this.#project = opened.value;
    this.#follow(opened.value.id);
    await until(() => this.#followed.has(opened.value.id), 'the runs are listed');
    return opened.value;
  }

  /** Spawns, and throws when that is refused. */
  async spawn(...requests: readonly Partial<RunRequest>[]): Promise<readonly RunId[]> {
    const spawned = await this.api.runs.spawn({ projectId: this.project.id, requests: requests.map(requestOf) });
    if (!spawned.ok) throw new Error(JSON.stringify(spawned.error));
    return spawned.value;
  }

  run(id: RunId): Run {
    const run = this.runs.get(id);
    if (!run) throw new Error(`there is no run ${id}`);
    return run;
  }

  /** The run, as soon as it is as the condition says. */
  async until(id: RunId, condition: (run: Run) => boolean): Promise<Run> {
    const isSo = (): boolean => {
      const run = this.runs.get(id);
      return run !== undefined && condition(run);
    };
    await until(isSo, () => `${condition.toString()}: ${JSON.stringify(this.runs.get(id), null, 1)}`);
    return this.run(id);
  }

  /** The run when its agent has committed and rests. */
  finished(id: RunId): Promise<Run> {
    return this.until(id, (run) => run.status.kind === 'idle' && (run.changes?.commits ?? 0) > 0);
  }

  /** Has the run deleted as a person who has read the plan. */
  async discard(id: RunId): Promise<string | null> {
    const plan = await this.api.runs.planRemoval({ id });
    if (!plan.ok) throw new Error(JSON.stringify(plan.error));
    const removed = await this.api.runs.remove({ id, fingerprint: plan.value.fingerprint });
    if (!removed.ok) throw new Error(JSON.stringify(removed.error));
    return removed.value.snapshot;
  }

  /** What a terminal shows, from now on and before. */
  watch(id: TerminalId): { text(): string } {
    let text = '';
    const viewer = `viewer-${id}`;
    this.api.terminals.attach({ id, viewer }, (frame) => {
      if (frame.kind === 'snapshot') text = frame.data;
      else if (frame.kind === 'output') text += frame.data;
      else if (frame.kind === 'gone') text += `[gone: ${frame.reason}]`;
      if ('data' in frame && frame.data !== '') {
        // Refused when the host goes away just then.
        this.api.terminals.acknowledge({ id, viewer, chars: frame.data.length }).catch(() => undefined);
      }
    });
    return { text: () => text };
  }

  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Quits in good order. */
  async end(): Promise<void> {
    this.#world.forget(this);
    await this.#end();
  }

  /** As `kill -9`. */
  async kill(): Promise<void> {
    if (!this.#kill) throw new Error('only a host in a process of its own can be killed');
    this.#world.forget(this);
    await this.#kill();
  }

  #follow(id: ProjectId): void {
    if (this.#followed.has(id)) return;
    this.api.runs.onDidChange(id, (event) => {
      if (event.kind === 'all') for (const run of event.runs) this.runs.set(run.id, run);
      else if (event.kind === 'changed') this.runs.set(event.run.id, event.run);
      else this.runs.delete(event.id);
      this.#followed.add(id);
    });
  }
}

export const requestOf = (request: Partial<RunRequest>): RunRequest => ({
  slug: 'one' as SpecSlug,
  agentId: 'scribe' as AgentId,
  variants: 1,
  base: null,
  branch: null,
  ...request,
});

function processWire(child: ChildProcess): Wire {
  return {
    post: (frame) => {
      if (child.connected) child.send(frame);
    },
    onFrame: (listener) => {
      child.on('message', (message) => listener(message as Parameters<typeof listener>[0]));
    },
    onClose: (listener) => {
      child.on('disconnect', listener);
    },
  };
}
