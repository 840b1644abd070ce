import { randomBytes } from 'node:crypto';

import { DisposableStore, Emitter, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { SerialQueue } from '#main/base/serial-queue.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import type { AttentionState, NoticePush, SinceLooked } from '#shared/contract/attention.ts';
import type { CheckFeed, RunChecks } from '#shared/contract/gates.ts';
import type { RadarPair } from '#shared/contract/radar.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { Train } from '#shared/contract/train.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

import type { AttentionPorts } from './attention-ports.ts';
import type { AttentionStore, Look } from './attention-store.ts';
import { readBranchNews } from './branch-news.ts';
import { collectItems } from './collect-items.ts';
import { NoticePlan, noticeWords } from './notice-plan.ts';
import { orderItems } from './order-items.ts';
import { isQuiet } from './quiet-hours.ts';
import { sinceLooked } from './since-looked.ts';
import { nextWake, withSnoozes } from './snooze.ts';

/** Agents change their titles many times a second; what needs the person is worked out no more often than this. */
const pauseMilliseconds = 100;
/** Until then, what comes up is what was so when the project was opened. */
const beginMilliseconds = 3000;
/** How often quiet hours are looked at while something waits for their end. */
const quietTickMilliseconds = 30_000;
/** The longest that a timer is set for: Node's own limit is 24 days. */
const longestMilliseconds = 24 * 3_600_000;

export interface ProjectAttentionOptions {
  projectId: ProjectId;
  projectPath: string;
  store: AttentionStore;
  ports: AttentionPorts;
  log: Log;
  now: () => number;
}

/** A page in which runs can be looked at. */
interface Viewer {
  runId: RunId | null;
  lookId: number | null;
  inSight: ReadonlySet<RunId>;
}

/**
 * What needs the person in one project, in their order, what they have put off, what they look at and what they are told.
 * It lives while somebody listens; only snoozes and looks are kept.
 */
export class ProjectAttention implements Disposable {
  readonly #options: ProjectAttentionOptions;
  readonly #owned = new DisposableStore();
  readonly #didChange = this.#owned.add(new Emitter<AttentionState>());
  readonly #didNotify = this.#owned.add(new Emitter<NoticePush>());
  readonly #plan = new NoticePlan();
  readonly #viewers = new Map<string, Viewer>();
  readonly #looks = new SerialQueue();
  readonly #startedAt: number;
  #checks: ReadonlyMap<RunId, RunChecks> = new Map();
  #pairs: readonly RadarPair[] = [];
  #train: Train | null = null;
  #state: AttentionState = { items: [], snoozed: [] };
  #stateText = '';
  #isPausing = false;
  #isAgain = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ProjectAttentionOptions) {
    this.#options = options;
    this.#startedAt = options.now();
    const { ports, projectId } = options;
    this.#owned.add(
      ports.runs.onDidChange((change) => {
        if (change.projectId === projectId) this.#changed();
      }),
    );
    this.#owned.add(
      ports.checks(projectId, (push) => {
        this.#checks = applyChecks(this.#checks, push);
        this.#changed();
      }),
    );
    this.#owned.add(
      ports.radar(projectId, ({ pairs }) => {
        this.#pairs = pairs;
        this.#changed();
      }),
    );
    this.#owned.add(
      ports.train(projectId, (train) => {
        this.#train = train;
        this.#changed();
      }),
    );
    this.#owned.add(toDisposable(() => clearTimeout(this.#timer)));
    this.#workOut();
  }

  get state(): AttentionState {
    return this.#state;
  }

  onDidChange(listener: (state: AttentionState) => void): Disposable {
    listener(this.#state);
    return this.#didChange.event(listener);
  }

  /** Until it is disposed, the page counts as one in which runs can be looked at. */
  listen(viewer: string, listener: (push: NoticePush) => void): Disposable {
    this.#viewers.set(viewer, { runId: null, lookId: null, inSight: new Set() });
    const subscription = this.#didNotify.event(listener);
    listener({ kind: 'listening' });
    return toDisposable(() => {
      subscription.dispose();
      this.#leave(viewer);
    });
  }

  /** False: the run needs nothing. */
  snooze(runId: RunId, milliseconds: number | null): boolean {
    const item = [...this.#state.items, ...this.#state.snoozed].find((each) => each.runId === runId);
    if (!item) return false;
    const until = milliseconds === null ? null : this.#options.now() + milliseconds;
    this.#options.store.snooze({ runId, key: item.key, until });
    this.#workOut();
    return true;
  }

  wake(runId: RunId): void {
    this.#options.store.wake(runId);
    this.#workOut();
  }

  /** See the contract. */
  async look(viewer: string, runId: RunId | null, inSight: readonly RunId[]): Promise<SinceLooked | null> {
    const entry = this.#viewers.get(viewer);
    if (!entry) return null;
    entry.inSight = new Set(runId === null ? inSight : [...inSight, runId]);
    this.#tell();
    const before = entry.runId;
    if (before === runId) return null;
    entry.runId = runId;
    return this.#looks.run('', async () => {
      await this.#endLook(entry, before);
      return runId === null ? null : this.#beginLook(entry, runId);
    });
  }

  /** Waits until what the person left is written down. */
  async end(): Promise<void> {
    for (const viewer of Array.from(this.#viewers.keys())) this.#leave(viewer);
    await this.#looks.run('', () => Promise.resolve());
    this.dispose();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #leave(viewer: string): void {
    const entry = this.#viewers.get(viewer);
    if (!entry) return;
    this.#viewers.delete(viewer);
    const { runId } = entry;
    entry.runId = null;
    void this.#looks.run('', () => this.#endLook(entry, runId));
  }

  /** Never fails: that somebody looked is not worth an error. */
  async #endLook(entry: Viewer, runId: RunId | null): Promise<void> {
    const { lookId } = entry;
    entry.lookId = null;
    const run = runId === null ? null : this.#options.ports.runs.find(runId);
    if (lookId === null || !run) return;
    try {
      this.#options.store.endLook(lookId, await this.#lookAt(run));
    } catch (error) {
      this.#options.log.warn('what was looked at could not be written down', { run: runId, error: String(error) });
    }
  }

  async #beginLook(entry: Viewer, runId: RunId): Promise<SinceLooked | null> {
    const { ports, store, log } = this.#options;
    const run = ports.runs.find(runId);
    if (!run) return null;
    try {
      const before = store.lastLook(runId);
      const look = await this.#lookAt(run);
      const since = before === null ? null : await this.#since(run, before, look.head);
      if (entry.runId === runId) entry.lookId = store.beginLook(runId, look);
      return since;
    } catch (error) {
      log.warn('what has happened since the last look could not be told', { run: runId, error: String(error) });
      return null;
    }
  }

  async #lookAt(run: Run): Promise<Look> {
    const { ports, projectPath, now } = this.#options;
    // Before Git is asked: what happens meanwhile has not been seen.
    const endedAt = now();
    // A branch that the run never came to have is somebody else's.
    const branches = run.baseCommit === null ? [] : [`refs/heads/${run.branch}`];
    const [head = null] = await resolveCommits(ports.git, projectPath, branches);
    return { endedAt, head, uncommitted: run.changes?.uncommitted ?? 0 };
  }

  async #since(run: Run, look: Look, tip: string | null): Promise<SinceLooked | null> {
    const { ports, projectPath, store } = this.#options;
    const place = { projectPath, base: run.base };
    const news =
      look.head === null || tip === null ? null : await readBranchNews(ports.git, place, { since: look.head, tip });
    const titles = new Map(this.#checks.get(run.id)?.checks.map(({ id, title }) => [id, title]));
    return sinceLooked({
      run,
      look,
      events: store.eventsSince(run.id, look.endedAt),
      news,
      titleOf: (check) => titles.get(check) ?? check,
    });
  }

  /** At once, and once more after a pause when more has come. */
  #changed(): void {
    if (this.#owned.isDisposed) return;
    if (this.#isPausing) {
      this.#isAgain = true;
      return;
    }
    this.#isPausing = true;
    this.#workOut();
    setTimeout(() => {
      this.#isPausing = false;
      if (!this.#isAgain) return;
      this.#isAgain = false;
      this.#changed();
    }, pauseMilliseconds).unref();
  }

  #workOut(): void {
    if (this.#owned.isDisposed) return;
    const { ports, projectId, store, now } = this.#options;
    const runs = ports.runs.all(projectId);
    const facts = { runs, checks: this.#checks, pairs: this.#pairs, inTrain: inTrain(this.#train) };
    this.#state = withSnoozes(orderItems(collectItems(facts), runs), store.snoozes(), now());
    const text = JSON.stringify(this.#state);
    if (text !== this.#stateText) {
      this.#stateText = text;
      this.#didChange.fire(this.#state);
    }
    this.#tell();
  }

  /** Tells what is due, and comes back when more will be, or when something that was put off is. */
  #tell(): void {
    const { ports, store, now } = this.#options;
    const at = now();
    const hasBegun = at - this.#startedAt >= beginMilliseconds;
    const sight = new Set(Array.from(this.#viewers.values(), ({ inSight }) => [...inSight]).flat());
    const known = hasBegun ? sight : new Set(this.#state.items.map(({ runId }) => runId));
    this.#plan.update(this.#state.items, known, at);
    const { notifications, notificationSound, quietHours } = ports.manners();
    const manners = { isOff: !notifications, isQuiet: isQuiet(quietHours, new Date(at)) };
    const told = this.#plan.take(manners, at);
    if (told !== null) {
      const titleOf = (id: RunId): string => ports.runs.find(id)?.spec.title ?? 'A run';
      const runIds = told.map(({ runId }) => runId);
      const [first, ...others] = told;
      const replyTo = first?.reason === 'question' && others.length === 0 ? first.runId : null;
      const notice = { id: randomBytes(6).toString('hex'), ...noticeWords(told, titleOf), runIds, replyTo };
      this.#didNotify.fire({ kind: 'notice', notice: { ...notice, sound: notificationSound } });
    }
    const due = this.#plan.dueAt();
    const next = [
      due === null || !manners.isQuiet ? due : at + quietTickMilliseconds,
      nextWake(store.snoozes().values(), at),
    ].filter((time) => time !== null);
    clearTimeout(this.#timer);
    if (next.length === 0) return;
    const wait = Math.min(Math.max(Math.min(...next) - at, pauseMilliseconds), longestMilliseconds);
    this.#timer = setTimeout(() => {
      this.#workOut();
    }, wait);
    this.#timer.unref();
  }
}

function applyChecks(checks: ReadonlyMap<RunId, RunChecks>, push: CheckFeed): ReadonlyMap<RunId, RunChecks> {
  if (push.kind === 'all') return new Map(push.runs.map((run) => [run.runId, run]));
  const next = new Map(checks);
  if (push.kind === 'changed') next.set(push.run.runId, push.run);
  else next.delete(push.runId);
  return next;
}

function inTrain(train: Train | null): ReadonlySet<RunId> {
  if (train?.state !== 'running') return new Set();
  const cars = train.cars.filter(({ state }) => state === 'waiting' || state === 'under-way');
  return new Set(cars.map(({ runId }) => runId));
}
