import { join } from 'node:path';

import { Emitter } from '#main/base/lifecycle.ts';
import { silentLog } from '#main/base/log.ts';
import type { Report } from '#main/ptyhost/report.ts';
import { claude } from '#main/services/agents/catalogue/claude.ts';
import { nextStatus } from '#main/services/agents/status.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { Snapshots } from '#main/services/snapshots/snapshots.ts';
import { Store } from '#main/services/store/store.ts';
import type { KeptReport, TerminalChange, TerminalInfo } from '#main/services/terminals/terminals.ts';
import { Worktrees } from '#main/services/worktrees/worktrees.ts';
import type { LeftProcess, Run, RunRequest, RunStatusKind } from '#shared/contract/runs.ts';
import type { AgentId, ProjectId, RunId, SpecSlug, TerminalId } from '#shared/ids.ts';
import { ok } from '#shared/result.ts';

import { isSpecMerged } from './merged-spec.ts';
import { PortBlocks } from './port-blocks.ts';
import { ProjectRuns } from './project-runs.ts';
import { runFacts } from './run-facts.ts';
import type { PlaceLimits } from './place-queue.ts';
import type { AgentsPort, RunProject, TerminalsPort } from './run-ports.ts';
import { RunStore } from './run-store.ts';
import { Runs } from './runs.ts';

/** Terminals without processes: a test says when one prints, exits, or cannot start. */
class FakeTerminals implements TerminalsPort {
  readonly elsewhere = (): null => null;
  readonly #did = new Emitter<TerminalChange>();
  readonly terminals = new Map<TerminalId, TerminalInfo>();
  readonly printed: string[] = [];
  readonly typed: string[] = [];
  readonly started: {
    id: TerminalId;
    command: string;
    args: readonly string[];
    cwd: string;
    env: Readonly<Record<string, string>>;
  }[] = [];
  readonly killed: TerminalId[] = [];
  refuseStart: string | null = null;
  /** What is heard of a process before the answer that it was started; the wire brings both at once. */
  withStart: ((id: TerminalId) => void) | null = null;

  readonly onDidChange = this.#did.event;
  readonly onDidReportProgress = new Emitter<never>().event;
  readonly kept: KeptReport[] = [];

  reports(): Promise<readonly KeptReport[]> {
    return Promise.resolve(this.kept);
  }

  pause(id: TerminalId): ReturnType<TerminalsPort['pause']> {
    const terminal = this.terminals.get(id);
    if (!terminal?.started || terminal.exit !== null) {
      return Promise.resolve({ ok: false, error: { kind: 'not-running' } });
    }
    this.terminals.set(id, { ...terminal, pausedAt: 5000 });
    return Promise.resolve(ok({ pausedAt: 5000 }));
  }

  unpause(id: TerminalId): Promise<void> {
    const terminal = this.terminals.get(id);
    if (terminal) this.terminals.set(id, { ...terminal, pausedAt: null });
    return Promise.resolve();
  }

  /** What agents have left running, by their terminals. */
  left: ReadonlyMap<TerminalId, readonly LeftProcess[]> = new Map();

  leftRunning(): ReturnType<TerminalsPort['leftRunning']> {
    return Promise.resolve(this.left);
  }

  processorTime(): Promise<number | null> {
    return Promise.resolve(null);
  }

  list(): Promise<readonly TerminalInfo[]> {
    return Promise.resolve([...this.terminals.values()]);
  }

  create(id: TerminalId, size: { cols: number; rows: number }): Promise<void> {
    const fresh = { pid: null, exit: null, started: false, title: '', createdAt: 0, lastOutputAt: null };
    if (!this.terminals.has(id)) this.terminals.set(id, { id, ...size, ...fresh });
    return Promise.resolve();
  }

  print(_id: TerminalId, data: string): Promise<void> {
    this.printed.push(data);
    return Promise.resolve();
  }

  start(id: TerminalId, process: Parameters<TerminalsPort['start']>[1]): ReturnType<TerminalsPort['start']> {
    const terminal = this.terminals.get(id);
    if (!terminal) return Promise.resolve({ ok: false, error: { kind: 'gone' } });
    if (this.refuseStart !== null) {
      return Promise.resolve({ ok: false, error: { kind: 'spawn-failed', message: this.refuseStart } });
    }
    this.started.push({ id, command: process.command, args: process.args, cwd: process.cwd, env: process.env });
    this.terminals.set(id, { ...terminal, started: true, exit: null });
    this.withStart?.(id);
    return Promise.resolve(ok({ pid: 1 }));
  }

