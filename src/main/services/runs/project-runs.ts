import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { ReportedUsage } from '#main/services/agents/reported-usage.ts';
import { hasWork } from '#shared/board/derive-board.ts';
import type { Prompt } from '#shared/contract/prompts.ts';
import type { Decision, LeftProcess, Run, RunFeed, RunPresence, RunStatus } from '#shared/contract/runs.ts';
import type { ProjectId, RunId, SpecSlug, TerminalId } from '#shared/ids.ts';

import { runOf, shownRecord, type RunRecord } from './run-record.ts';
import type { RunStore } from './run-store.ts';

/** What Git is asked about a run. */
export interface RunFacts {
  /** `worktreePath`: where its worktree is now; null when it is gone. */
  presence(run: RunPlace): Promise<RunPresence & { worktreePath: string | null }>;
  changes(run: RunPlace): Promise<Run['changes']>;
  /** Whether the base holds the run's work now; `recorded` is the merge that we made, if we made one. */
  merged(id: RunId, run: RunPlace, recorded: Run['merged']): Promise<Run['merged']>;
}

export interface RunPlace {
  projectPath: string;
  worktreePath: string;
  branch: string;
  base: string;
  baseCommit: string | null;
}

/**
 * The runs of one open project: what is on disk about them, and what Git and the terminals say now. Every change goes
 * through here, is written first and told afterwards.
 */
export class ProjectRuns implements Disposable {
  readonly projectId: ProjectId;
  readonly projectPath: string;
  readonly #store: RunStore;
  readonly #facts: RunFacts;
  readonly #log: Log;
  readonly #onDidNotWrite: (error: unknown) => void;
  /** Runs that are on disk other than they are here, because they could not be written. */
  readonly #unwritten = new Set<RunId>();
  readonly #records = new Map<RunId, RunRecord>();
  readonly #runs = new Map<RunId, Run>();
  /** `isOfBefore`: its agent has come to rest since Git was asked. */
  readonly #refreshing = new Map<RunId, { again: boolean; isOfBefore: boolean }>();
  readonly #owned = new DisposableStore();
  readonly #didChange = this.#owned.add(new Emitter<RunFeed>());
  readonly onDidChange = this.#didChange.event;

  constructor(options: {
    projectId: ProjectId;
    projectPath: string;
    store: RunStore;
    facts: RunFacts;
    log: Log;
    /** The disk is full, or the file is locked. Told once until it could be written again. */
    onDidNotWrite: (error: unknown) => void;
  }) {
    this.projectId = options.projectId;
    this.projectPath = options.projectPath;
    this.#store = options.store;
    this.#facts = options.facts;
    this.#log = options.log;
    this.#onDidNotWrite = options.onDidNotWrite;
    for (const record of this.#store.all()) {
      this.#records.set(record.id, record);
      this.#runs.set(record.id, runOf(this.projectId, record));
    }
  }

  /** The project was let go: another host may have it by now. */
  get isDisposed(): boolean {
    return this.#owned.isDisposed;
  }

