import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { StatusEvent } from '#main/services/agents/status.ts';
import type { TerminalChange } from '#main/services/terminals/terminals.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { TerminalExit } from '#shared/contract/terminals.ts';
import { lostInWords } from '#shared/terminal/lost-in-words.ts';

import type { ProjectRuns } from './project-runs.ts';
import type { AgentsPort, TerminalsPort } from './run-ports.ts';
import { withStatus } from './run-record.ts';

/** How often silent runs are looked at. */
const tickMilliseconds = 1000;
/** A screen that has not changed for so long is quiet; while working, agents were never still for longer than 2.6 s. */
const quietMilliseconds = 4000;
/** A program at work changes its screen again within this time; a single change is a redraw, an echo, a clock. */
const againMilliseconds = 2000;

/**
 * Keeps the status of every run: hears what terminals report, lets the agent's rules say what that means, and notices
 * silence. It never reads the words of a screen but for the question that a quiet agent has left there.
 */
export class StatusMonitor implements Disposable {
  readonly #options: { agents: AgentsPort; terminals: TerminalsPort; log: Log; now: () => number };
  readonly #projects = new Set<ProjectRuns>();
  readonly #lastActivity = new Map<string, number>();
  readonly #owned = new DisposableStore();
  #looking = false;

  constructor(options: { agents: AgentsPort; terminals: TerminalsPort; log: Log; now: () => number }) {
    this.#options = options;
  }

  /** Begins to listen. */
  start(): void {
    this.#owned.add(
      this.#options.terminals.onDidChange((event) => {
        this.#heard(event);
      }),
    );
    const timer = setInterval(() => {
      if (this.#looking) return;
      this.#looking = true;
      this.#lookForSilence()
        .catch((error: unknown) => {
          this.#options.log.error('could not look at quiet runs', error);
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

  /** Compares what is on record with what the pty host has: after a start, and after the pty host came back. */
  async restore(runs: ProjectRuns): Promise<void> {
    const terminals = new Map((await this.#options.terminals.list()).map((terminal) => [terminal.id, terminal]));
    const now = this.#options.now();
    for (const run of runs.all()) {
      const terminal = run.terminalId === null ? undefined : terminals.get(run.terminalId);
      const { status } = run;
      if (status.kind === 'failed' || status.kind === 'queued' || status.kind === 'preparing') continue;
      const elsewhere = run.terminalId === null ? null : this.#options.terminals.elsewhere(run.terminalId);
      if (elsewhere !== null) {
        const kind = elsewhere.isRunning ? 'unknown' : 'exited';
        runs.setStatus(run.id, withStatus(status, { kind, source: 'restored', detail: elsewhere.inWords }, now));
      } else if (terminal?.exit) {
        this.#exited(runs, run, terminal.exit, now);
      } else if (terminal?.started) {
        runs.setActivity(run.id, terminal.title === '' ? null : terminal.title);
        if (status.kind === 'exited' || status.kind === 'unknown') {
          runs.setStatus(run.id, { kind: 'unknown', source: 'restored', since: now, detail: null });
        }
        if (terminal.title !== '') this.#apply(runs, run, { kind: 'title', title: terminal.title }, now);
      } else if (status.kind !== 'exited') {
        const detail =
          'Its terminal is gone: the machine or the terminal host was restarted. The worktree is as it was.';
        runs.setStatus(run.id, withStatus(status, { kind: 'exited', source: 'restored', detail }, now));
      }
    }
  }

  dispose(): void {
    this.#owned.dispose();
    this.#projects.clear();
  }

  /** The person typed into a run: what follows is echo for a moment, not work. */
  typed(runs: ProjectRuns, run: Run): void {
    this.#apply(runs, run, { kind: 'typed' }, this.#options.now());
  }

  #heard(event: TerminalChange): void {
    if (event.kind === 'host-restored' || event.kind === 'host-lost') {
      for (const runs of this.#projects) {
        if (event.kind === 'host-lost') this.#lost(runs, event.reason);
        else {
          this.restore(runs).catch((error: unknown) => {
            this.#options.log.error('could not compare runs with the terminals', error);
          });
        }
      }
      return;
    }
    for (const runs of this.#projects) {
      const run = runs.byTerminal(event.id);
      if (!run) continue;
      const before = this.#lastActivity.get(event.id);
      if (event.kind === 'activity') this.#lastActivity.set(event.id, event.at);
      // While it is being made, the process in its terminal is the setup command: the spawner listens to that.
      if (run.status.kind === 'queued' || run.status.kind === 'preparing' || run.status.kind === 'failed') return;
      if (event.kind === 'exited') {
        this.#exited(runs, run, event.exit, event.at);
        return;
      }
      const isAlone = before === undefined || event.at - before > againMilliseconds;
      if (event.kind === 'activity' && isAlone) return;
      if (event.kind === 'title') runs.setActivity(run.id, event.title === '' ? null : event.title);
      this.#apply(runs, run, statusEvent(event), event.at);
      return;
    }
  }

  #exited(runs: ProjectRuns, run: Run, exit: TerminalExit, at: number): void {
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

  #lost(runs: ProjectRuns, reason: string): void {
    for (const run of runs.all()) {
      if (run.status.kind !== 'working' && run.status.kind !== 'waiting' && run.status.kind !== 'idle') continue;
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
        if (run.terminalId === null || (run.status.kind !== 'working' && run.status.kind !== 'unknown')) continue;
        const last = Math.max(this.#lastActivity.get(run.terminalId) ?? 0, run.status.since);
        const milliseconds = now - last;
        if (milliseconds < quietMilliseconds) continue;
        if (this.#options.terminals.elsewhere(run.terminalId) !== null) continue;
        const lastLines = await this.#options.terminals.text(run.terminalId, 15);
        const current = runs.find(run.id);
        if (current) this.#apply(runs, current, { kind: 'quiet', milliseconds, lastLines }, now);
      }
    }
  }

  #apply(runs: ProjectRuns, run: Run, event: StatusEvent, now: number): void {
    const current = runs.find(run.id)?.status ?? run.status;
    runs.setStatus(run.id, this.#options.agents.nextStatus(runs.projectId, run.agent.id, current, event, now));
  }
}

function statusEvent(event: Exclude<TerminalChange, { kind: 'host-lost' | 'host-restored' | 'exited' }>): StatusEvent {
  switch (event.kind) {
    case 'title':
      return { kind: 'title', title: event.title };
    case 'notification':
      return { kind: 'notification', text: event.text };
    case 'activity':
      return { kind: 'activity' };
  }
}
