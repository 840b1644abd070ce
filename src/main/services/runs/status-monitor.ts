import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { StatusEvent } from '#main/services/agents/status.ts';
import { findQuestion } from '#main/services/agents/questions.ts';
import { usageIn } from '#main/services/agents/reported-usage.ts';
import type { KeptReport, TerminalChange } from '#main/services/terminals/terminals.ts';
import type { Run, RunStatus } from '#shared/contract/runs.ts';
import type { TerminalExit } from '#shared/contract/terminals.ts';
import type { RunId, TerminalId } from '#shared/ids.ts';
import { lostInWords } from '#shared/terminal/lost-in-words.ts';

import type { ProjectRuns } from './project-runs.ts';
import type { AgentsPort, TerminalsPort } from './run-ports.ts';
import { withStatus } from './run-record.ts';
import { StuckWatch } from './stuck-watch.ts';

/** How often silent runs are looked at. */
const tickMilliseconds = 1000;
/** A screen that has not changed for so long is quiet; while working, agents were never still for longer than 2.6 s. */
const quietMilliseconds = 4000;
/** A program at work changes its screen again within this time; a single change is a redraw, an echo, a clock. */
const againMilliseconds = 2000;
/** A question that is answered sooner was none for the person: agents ask and answer themselves where they may. */
const holdMilliseconds = 400;
/** As much of a screen's end as is looked at for a question. */
const questionLines = 15;

interface StatusMonitorOptions {
  agents: AgentsPort;
  terminals: TerminalsPort;
  log: Log;
  now: () => number;
}

/** The question that a run waits with since then, on its screen. */
interface SeenQuestion {
  since: number;
  lookedAt: number;
  isShown: boolean;
  /** When it was first found to be there no more; null: it is there, or never was. */
  goneAt: number | null;
}

/**
 * Keeps the status of every run: hears what agents and terminals report, lets the agent's rules say what that means, and
 * notices silence. It never reads the words of a screen but for the question that a quiet agent has left there.
 */
export class StatusMonitor implements Disposable {
  readonly #options: StatusMonitorOptions;
  readonly #projects = new Set<ProjectRuns>();
  readonly #lastActivity = new Map<string, number>();
  readonly #owned = new DisposableStore();
  /** Waits that are not shown yet. */
  readonly #held = new Map<RunId, { status: RunStatus; timer: NodeJS.Timeout }>();
  /** Runs whose agent reports its tools: their titles say less. */
  readonly #reporting = new Set<RunId>();
  readonly #stuck: StuckWatch;
  /** Of runs that wait, what was seen of their question. */
  readonly #questions = new Map<RunId, SeenQuestion>();
  /** What terminals were called since they were last asked: newer than the answer, which is read while they go on. */
  readonly #titles = new Map<string, string>();
  /** What has ended since the terminals were asked, one for each time that they are being asked. */
  readonly #endedMeanwhile = new Set<Set<TerminalId>>();
  /** What terminals tell while their agent's start is not on record yet. */
  readonly #starting = new Map<TerminalId, TerminalChange[]>();
  #looking = false;
  #isToRestore = false;

  constructor(options: StatusMonitorOptions) {
    this.#options = options;
    this.#stuck = new StuckWatch({ terminals: options.terminals });
  }

