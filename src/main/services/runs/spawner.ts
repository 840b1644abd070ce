import type { Log } from '#main/base/log.ts';
import { Semaphore } from '#main/base/semaphore.ts';
import { SerialQueue } from '#main/base/serial-queue.ts';
import type { LaunchPlan } from '#main/services/agents/launch.ts';
import { findQuestion } from '#main/services/agents/questions.ts';
import type { Run, RunStatus, Stage, StageId } from '#shared/contract/runs.ts';
import { errorMessage } from '#shared/error-message.ts';
import type { RunId, TerminalId } from '#shared/ids.ts';

import { endWhatRuns } from './end-what-runs.ts';
import type { ProjectRuns } from './project-runs.ts';
import { runVariables } from './run-variables.ts';
import type { AgentsPort, PortsPort, RunProject, TerminalsPort, WorktreesPort } from './run-ports.ts';
import { pendingStages, withStatus } from './run-record.ts';
import type { StatusMonitor } from './status-monitor.ts';
import { runProjectCommand } from './project-command.ts';
import { stageLine } from './stage-line.ts';

/** Worktrees being made at once. More only makes each slower: they share a disk, and Git's writes take turns anyway. */
const preparingAtOnce = 4;
/**
 * How long an agent may take to show its input before its typed prompt is sent regardless. What is typed before is lost; the
 * slowest seen was opencode with a prompt of 100 KB, 50 s.
 */
const readyTimeoutMilliseconds = 90_000;
/** The same for one of which nobody knows how its input looks, and which shows nothing: it reads what it is given. */
const silentTimeoutMilliseconds = 10_000;
/** Between two looks at the screen of an agent that is waited for. */
const lookMilliseconds = 250;
/** As much of the screen as is looked at for the agent's input. */
const readyLines = 60;
/** As much of its end as is looked at for a dialog. */
const dialogLines = 15;
/** Between the pasted text and the key that sends it; every agent measured took it so. */
const sendDelayMilliseconds = 300;

/** Until somebody looks at it and it takes the size of their pane. */
const firstSize = { cols: 120, rows: 32 };

interface SpawnerOptions {
  agents: AgentsPort;
  terminals: TerminalsPort;
  worktrees: WorktreesPort;
  ports: PortsPort;
  monitor: Pick<StatusMonitor, 'starts' | 'started'>;
  log: Log;
  now: () => number;
  /** How a shell command of the project's config is run on this platform. */
  shell: (command: string) => { command: string; args: readonly string[] };
}

/** Why a spawn is cut short where it was not the person who cancelled it. */
class HostQuits extends Error {}

type TypedPrompt = NonNullable<LaunchPlan['typed']>;
type Typed = 'sent' | 'not-running' | 'not-read' | 'asks';

interface UnderWay {
  cancellation: AbortController;
  done: Promise<void>;
}

class StageFailed extends Error {
  readonly stage: StageId;
  /** Whether what there was to take back has been dealt with already. */
  readonly isTakenBack: boolean;
  constructor(stage: StageId, message: string, isTakenBack = false) {
    super(message);
    this.stage = stage;
    this.isTakenBack = isTakenBack;
  }
}

/**
 * Makes runs: branch, worktree, copied files, setup command, agent, in named stages that are seen as they happen, in the
 * run's own terminal and on its card. When a stage fails or the person cancels, what this attempt made is taken back.
 */
export class Spawner {
  readonly #options: SpawnerOptions;
  readonly #preparing = new Semaphore(preparingAtOnce);
  readonly #underWay = new Map<RunId, UnderWay>();
  /** Agents that were started and have not been spoken to since. */
  readonly #fresh = new Map<TerminalId, { at: number; before: string; pattern: RegExp }>();
  /** First prompts that are yet to be typed, each for the latest start in its terminal. */
  readonly #firstPrompts = new Map<TerminalId, TypedPrompt>();
  readonly #inputs = new SerialQueue();
  #isEnding = false;

  constructor(options: SpawnerOptions) {
    this.#options = options;
  }

  isPreparing(id: RunId): boolean {
    return this.#underWay.has(id);
  }

  /** Stops the stage that is under way. Resolves when what was made has been taken back. */
  async cancel(id: RunId, why?: HostQuits): Promise<void> {
    const spawn = this.#underWay.get(id);
    spawn?.cancellation.abort(why);
    await spawn?.done;
  }