  readsInput = true;

  type(id: TerminalId, data: string): ReturnType<TerminalsPort['type']> {
    if (!this.readsInput) return Promise.resolve('not-read');
    this.typed.push(data);
    return Promise.resolve(this.terminals.get(id)?.exit === null ? 'typed' : 'not-running');
  }

  /** What their screens end with. */
  screen = '';
  /** How often that was read. */
  looks = 0;

  text(): Promise<string> {
    this.looks++;
    return Promise.resolve(this.screen);
  }

  /** Processes that nothing ends. */
  survivors: readonly number[] = [];

  kill(id: TerminalId): Promise<readonly number[]> {
    this.killed.push(id);
    this.exit(id, null);
    return Promise.resolve(this.survivors);
  }

  remove(id: TerminalId): Promise<readonly number[]> {
    this.terminals.delete(id);
    return Promise.resolve([]);
  }

  exit(id: TerminalId, code: number | null): void {
    const terminal = this.terminals.get(id);
    if (!terminal || terminal.exit !== null) return;
    const exit = { code, signal: code === null ? 1 : null };
    this.terminals.set(id, { ...terminal, exit });
    this.#did.fire({ id, at: Date.now(), kind: 'exited', exit });
  }

  report(id: RunId, report: Report): void {
    const kept = { number: this.kept.length + 1, at: Date.now(), report };
    this.#did.fire({ id: `run-${id}` as TerminalId, at: kept.at, kind: 'report', report: kept });
  }

  activity(id: RunId): void {
    this.#did.fire({ id: `run-${id}` as TerminalId, at: Date.now(), kind: 'activity' });
  }

  comeBack(id: TerminalId): void {
    this.#did.fire({ id, at: Date.now(), kind: 'host-restored' });
  }

  title(id: TerminalId, title: string): void {
    this.#did.fire({ id, at: Date.now(), kind: 'title', title });
  }
}

const fakeAgents: AgentsPort = {
  find: (_projectId, id) =>
    Promise.resolve(
      id === 'ghost'
        ? null
        : { id, label: 'Fake', takesPrompt: true, canResume: id === 'resumer', obstacle: null, asksForTrust: false },
    ),
  launch: ({ agentId, prompt, resumeSession }) => {
    // These take their prompt typed, the first one once it shows its input.
    const readyPattern = agentId === 'typist' ? /^>/u : agentId === 'loader' ? claude.readyPattern : null;
    const isTyped = prompt !== null && (agentId === 'typist' || agentId === 'stranger');
    return Promise.resolve({
      command: 'fake-agent',
      args: resumeSession !== null ? ['--resume', resumeSession] : isTyped ? [] : [prompt ?? ''],
      env: {},
      typed: isTyped ? { text: prompt, readyPattern } : null,
      readyPattern,
      sessionId: 'session-1',
    });
  },
  forget: () => Promise.resolve(),
  typedMessage: (_projectId, _id, text) => ({ paste: `<${text}>`, send: '\r' }),
  sessionOf: (_projectId, _id, { session }) => session,
  doingIn: (_projectId, _id, { tool, message }) => ({ activity: tool, message }),
  nextStatus: (_projectId, id, current, event, now) =>
    event.kind === 'exited'
      ? { kind: 'exited', source: 'process', since: now, detail: `exit ${String(event.code)}` }
      : event.kind === 'title'
        ? { kind: 'waiting', source: 'title', since: now, detail: event.title }
        : event.kind === 'report'
          ? { kind: event.report.event as RunStatusKind, source: 'report', since: now, detail: null }
          : event.kind === 'quiet' || event.kind === 'activity'
            ? nextStatus(current, event, id === 'loader' ? claude : undefined, now)
            : current,
};

/** The runs service on a real repository, real worktrees and a real store; terminals and agents are fakes. */
export class TestRuns {
  readonly repository: TestRepository;
  readonly terminals = new FakeTerminals();
  readonly projectId = 'project' as ProjectId;
  readonly git: Git;
  /** What each spec comes after. */
  readonly after = new Map<string, readonly string[]>();
  readonly #didChangeLimits = new Emitter<void>();
  #limits: PlaceLimits = { mostRunning: 0, mostToReview: 0, isMemoryLow: false };
  project: RunProject;
  runs: Runs;
  #store: Store;
  #adopted: ProjectRuns;