  /** Begins to listen. */
  start(): void {
    const { terminals, log } = this.#options;
    this.#owned.add(
      terminals.onDidChange((event) => {
        this.#heard(event);
      }),
    );
    this.#owned.add(
      terminals.onDidReportProgress(({ id, at, progress }) => {
        for (const runs of this.#projects) {
          const run = runs.byTerminal(id);
          if (run) this.#apply(runs, run, { kind: 'progress', state: progress.state }, at);
        }
      }),
    );
    const timer = setInterval(() => {
      if (this.#looking) return;
      this.#looking = true;
      this.#lookForSilence()
        .catch((error: unknown) => {
          log.error('could not look at quiet runs', error);
        })
        .finally(() => {
          this.#looking = false;
        });
    }, tickMilliseconds);
    timer.unref();
    this.#owned.add({ dispose: () => clearInterval(timer) });
  }

  watch(runs: ProjectRuns): void {
    this.#projects.add(runs);
  }

  /**
   * An agent is about to be started in the terminal. What is heard of it waits until `started`: its end, or its first report,
   * can come in the same breath as the answer that it has been started.
   */
  starts(id: TerminalId): void {
    this.#starting.set(id, []);
  }

  /** That it was started, or was not, is on record now. */
  started(id: TerminalId): void {
    const events = this.#starting.get(id) ?? [];
    this.#starting.delete(id);
    for (const event of events) this.#heard(event);
  }

  /** Compares what is on record with what the pty host has: after a start, and after the pty host came back. */
  async restore(runs: ProjectRuns): Promise<void> {
    const ended = new Set<TerminalId>();
    this.#endedMeanwhile.add(ended);
    try {
      await this.#restore(runs, ended);
    } finally {
      this.#endedMeanwhile.delete(ended);
    }
  }

  async #restore(runs: ProjectRuns, ended: ReadonlySet<TerminalId>): Promise<void> {
    this.#titles.clear();
    for (const [id, known] of this.#questions) this.#questions.set(id, { ...known, lookedAt: 0 });
    const terminals = new Map((await this.#options.terminals.list()).map((terminal) => [terminal.id, terminal]));
    const now = this.#options.now();
    for (const run of runs.all()) {
      const terminal = run.terminalId === null ? undefined : terminals.get(run.terminalId);
      const { status } = run;
      // Its end was heard, and is newer than the answer.
      if (terminal && ended.has(terminal.id)) continue;
      if (status.kind === 'failed' || status.kind === 'queued' || status.kind === 'preparing') continue;
      runs.setPaused(run.id, terminal?.pausedAt ?? null);
      const elsewhere = run.terminalId === null ? null : this.#options.terminals.elsewhere(run.terminalId);
      if (elsewhere !== null) {
        const kind = elsewhere.isRunning ? 'unknown' : 'exited';
        runs.setStatus(run.id, withStatus(status, { kind, source: 'restored', detail: elsewhere.inWords }, now));
      } else if (terminal?.exit) {
        this.#exited(runs, run, terminal.exit, now);
      } else if (terminal?.started) {
        const called = this.#titles.get(terminal.id) ?? terminal.title;
        runs.setActivity(run.id, called === '' ? null : called, now);
        const isUnclear = status.kind === 'exited' || status.kind === 'unknown';
        if (isUnclear) {
          runs.setStatus(run.id, { kind: 'unknown', source: 'restored', since: now, detail: null });
        }
        // What was told before it became as it is on record has been heard, and may be over since.
        this.#catchUp(runs, run, await this.#options.terminals.reports(terminal.id), isUnclear ? 0 : status.since);
        const title = this.#titles.get(terminal.id) ?? terminal.title;
        if (title !== '') this.#apply(runs, run, { kind: 'title', title }, now);
      } else if (status.kind !== 'exited') {
        const detail =
          'Its terminal is gone: the machine or the terminal host was restarted. The worktree is as it was.';
        runs.setStatus(run.id, withStatus(status, { kind: 'exited', source: 'restored', detail }, now));
      }
    }
  }

  dispose(): void {
    for (const { timer } of this.#held.values()) clearTimeout(timer);
    this.#held.clear();
    this.#owned.dispose();
    this.#projects.clear();
  }

  /**
   * What a run asks the person at this moment, also where that is not shown yet; null when nothing. A dialog that is known
   * from an agent's screen alone counts as a permission: its Enter key takes what is marked.
   */
  asked(runs: ProjectRuns, id: RunId): 'permission' | 'question' | null {
    const run = runs.find(id);
    const status = this.#held.get(id)?.status ?? run?.status;
    if (status?.kind !== 'waiting') return null;
    if (status.asks !== undefined) return status.asks;
    return status.source === 'output' && run?.promptVersion !== null ? 'permission' : 'question';
  }

  /** The person typed into a run: what follows is echo for a moment, not work. */
  typed(runs: ProjectRuns, run: Run): void {
    this.#apply(runs, run, { kind: 'typed' }, this.#options.now());
  }

  /** Its processes go on after a pause: that it was silent meanwhile says nothing. */
  wentOn(runs: ProjectRuns, run: Run): void {
    const now = this.#options.now();
    if (run.terminalId !== null) this.#lastActivity.set(run.terminalId, now);
    this.#stuck.moved(run.id, now);
    runs.setPaused(run.id, null);
  }

  /** Something in a run's worktree or on its branch has changed. */
  filesChanged(runs: ProjectRuns, id: RunId): void {
    this.#stuck.moved(id, this.#options.now());
    runs.setStuck(id, null);
  }

  #heard(event: TerminalChange): void {
    if (event.kind === 'host-restored' || event.kind === 'host-lost') {
      if (event.kind === 'host-restored') this.#restoreAll();
      else for (const runs of this.#projects) this.#lost(runs, event.reason);
      return;
    }
    const starting = this.#starting.get(event.id);
    if (starting) {
      starting.push(event);
      return;
    }
    for (const runs of this.#projects) {
      const run = runs.byTerminal(event.id);
      if (!run) continue;
      if (event.kind === 'title') this.#titles.set(event.id, event.title);
      if (event.kind === 'exited') for (const ended of this.#endedMeanwhile) ended.add(event.id);
      const before = this.#lastActivity.get(event.id);
      if (event.kind === 'activity') this.#lastActivity.set(event.id, event.at);
      // While it is being made, the process in its terminal is the setup command: the spawner listens to that.
      if (run.status.kind === 'queued' || run.status.kind === 'preparing' || run.status.kind === 'failed') return;
      this.#stuck.moved(run.id, event.at);
      if (run.stuckSince !== null) runs.setStuck(run.id, null);
      if (event.kind === 'exited') {
        this.#reporting.delete(run.id);
        this.#questions.delete(run.id);
        this.#exited(runs, run, event.exit, event.at);
        return;
      }
      const isAlone = before === undefined || event.at - before > againMilliseconds;
      if (event.kind === 'activity' && (isAlone || this.#showsQuestion(run))) return;
      if (event.kind === 'title' && !this.#reporting.has(run.id)) {
        runs.setActivity(run.id, event.title === '' ? null : event.title, event.at);
      }
      if (event.kind === 'report') this.#note(runs, run, event.report);
      this.#apply(runs, run, statusEvent(event), event.at);
      return;
    }
  }

  /** Every terminal tells that its host is back, one after the other; how they are is asked once for all of them. */
  #restoreAll(): void {
    if (this.#isToRestore) return;
    this.#isToRestore = true;
    queueMicrotask(() => {
      this.#isToRestore = false;
      for (const runs of this.#projects) {
        this.restore(runs).catch((error: unknown) => {
          this.#options.log.error('could not compare runs with the terminals', error);
        });
      }
    });
  }

  #exited(runs: ProjectRuns, run: Run, exit: TerminalExit, at: number): void {
    this.#drop(run.id);
    runs.setPaused(run.id, null);
    const current = runs.find(run.id)?.status ?? run.status;
    // What was only concluded from the terminal's absence gives way to what the terminal says.
    const isConcluded = current.kind === 'exited' && current.source === 'restored';
    if (current.kind === 'exited' && !isConcluded) return;
    if (exit.lost) {
      const detail = `${lostInWords(exit.lost)} The worktree is as it was, and its last screen was kept.`;
      runs.setStatus(run.id, withStatus(current, { kind: 'exited', source: 'restored', detail }, at));
      return;
    }
    const before = isConcluded ? ({ ...current, kind: 'unknown' } as const) : current;
    const event = { kind: 'exited', code: exit.code, signal: exit.signal } as const;
    runs.setStatus(run.id, this.#options.agents.nextStatus(runs.projectId, run.agent.id, before, event, at));
  }

  /** What a report tells beside the state. */
  #note(runs: ProjectRuns, run: Run, { report, at }: KeptReport): void {
    const { agents } = this.#options;
    const usage = usageIn(report);
    if (usage !== null) {
      runs.recordUsage(run.id, at, usage);
      return;
    }
    const { activity, message } = agents.doingIn(runs.projectId, run.agent.id, report);
    if (activity !== null) {
      this.#reporting.add(run.id);
      runs.setActivity(run.id, activity, at);
    }
    if (message !== null) runs.setLastMessage(run.id, message);
    const sessionId = agents.sessionOf(runs.projectId, run.agent.id, report);
    if (sessionId !== null) runs.setSession(run.id, sessionId);
  }

  /** What was reported while nobody listened, as one step: the states between are no news any more. */
  #catchUp(runs: ProjectRuns, run: Run, reports: readonly KeptReport[], heardUntil: number): void {
    let status = runs.find(run.id)?.status ?? run.status;
    for (const kept of reports) {
      this.#note(runs, run, kept);
      if (kept.at <= heardUntil) continue;
      status = this.#next(runs, run, status, { kind: 'report', report: kept.report }, kept.at);
    }
    this.#drop(run.id);
    runs.setStatus(run.id, status);
  }

  #lost(runs: ProjectRuns, reason: string): void {
    for (const run of runs.all()) {
      if (run.status.kind !== 'working' && run.status.kind !== 'waiting' && run.status.kind !== 'idle') continue;
      this.#drop(run.id);
      runs.setStatus(
        run.id,
        withStatus(run.status, { kind: 'unknown', source: 'process', detail: reason }, this.#options.now()),
      );
    }
  }

  async #lookForSilence(): Promise<void> {
    const now = this.#options.now();
    for (const runs of this.#projects) {
      for (const run of runs.all()) {
        if (run.terminalId === null || run.pausedSince !== null) continue;
        if (run.status.kind === 'waiting') await this.#lookAtQuestion(runs, run, run.terminalId);
        if (run.status.kind !== 'working' && run.status.kind !== 'unknown') continue;
        const last = Math.max(this.#lastActivity.get(run.terminalId) ?? 0, run.status.since);
        const milliseconds = now - last;
        if (milliseconds < quietMilliseconds) continue;
        if (this.#options.terminals.elsewhere(run.terminalId) !== null) continue;
        const lastLines = await this.#options.terminals.text(run.terminalId, questionLines);
        const current = runs.find(run.id);
        // What has moved meanwhile is not quiet.
        if (!current || (this.#lastActivity.get(run.terminalId) ?? 0) > last) continue;
        this.#apply(runs, current, { kind: 'quiet', milliseconds, lastLines }, now);
        const stuckSince = await this.#stuck.look(run.id, run.terminalId, run.status, now);
        if (stuckSince !== null) runs.setStuck(run.id, stuckSince);
      }
    }
  }

  /** A screen on which a reported question is seen moves without anybody's answer: a hint blinks, the person chooses. */
  #showsQuestion({ id, status }: Run): boolean {
    const known = this.#questions.get(id);
    return status.kind === 'waiting' && status.source === 'report' && known?.since === status.since && known.isShown;
  }

  #lookAtQuestionSoon(runs: ProjectRuns, id: RunId): void {
    const run = runs.find(id);
    if (!run || run.terminalId === null || run.status.kind !== 'waiting') return;
    this.#lookAtQuestion(runs, run, run.terminalId).catch((error: unknown) => {
      this.#options.log.error('could not look at a question', error, { run: id });
    });
  }

  /** Whether what the run waits for is still asked. Its screen tells a few seconds after it has changed, and then no more. */
  async #lookAtQuestion(runs: ProjectRuns, run: Run, terminalId: TerminalId): Promise<void> {
    const { terminals, now } = this.#options;
    const { since } = run.status;
    const seen = (): SeenQuestion => {
      const known = this.#questions.get(run.id);
      return known?.since === since ? known : { since, lookedAt: 0, isShown: false, goneAt: null };
    };
    const last = Math.max(this.#lastActivity.get(terminalId) ?? 0, since);
    if (seen().lookedAt - last >= quietMilliseconds || terminals.elsewhere(terminalId) !== null) return;
    const lookedAt = now();
    const lastLines = await terminals.text(terminalId, questionLines);
    const current = runs.find(run.id);
    if (current?.status.kind !== 'waiting' || current.status.since !== since) return;
    // Another look may have come between.
    const before = seen();
    const isThere = findQuestion(lastLines) !== null;
    const isShown = before.isShown || isThere;
    const goneAt = isThere || !isShown ? null : (before.goneAt ?? lookedAt);
    this.#questions.set(run.id, { since, lookedAt, isShown, goneAt });
    const movedAt = this.#lastActivity.get(terminalId) ?? 0;
    const isMoving = lookedAt - movedAt < quietMilliseconds;
    // Not between two pictures of it: it was gone before, and the screen has moved on since.
    if (goneAt !== null && goneAt < lookedAt && movedAt > goneAt && isMoving && current.status.source === 'report') {
      this.#apply(runs, current, { kind: 'activity' }, lookedAt);
    }
    if (movedAt > last) return;
    const event = { kind: 'quiet', milliseconds: lookedAt - last, lastLines, hasAsked: isShown } as const;
    this.#apply(runs, current, event, lookedAt);
  }

  #next(runs: ProjectRuns, run: Run, current: RunStatus, event: StatusEvent, now: number): RunStatus {
    return this.#options.agents.nextStatus(runs.projectId, run.agent.id, current, event, now);
  }

  #apply(runs: ProjectRuns, run: Run, event: StatusEvent, now: number): void {
    const shown = runs.find(run.id)?.status ?? run.status;
    const current = this.#held.get(run.id)?.status ?? shown;
    const next = this.#next(runs, run, current, event, now);
    if (next === this.#held.get(run.id)?.status) return;
    this.#drop(run.id);
    if (next.kind !== 'waiting' || shown.kind === 'waiting') {
      runs.setStatus(run.id, next);
      return;
    }
    const timer = setTimeout(() => {
      this.#held.delete(run.id);
      runs.setStatus(run.id, next);
      // Who turns it down at once takes it from the screen before the next look.
      this.#lookAtQuestionSoon(runs, run.id);
    }, holdMilliseconds);
    this.#held.set(run.id, { status: next, timer });
  }

  #drop(id: RunId): void {
    clearTimeout(this.#held.get(id)?.timer);
    this.#held.delete(id);
  }
}

function statusEvent(event: Exclude<TerminalChange, { kind: 'host-lost' | 'host-restored' | 'exited' }>): StatusEvent {
  switch (event.kind) {
    case 'title':
      return { kind: 'title', title: event.title };
    case 'notification':
      return { kind: 'notification', text: event.text };
    case 'report':
      return { kind: 'report', report: event.report.report };
    case 'activity':
      return { kind: 'activity' };
  }
}