  all(): readonly Run[] {
    return [...this.#runs.values()];
  }

  find(id: RunId): Run | undefined {
    return this.#runs.get(id);
  }

  record(id: RunId): RunRecord | undefined {
    return this.#records.get(id);
  }

  byTerminal(terminalId: TerminalId): Run | undefined {
    return this.all().find((run) => run.terminalId === terminalId);
  }

  place(run: Pick<Run, 'worktreePath' | 'branch' | 'base' | 'baseCommit'>): RunPlace {
    return {
      projectPath: this.projectPath,
      worktreePath: run.worktreePath,
      branch: run.branch,
      base: run.base,
      baseCommit: run.baseCommit,
    };
  }

  prompt(version: string): Prompt | null {
    return this.#store.prompt(version);
  }

  /** Keeps a prompt that is about to be sent. Throws when it cannot be written. */
  addPrompt(prompt: Prompt): void {
    this.#store.insert([], [prompt]);
  }

  /** What its agent was told of changed invariants was told to a session that is over. */
  forgetTold(id: RunId): void {
    this.#write(id, () => this.#store.forgetTold(id));
  }

  viewed(id: RunId): ReadonlyMap<string, string> {
    return this.#store.viewed(id);
  }

  setViewed(id: RunId, path: string, version: string | null): void {
    if (this.#records.has(id)) this.#store.setViewed(id, path, version);
  }

  /** Throws when they cannot be written: work that nobody would remember must not be begun. */
  add(records: readonly RunRecord[], prompts: readonly Prompt[]): void {
    this.#store.insert(records, prompts);
    for (const record of records) {
      this.#records.set(record.id, record);
      const run = { ...runOf(this.projectId, record), presence: { branch: false, worktree: false } };
      this.#runs.set(record.id, run);
      this.#didChange.fire({ kind: 'changed', run });
    }
  }

  /** Keeps a change of what is on disk, and tells it. A run that is gone meanwhile is left gone. */
  change(id: RunId, change: Partial<RunRecord>): void {
    this.#change(id, change, {});
  }

  /** `seen` is what changes with it and is not on disk. */
  #change(id: RunId, change: Partial<RunRecord>, seen: Partial<Pick<Run, 'changes' | 'leftRunning'>>): void {
    const record = this.#records.get(id);
    const run = this.#runs.get(id);
    if (!record || !run || this.#owned.isDisposed) return;
    const next = { ...record, ...change };
    this.#records.set(id, next);
    this.#write(id, () => this.#store.save(next));
    this.#show({ ...run, ...shownRecord(next), ...seen });
  }

  setStatus(id: RunId, status: RunStatus): void {
    const before = this.#records.get(id)?.status;
    if (!before || sameStatus(before, status) || this.#owned.isDisposed) return;
    const run = this.#runs.get(id);
    const comesToRest = !rests(before) && rests(status);
    this.#change(
      id,
      { status },
      {
        // It runs again, and nothing was started beside what would not end.
        ...(status.kind !== 'exited' && run?.leftRunning !== undefined ? { leftRunning: [] } : {}),
        // That it has changed nothing was true before its last words perhaps, and Git has to be asked again.
        ...(comesToRest && run && !hasWork(run) ? { changes: null } : {}),
      },
    );
    const underWay = this.#refreshing.get(id);
    if (comesToRest && underWay) underWay.isOfBefore = true;
    if (comesToRest) void this.refresh(id);
    if (before.kind !== status.kind) this.#write(id, () => this.#store.recordStatus(id, status));
  }

  setDecision(id: RunId, decision: Decision): void {
    if (!this.#records.has(id) || this.#owned.isDisposed) return;
    this.change(id, { decision });
    this.#write(id, () => this.#store.recordDecision(id, decision));
  }

  /** From now on what these specs promise has to hold for the run too; see the contract. */
  alsoHold(id: RunId, specs: readonly SpecSlug[]): void {
    const record = this.#records.get(id);
    if (!record) return;
    const others = specs.filter((slug) => slug !== record.spec.slug && !record.alsoHolds.includes(slug));
    if (others.length > 0) this.change(id, { alsoHolds: [...record.alsoHolds, ...others] });
  }

  /** What its agent does, from now (`at`) on. */
  setActivity(id: RunId, activity: string | null, at: number): void {
    const run = this.#runs.get(id);
    const activitySince = activity === null ? null : at;
    if (run && run.activity !== activity) this.#show({ ...run, activity, activitySince });
  }

  /** The agent's own name of its session, as it reports it. */
  setSession(id: RunId, sessionId: string): void {
    if (this.#records.get(id)?.sessionId !== sessionId) this.change(id, { sessionId });
  }

  /** What its agent has used for an answer, as it reports it. */
  recordUsage(id: RunId, at: number, usage: ReportedUsage): void {
    if (this.#records.has(id) && !this.#owned.isDisposed) {
      this.#write(id, () => this.#store.recordUsage(id, at, usage));
    }
  }

  setLastMessage(id: RunId, lastMessage: string | null): void {
    const run = this.#runs.get(id);
    if (run) this.#show({ ...run, lastMessage });
  }

  setStuck(id: RunId, stuckSince: number | null): void {
    const run = this.#runs.get(id);
    if (run) this.#show({ ...run, stuckSince });
  }

  setPaused(id: RunId, pausedSince: number | null): void {
    const run = this.#runs.get(id);
    if (run) this.#show({ ...run, pausedSince });
  }

  /** What its agent, which has ended, has left running. */
  setLeftRunning(id: RunId, leftRunning: readonly LeftProcess[]): void {
    const run = this.#runs.get(id);
    if (run && (run.leftRunning ?? []).length + leftRunning.length > 0) this.#show({ ...run, leftRunning });
  }

  /** Its branch and worktree have just been made: known without asking. */
  setPresent(id: RunId): void {
    const run = this.#runs.get(id);
    if (run) this.#show({ ...run, presence: { branch: true, worktree: true } });
  }

  /** Drops the record of a run, or keeps it out of sight for as long as its snapshot may bring it back. */
  remove(id: RunId, snapshot: string | null): void {
    this.#records.delete(id);
    this.#write(id, () => {
      if (snapshot === null) this.#store.remove(id);
      else this.#store.setAside(id, snapshot);
    });
    if (this.#runs.delete(id)) this.#didChange.fire({ kind: 'removed', id });
  }

  /** Shows a run again whose branch was restored from this snapshot; its agent was ended. Null: no run was deleted with it. */
  bringBack(snapshot: string, place: { worktreePath: string | null }, status: RunStatus): Run | null {
    const kept = this.#store.bringBack(snapshot);
    if (!kept) return null;
    const record = { ...kept, status, worktreePath: place.worktreePath ?? kept.worktreePath };
    this.#records.set(record.id, record);
    this.#write(record.id, () => {
      this.#store.save(record);
      this.#store.recordStatus(record.id, status);
    });
    const run = runOf(this.projectId, record);
    this.#runs.set(record.id, run);
    this.#didChange.fire({ kind: 'changed', run });
    return run;
  }

  /**
   * Asks Git about a run again. While an answer is under way, any number of further requests make one more question, so
   * that a busy worktree costs a bounded number of processes.
   */
  async refresh(id: RunId): Promise<void> {
    const underWay = this.#refreshing.get(id);
    if (underWay) {
      underWay.again = true;
      return;
    }
    const turn = { again: true, isOfBefore: false };
    this.#refreshing.set(id, turn);
    try {
      while (turn.again && !this.#owned.isDisposed) {
        turn.again = false;
        turn.isOfBefore = false;
        await this.#ask(id);
      }
    } catch (error) {
      // Once the project is let go of its records are closed, which an answer that was still under way comes upon.
      if (!this.#owned.isDisposed) this.#log.error('could not ask Git about a run', error, { run: id });
    } finally {
      this.#refreshing.delete(id);
    }
  }

  async refreshAll(): Promise<void> {
    await Promise.all([...this.#runs.keys()].map((id) => this.refresh(id)));
  }

  dispose(): void {
    if (!this.#owned.isDisposed) this.#write(null, () => undefined);
    this.#owned.dispose();
  }

  /**
   * Keeps on disk what is known here already. What cannot be written does not stop the work that it is about: it is
   * written with the next change that can be.
   */
  #write(id: RunId | null, write: () => void): void {
    const behind = [...this.#unwritten];
    try {
      for (const each of behind) {
        const record = this.#records.get(each);
        if (record) this.#store.save(record);
        else this.#store.remove(each);
      }
      this.#unwritten.clear();
      write();
    } catch (error) {
      if (id !== null) this.#unwritten.add(id);
      this.#log.error('the record of a run could not be written', error, { run: id });
      if (behind.length === 0) this.#onDidNotWrite(error);
    }
  }

  async #ask(id: RunId): Promise<void> {
    const run = this.#runs.get(id);
    if (!run || isBeingMade(run)) return;
    if (run.baseCommit === null) {
      this.#show({ ...run, presence: { branch: false, worktree: false }, changes: null });
      return;
    }
    const { worktreePath, ...presence } = await this.#facts.presence(this.place(run));
    // The person may have moved it; that is where it is from now on.
    const place = { ...this.place(run), worktreePath: worktreePath ?? run.worktreePath };
    const changes = presence.branch ? await this.#facts.changes(place) : null;
    const recorded = this.#records.get(id)?.merged ?? null;
    const merged = await this.#facts.merged(id, place, recorded);
    if (this.#owned.isDisposed) return;
    const now = this.#runs.get(id);
    const record = this.#records.get(id);
    if (!now || !record) return;
    // A merge that we made while Git was being asked is newer than the answer.
    const isAsked = sameJson(record.merged, recorded);
    if (isAsked && !sameJson(recorded, merged)) this.change(id, { merged });
    if (place.worktreePath !== record.worktreePath) this.change(id, { worktreePath: place.worktreePath });
    const current = this.#runs.get(id) ?? now;
    const isTooOld = this.#refreshing.get(id)?.isOfBefore === true && !hasWork({ changes });
    const known = isTooOld || (changes === null && !presence.branch) ? current.changes : changes;
    this.#show({ ...current, presence, changes: known });
  }

  #show(run: Run): void {
    const before = this.#runs.get(run.id);
    if (!before || sameJson(before, run)) return;
    this.#runs.set(run.id, run);
    this.#didChange.fire({ kind: 'changed', run });
  }
}

/** Whether its agent does nothing now, or is no more. */
const rests = ({ kind }: RunStatus): boolean => kind === 'idle' || kind === 'exited';

/** Whether its branch and worktree are still being made, so that asking Git about them would only confuse. */
export function isBeingMade(run: Pick<Run, 'status'>): boolean {
  return run.status.kind === 'queued' || run.status.kind === 'preparing';
}

/**
 * Whether the run never came to have a branch: its spawn failed, and was taken back. A branch of its name that is there
 * all the same is somebody else's, and none of ours to delete.
 */
export const ownsNothing = (run: Pick<Run, 'baseCommit'>): boolean => run.baseCommit === null;

const sameJson = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const sameStatus = (one: RunStatus, other: RunStatus): boolean =>
  one.kind === other.kind &&
  one.source === other.source &&
  one.detail === other.detail &&
  one.waitsForPlace === other.waitsForPlace;