  private constructor(repository: TestRepository, project: RunProject) {
    this.repository = repository;
    this.project = project;
    this.git = new Git({ log: silentLog, env: repository.env });
    ({ runs: this.runs, store: this.#store, adopted: this.#adopted } = this.#compose());
  }

  static async create(): Promise<TestRuns> {
    const repository = await TestRepository.create();
    const test = new TestRuns(repository, {
      id: 'project' as ProjectId,
      path: repository.path,
      commonDir: join(repository.path, '.git'),
      defaultBase: 'main',
      branches: ['main'],
      worktreeFolder: `${repository.path}.worktrees`,
      branchTemplate: 'feature/ai-{slug}',
      copy: [],
      dependencies: [],
      sparse: [],
      setup: null,
      teardown: null,
      needsTrust: false,
      isTrusted: true,
    });
    await test.#adopt();
    return test;
  }

  /** Kills the service in the middle of whatever it does, and begins again on what is on disk. Terminals live on. */
  async reopen(): Promise<void> {
    this.runs.dispose();
    ({ runs: this.runs, store: this.#store, adopted: this.#adopted } = this.#compose());
    await this.#adopt();
  }

  async remove(): Promise<void> {
    await this.runs.end();
    this.#store.dispose();
    await this.repository.remove();
  }

  async spawn(request: Partial<RunRequest> = {}): Promise<readonly RunId[]> {
    const spawned = await this.runs.spawn({ projectId: this.projectId, requests: [requestOf(request)] });
    if (!spawned.ok) throw new Error(JSON.stringify(spawned.error));
    return spawned.value;
  }

  statusHistory(id: RunId): readonly unknown[] {
    return this.#store.all('SELECT * FROM status_history WHERE run_id = ?', id);
  }

  limit(limits: Partial<PlaceLimits>): void {
    this.#limits = { ...this.#limits, ...limits };
    this.#didChangeLimits.fire();
  }

  run(id: RunId): Run {
    const found = this.runs.find(id);
    if (!found) throw new Error(`no run ${id}`);
    return found.run;
  }

  /** Waits until the run is as the condition says, and returns it. */
  async until(id: RunId, condition: (run: Run) => boolean): Promise<Run> {
    for (let turn = 0; turn < 1000; turn++) {
      const run = this.run(id);
      if (condition(run)) return run;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`it never came so: ${JSON.stringify(this.run(id))}`);
  }

  #compose(): { runs: Runs; store: Store; adopted: ProjectRuns } {
    const { git, terminals } = this;
    const snapshots = new Snapshots({ git, log: silentLog });
    const worktrees = new Worktrees({ git, snapshots, log: silentLog });
    const store = new Store({ path: join(this.repository.path, '.git', 'switchyard', 'state.db'), log: silentLog });
    const adopted = new ProjectRuns({
      projectId: this.projectId,
      projectPath: this.repository.path,
      store: new RunStore(store),
      facts: runFacts({ git, worktrees }),
      log: silentLog,
      onDidNotWrite: (error) => {
        throw error;
      },
    });
    const runs = new Runs({
      projects: { find: (id) => (id === this.projectId ? this.project : undefined) },
      specs: {
        find: (_id, slug) =>
          Promise.resolve(
            slug === 'missing'
              ? null
              : {
                  slug,
                  title: `The ${slug}`,
                  base: null,
                  branch: null,
                  after: (this.after.get(slug) ?? []) as SpecSlug[],
                  errors: [],
                },
          ),
      },
      prompts: {
        composeFor: ({ slug, branch, workSoFar }) =>
          Promise.resolve({
            text: `Do ${slug} on ${branch}${workSoFar === undefined ? '' : `\n${workSoFar}`}`,
            tokens: 4,
            parts: [],
            rules: [],
            problems: [],
            version: `v-${slug}${workSoFar === undefined ? '' : '-handed'}`,
          }),
      },
      agents: fakeAgents,
      terminals,
      worktrees,
      snapshots,
      ports: new PortBlocks({ folder: join(this.repository.root, 'ports'), log: silentLog }),
      isSpecMerged: (place) => isSpecMerged(git, place),
      limits: { now: () => this.#limits, onDidChange: this.#didChangeLimits.event },
      log: silentLog,
      shell: (command) => ({ command: 'sh', args: ['-c', command] }),
    });
    runs.start();
    return { runs, store, adopted };
  }

  async #adopt(): Promise<void> {
    await this.runs.adopt(this.#adopted);
  }
}

export const requestOf = (request: Partial<RunRequest>): RunRequest => ({
  slug: 'toggles' as SpecSlug,
  agentId: 'fake' as AgentId,
  variants: 1,
  base: null,
  branch: null,
  ...request,
});