  /** Cancels whatever is being made or would be from now on, and waits until it has been taken back. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await Promise.all([...this.#underWay.keys()].map((id) => this.cancel(id, new HostQuits())));
  }

  /** Makes a queued run. It never rejects: what went wrong is in the run. */
  spawn(project: RunProject, runs: ProjectRuns, id: RunId): Promise<void> {
    const cancellation = new AbortController();
    if (this.#isEnding) cancellation.abort(new HostQuits());
    const done = this.#preparing
      .run(() => this.#make(project, runs, id, cancellation.signal), cancellation.signal)
      .catch((error: unknown) => {
        this.#options.log.error('a spawn broke', error, { run: id });
      })
      .finally(() => {
        this.#underWay.delete(id);
        void runs.refresh(id);
      });
    this.#underWay.set(id, { cancellation, done });
    return done;
  }

  /** What the programs of a run are told of it. A machine without a free port does not keep it from being made. */
  async variables(runs: ProjectRuns, run: Run): Promise<Record<string, string>> {
    const { ports, log } = this.#options;
    const { projectPath } = runs;
    const firstPort = await ports.claim(run.id, projectPath).catch((error: unknown) => {
      log.error('a run got no ports', error, { run: run.id });
      return null;
    });
    return runVariables(runs.find(run.id) ?? run, projectPath, firstPort);
  }

  /** Makes the run's terminal, with a screen and no process; one that is there is left as it is. */
  async ensureTerminal(id: TerminalId | null): Promise<void> {
    if (id !== null) await this.#options.terminals.create(id, firstSize);
  }

  /** As `startAgent`, for a run that has been there before: in its terminal, which may be gone. */
  async startAgain(
    runs: ProjectRuns,
    id: RunId,
    terminalId: TerminalId,
    session: string | null,
  ): Promise<string | null> {
    try {
      await this.ensureTerminal(terminalId);
    } catch (error) {
      this.#options.log.error('a terminal could not be made', error, { run: id });
      return errorMessage(error);
    }
    return this.startAgent(runs, id, session);
  }

  /**
   * Starts the agent of a run in its worktree, which is there. Returns what went wrong, or null. Whoever calls it tells the
   * monitor `started` once that is on record.
   */
  async startAgent(runs: ProjectRuns, id: RunId, resumeSession: string | null): Promise<string | null> {
    try {
      return await this.#startAgent(runs, id, resumeSession);
    } catch (error) {
      this.#options.log.error('an agent could not be started', error, { run: id });
      return errorMessage(error);
    }
  }

  /**
   * Puts a message into an agent's input and sends it. One that has just been started is waited for: what is typed while it
   * loads is lost. `asks`: it asks for a permission, which the key that sends would give, or a question, and the message may
   * not be the answer. `asked` tells what it asks at a moment, null when nothing.
   */
  async type(
    terminalId: TerminalId,
    message: { paste: string; send: string },
    { asked, mayAnswer }: { asked: () => RunStatus['asks'] | null; mayAnswer: boolean },
  ): Promise<Typed> {
    await this.#untilReady(terminalId, () => asked() !== null);
    return this.#put(terminalId, message, () => asked() === 'permission' || (!mayAnswer && asked() !== null));
  }

  /**
   * Removes what an attempt made that failed or was cut off, and what runs in it. Returns null, or a sentence about what is
   * left and where. Never throws.
   */
  async takeBack(runs: ProjectRuns, run: Run): Promise<string | null> {
    const now = runs.find(run.id) ?? run;
    const { worktreePath, branch, base, terminalId } = now;
    const place = { projectPath: runs.projectPath, worktreePath, branch, base, processIsRunning: false };
    try {
      // A setup command that failed can have left something running that would go on to write there.
      const left = terminalId === null ? null : await endWhatRuns(this.#options.terminals, terminalId);
      if (left !== null) return `${left} Its worktree stays, because it may write there: ${worktreePath}`;
      const plan = await this.#options.worktrees.planRemoval(place);
      if (plan.unmergedCommits.length > givenCommits(runs, run.id)) {
        return `Its worktree stays, because there are commits in it: ${worktreePath}`;
      }
      const removed = await this.#options.worktrees.remove({
        ...place,
        reason: `Take back a spawn that failed: ${branch}`,
        fingerprint: plan.fingerprint,
      });
      if (removed.ok) {
        runs.change(run.id, { baseCommit: null });
        await this.#options.ports.release(run.id);
        return null;
      }
      this.#options.log.warn('a spawn could not be taken back', { run: run.id, why: removed.error.kind });
    } catch (error) {
      this.#options.log.error('a spawn could not be taken back', error, { run: run.id });
    }
    return `Its branch ${branch} and what there is of its worktree could not be removed: ${worktreePath}. Delete the run when nothing writes there any more.`;
  }

  async #startAgent(runs: ProjectRuns, id: RunId, resumeSession: string | null): Promise<string | null> {
    const run = runs.find(id);
    if (!run?.terminalId) return 'the run has no terminal';
    const prompt = run.promptVersion === null ? null : (runs.prompt(run.promptVersion)?.text ?? null);
    if (prompt === null && run.promptVersion !== null && resumeSession === null) {
      return 'the prompt that it was sent is not on record any more. Spawn the spec again';
    }
    const plan = await this.#options.agents.launch({
      projectId: runs.projectId,
      agentId: run.agent.id,
      prompt: resumeSession === null ? prompt : null,
      runId: id,
      resumeSession,
    });
    // A session that begins knows its prompt, and nothing that another one was told.
    if (resumeSession === null) runs.forgetTold(id);
    // Nor what an earlier start was yet to be told.
    this.#firstPrompts.delete(run.terminalId);
    const before = await this.#options.terminals.text(run.terminalId, readyLines);
    this.#options.monitor.starts(run.terminalId);
    const started = await this.#options.terminals.start(run.terminalId, {
      command: plan.command,
      args: plan.args,
      cwd: run.worktreePath,
      env: { ...(await this.variables(runs, run)), ...plan.env },
    });
    if (!started.ok) {
      switch (started.error.kind) {
        case 'spawn-failed':
          return started.error.message;
        case 'still-running':
          return 'another process still runs in its terminal';
        case 'gone':
          return 'its terminal is not there any more';
      }
    }
    const { readyPattern: pattern } = plan;
    if (pattern === null) this.#fresh.delete(run.terminalId);
    else this.#fresh.set(run.terminalId, { at: this.#options.now(), before, pattern });
    runs.change(id, { sessionId: plan.sessionId ?? resumeSession });
    if (plan.typed) this.#typeWhenReady(run.terminalId, plan.typed, { id, before });
    return null;
  }

  async #make(project: RunProject, runs: ProjectRuns, id: RunId, signal: AbortSignal): Promise<void> {
    const run = runs.find(id);
    if (!run) return;
    try {
      runs.change(id, { stages: pendingStages() });
      this.#setStatus(runs, id, { kind: 'preparing', source: 'stages', detail: null });
      await this.ensureTerminal(run.terminalId);
      await this.#makeWorktree(project, runs, run, signal);
      await this.#runSetup(project, runs, run, signal);
      throwIfCancelled(signal, 'start');
      const given = runs.record(id)?.givenWork ?? null;
      if (given !== null) {
        this.#stage(runs, id, 'start', 'skipped', 'Its files come from other runs, so no agent is started.');
        this.#setStatus(runs, id, { kind: 'exited', source: 'stages', detail: given.inWords });
        return;
      }
      this.#stage(runs, id, 'start', 'running', `Starting ${run.agent.label}`);
      const problem = await this.startAgent(runs, id, null);
      if (problem !== null) throw new StageFailed('start', `${run.agent.label} could not be started: ${problem}.`);
      throwIfCancelled(signal, 'start');
      this.#stage(runs, id, 'start', 'done', null);
      this.#setStatus(runs, id, { kind: 'working', source: 'process', detail: null });
    } catch (error) {
      await this.#fail(runs, run, error);
    } finally {
      if (run.terminalId !== null) this.#options.monitor.started(run.terminalId);
    }
  }

  async #fail(runs: ProjectRuns, run: Run, error: unknown): Promise<void> {
    // Whoever has the project now takes it back.
    if (runs.isDisposed) return;
    const now = runs.find(run.id);
    if (!(error instanceof StageFailed)) this.#options.log.error('a spawn broke', error, { run: run.id });
    const isTakenBack = (error instanceof StageFailed && error.isTakenBack) || (now ?? run).baseCommit === null;
    const leftover = isTakenBack ? null : await this.takeBack(runs, run);
    const stage =
      error instanceof StageFailed
        ? error.stage
        : (now?.stages.findLast(({ state }) => state === 'running')?.id ?? 'check');
    const reason = errorMessage(error);
    const message = leftover === null ? reason : `${reason} ${leftover}`;
    this.#stage(runs, run.id, stage, 'failed', message);
    this.#setStatus(runs, run.id, { kind: 'failed', source: 'stages', detail: message });
  }

  async #makeWorktree(project: RunProject, runs: ProjectRuns, run: Run, signal: AbortSignal): Promise<void> {
    const given = runs.record(run.id)?.givenWork ?? null;
    const created = await this.#options.worktrees.create(
      {
        projectPath: project.path,
        branch: run.branch,
        base: given?.commit ?? run.base,
        worktreePath: run.worktreePath,
        copy: project.copy,
        dependencies: project.dependencies,
        sparse: project.sparse,
        note: branchNote(run.id),
        onDidMakeBranch: (baseCommit) => {
          runs.change(run.id, { baseCommit: given?.parent ?? baseCommit });
        },
      },
      (stage, state, detail) => {
        this.#stage(runs, run.id, stage, state, detail);
      },
      signal,
    );
    if (created.ok) {
      const { baseCommit, worktreePath } = created.value;
      runs.change(run.id, { baseCommit: given?.parent ?? baseCommit, worktreePath });
      runs.setPresent(run.id);
      return;
    }
    const { error } = created;
    if (error.left === null) runs.change(run.id, { baseCommit: null });
    const message = error.kind === 'cancelled' ? cancelledMessage(signal, error.left) : error.message;
    throw new StageFailed(error.stage, message, true);
  }

  async #runSetup(project: RunProject, runs: ProjectRuns, run: Run, signal: AbortSignal): Promise<void> {
    const { setup } = project;
    if (!setup || !run.terminalId) {
      this.#stage(runs, run.id, 'setup', 'skipped', 'The project’s config names no setup command.');
      return;
    }
    throwIfCancelled(signal, 'setup');
    if (!project.isTrusted)
      throw new StageFailed('setup', 'The project’s commands have changed and are not trusted yet.');
    const env = await this.variables(runs, run);
    this.#stage(runs, run.id, 'setup', 'running', setup.command);
    const cwd = runs.find(run.id)?.worktreePath ?? run.worktreePath;
    const done = await runProjectCommand(this.#options, {
      what: 'setup command',
      terminalId: run.terminalId,
      process: { ...this.#options.shell(setup.command), cwd, env },
      timeoutMilliseconds: setup.timeoutMilliseconds,
      signal,
    });
    if (!done.ok) {
      const { error } = done;
      throw new StageFailed('setup', error.kind === 'cancelled' ? cancelledMessage(signal, null) : error.message);
    }
    this.#stage(runs, run.id, 'setup', 'done', null);
  }

  /**
   * Until its screen is another than before its start, shows its input, and holds still; one at work never does. One that asks
   * something waits for what is typed, whatever it shows.
   */
  async #untilReady(terminalId: TerminalId, asks: () => boolean): Promise<void> {
    const fresh = this.#fresh.get(terminalId);
    if (!fresh) return;
    const deadline = fresh.at + readyTimeoutMilliseconds;
    let last = fresh.before;
    let shown = 0;
    for (let still = 0; still < 3 && shown < 20 && this.#options.now() < deadline && !asks();) {
      await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
      const text = await this.#options.terminals.text(terminalId, readyLines);
      const isShown = text !== fresh.before && fresh.pattern.test(text);
      if (isShown) shown++;
      still = isShown && text === last ? still + 1 : 0;
      last = text;
    }
    // Behind a dialog there is no input yet: it loads on from where that is answered.
    if (asks()) fresh.at = this.#options.now();
    else if (this.#fresh.get(terminalId) === fresh) this.#fresh.delete(terminalId);
  }

  #typeWhenReady(terminalId: TerminalId, typed: TypedPrompt, { id, before }: { id: RunId; before: string }): void {
    // The agent may end before it takes it, and be started again with a prompt of its own.
    const isOver = (): boolean => this.#isEnding || this.#firstPrompts.get(terminalId) !== typed;
    const type = async (): Promise<void> => {
      const deadline = this.#options.now() + silentTimeoutMilliseconds;
      while (typed.readyPattern === null && !isOver() && this.#options.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
        if ((await this.#options.terminals.text(terminalId, readyLines)) !== before) break;
      }
      await this.#untilReady(terminalId, isOver);
      while (!isOver() && (await this.#showsDialog(terminalId, before))) {
        await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
        if (!(await this.#isRunning(terminalId))) return;
        await this.#untilReady(terminalId, isOver);
      }
      if (isOver()) return;
      this.#firstPrompts.delete(terminalId);
      await this.#put(terminalId, { paste: typed.text, send: '\r' });
    };
    this.#firstPrompts.set(terminalId, typed);
    type().catch((error: unknown) => {
      this.#options.log.error('could not type the first prompt', error, { run: id });
    });
  }

  /** Whether its screen ends with a dialog that did not stand there before its start: what is typed would answer that. */
  async #showsDialog(terminalId: TerminalId, before: string): Promise<boolean> {
    const question = findQuestion(await this.#options.terminals.text(terminalId, dialogLines));
    return question !== null && question !== findQuestion(before.split('\n').slice(-dialogLines).join('\n'));
  }

  async #isRunning(terminalId: TerminalId): Promise<boolean> {
    const terminal = (await this.#options.terminals.list()).find(({ id }) => id === terminalId);
    return terminal?.started === true && terminal.exit === null;
  }

  /** One text after another: two at once would be one message. */
  #put(
    terminalId: TerminalId,
    { paste, send }: { paste: string; send: string },
    isRefused: () => boolean = () => false,
  ): Promise<Typed> {
    const { terminals } = this.#options;
    return this.#inputs.run(terminalId, async () => {
      if (isRefused()) return 'asks';
      const pasted = await terminals.type(terminalId, paste);
      if (pasted !== 'typed') return pasted;
      await new Promise((resolve) => setTimeout(resolve, sendDelayMilliseconds));
      if (isRefused()) return 'asks';
      const sent = await terminals.type(terminalId, send);
      return sent === 'typed' ? 'sent' : sent;
    });
  }

  #stage(runs: ProjectRuns, id: RunId, stage: StageId, state: Stage['state'], detail: string | null): void {
    const run = runs.find(id);
    if (!run) return;
    const now = this.#options.now();
    const stages = run.stages.map((each) =>
      each.id === stage
        ? {
            ...each,
            state,
            startedAt: each.startedAt ?? now,
            endedAt: state === 'running' ? null : now,
            detail: detail ?? each.detail,
          }
        : each,
    );
    runs.change(id, { stages });
    if (run.terminalId) this.#print(run.terminalId, stage, state, detail);
  }

  #print(terminalId: TerminalId, stage: StageId, state: Stage['state'], detail: string | null): void {
    const line = stageLine(stage, state, detail);
    if (line === null) return;
    this.#options.terminals.print(terminalId, line).catch((error: unknown) => {
      this.#options.log.error('could not print a stage', error, { terminal: terminalId });
    });
  }

  #setStatus(runs: ProjectRuns, id: RunId, status: Omit<RunStatus, 'since'>): void {
    const current = runs.find(id)?.status;
    if (current) runs.setStatus(id, withStatus(current, status, this.#options.now()));
  }
}

/** How many commits of a run's branch were there before it, and are no work of an attempt to make it. */
export const givenCommits = (runs: ProjectRuns, id: RunId): number => (runs.record(id)?.givenWork ? 1 : 0);

/** Names the run in the reflog of the branch that is made for it. */
export const branchNote = (id: RunId): string => `switchyard run ${id}`;

function throwIfCancelled(signal: AbortSignal, stage: StageId): void {
  if (signal.aborted) throw new StageFailed(stage, cancelledMessage(signal, null));
}

const cancelledMessage = (signal: AbortSignal, left: string | null): string => {
  const why =
    signal.reason instanceof HostQuits
      ? 'Switchyard was quit while this run was being made. Retry makes it from the start.'
      : 'Cancelled.';
  return `${why} ${left ?? 'What had been made was taken back.'}`;
};
