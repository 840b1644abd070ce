import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { GitError } from '#main/services/git/git.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import { temporaryCommit } from '#main/services/merges/commits.ts';
import type { Pace } from '#main/services/review/recomputer.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { CollidingFile, MergeOrder, radar as contract, RadarState } from '#shared/contract/radar.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { readConflictHunks } from './conflict-hunks.ts';
import type { MergeAnswer, MergeQuestion } from './merge-batch.ts';
import { planOrder, simulateOrder, type Car, type MergeOrderPorts } from './merge-order.ts';
import { presentCommit } from './present-commit.ts';
import { ProjectRadar, type LookedAt, type RadarNode, type FindSignals } from './project-radar.ts';
import type { ChangesPort, GitPort, ProjectsPort, RadarRun, RunsPort } from './radar-ports.ts';

export interface RadarOptions {
  git: GitPort;
  log: Log;
  projects: ProjectsPort;
  runs: RunsPort & {
    /** What the planner needs to know of a run besides; null when it is not there. */
    find(id: RunId): FoundRun | null;
  };
  specs: {
    /** The specs that a spec says it comes after. */
    after(projectId: ProjectId, slug: string): Promise<readonly string[]>;
  };
  changed: ChangesPort;
  /** What finds signals, made once for each project. */
  findSignals?: () => FindSignals;
  pace?: Pace;
}

interface FoundRun {
  projectId: ProjectId;
  run: RadarRun;
  /** Lines that its branch changes. */
  size: number;
}

type Failed = { kind: 'run-missing' } | { kind: 'git-failed'; message: string };

/** Files whose merged text is larger are not shown line by line. */
const largestShownBytes = 1_000_000;

/**
 * What the branches that are under way would collide in, before anybody merges them: each with its base and each with each
 * other, with what is not committed yet. Nothing of a worktree, an index or a ref is touched, and the repository does not grow.
 */
export class Radar implements DomainApi<typeof contract>, Disposable {
  readonly #options: RadarOptions;
  readonly #owned = new DisposableStore();
  readonly #projects = new Map<ProjectId, ProjectRadar>();
  readonly #didLook = this.#owned.add(new Emitter<LookedAt>());

  /** A run's worktree was looked at: this is the tree of everything in it. */
  readonly onDidLook = this.#didLook.event;

  constructor(options: RadarOptions) {
    this.#options = options;
    this.#owned.add(
      options.changed(({ projectPath, worktreePath }) => {
        for (const [id, radar] of this.#projects) {
          if (options.projects.find(id)?.path === projectPath) radar.changed(worktreePath);
        }
      }),
    );
    this.#owned.add(options.runs.onDidChange((id) => this.#projects.get(id)?.runsChanged()));
  }

  onDidChange(id: ProjectId, listener: (state: RadarState) => void): Disposable {
    const radar = this.#radarOf(id);
    if (radar) return radar.listen(listener);
    listener({ at: null, branches: [], pairs: [], unavailable: 'This project is not open.' });
    return { dispose: () => undefined };
  }

  async pair({ a, b }: { a: RunId; b: RunId | null }): Promise<Result<readonly CollidingFile[], Failed>> {
    const found = this.#options.runs.find(a);
    const other = b === null ? null : this.#options.runs.find(b);
    const radar = found && this.#radarOf(found.projectId);
    if (!found || !radar || (b !== null && other?.projectId !== found.projectId)) return fail({ kind: 'run-missing' });
    return this.#telling(async () => {
      const [one, two] = await radar.look(other ? [found.run, other.run] : [found.run]);
      const theirs = one?.commit;
      const ours = other ? two?.commit : one?.base;
      if (theirs === undefined || ours === undefined || ours === null) return fail({ kind: 'run-missing' });
      const sides = { ours: other ? other.run.title : found.run.base, theirs: found.run.title };
      const [answer] = await radar.merge([{ ours, theirs, sides }]);
      if (answer?.kind !== 'conflicts') return ok([]);
      const tree = await markedTree(radar.git, this.#cwd(found.projectId), ours, theirs);
      const files: CollidingFile[] = [];
      for (const conflict of answer.conflicts) {
        const text = await readText(radar.git, this.#cwd(found.projectId), tree, conflict.path);
        const hunks = text === null ? [] : readConflictHunks(text);
        files.push({ ...conflict, hunks: hunks.length > 0 ? hunks : null });
      }
      return ok(files);
    });
  }

  /** The tree of everything in a run's worktree, as it is now; null: it has no worktree. */
  async presentTree(id: RunId): Promise<{ tree: string; worktreePath: string } | null> {
    const found = this.#options.runs.find(id);
    const radar = found && this.#radarOf(found.projectId);
    if (!found || !radar) return null;
    radar.changed(found.run.worktreePath);
    const [node] = await radar.look([found.run]);
    return node?.worktreePath ? { tree: node.tree, worktreePath: node.worktreePath } : null;
  }

  /**
   * Runs of one project as they are, with what is not committed; those without a branch are left out. A worktree in which
   * nothing has changed since it was looked at is not looked at again while somebody listens to the radar.
   */
  async lookAt(id: ProjectId, ids: readonly RunId[]): Promise<readonly RadarNode[]> {
    const found = ids.flatMap((each) => this.#options.runs.find(each) ?? []);
    const radar = this.#radarOf(id);
    return radar ? radar.look(found.filter(({ projectId }) => projectId === id).map(({ run }) => run)) : [];
  }

  /** Merges pairs of commits of a project, of which nothing is kept; those that were merged before are not merged again. */
  async tryMerges(id: ProjectId, questions: readonly MergeQuestion[]): Promise<readonly MergeAnswer[]> {
    const radar = this.#radarOf(id);
    return radar ? radar.merge(questions) : questions.map(() => ({ kind: 'unrelated' }));
  }

  /**
   * A run as a commit of the repository itself, with what is not committed, for whoever has to check it out; with the commit
   * that the radar compares. Null: it is not there.
   */
  async commitOf(id: RunId): Promise<(FoundRun & { seen: string; commit: string; tree: string }) | null> {
    const found = this.#options.runs.find(id);
    const radar = found && this.#radarOf(found.projectId);
    if (!found || !radar) return null;
    radar.changed(found.run.worktreePath);
    const [node] = await radar.look([found.run]);
    if (!node) return null;
    const cwd = this.#cwd(found.projectId);
    const [tip] = await resolveCommits(this.#options.git, cwd, [`refs/heads/${found.run.branch}`]);
    if (!tip) return null;
    const { commit, tree } = await presentCommit(this.#options.git, cwd, node.worktreePath, tip);
    return { ...found, seen: node.commit, commit, tree };
  }

  /** Git that knows the objects of what is not committed, and where to call it; null: there is no such project. */
  gitOf(id: ProjectId): { git: GitPort; cwd: string } | null {
    const radar = this.#radarOf(id);
    return radar && { git: radar.git, cwd: this.#cwd(id) };
  }

  async order(input: {
    projectId: ProjectId;
    ids: readonly RunId[];
    order: 'proposed' | 'given';
  }): Promise<Result<MergeOrder, Failed>> {
    const radar = this.#radarOf(input.projectId);
    const found = input.ids.flatMap((id) => {
      const run = this.#options.runs.find(id);
      return run?.projectId === input.projectId ? [run] : [];
    });
    const base = found[0]?.run.base;
    if (!radar || base === undefined) return fail({ kind: 'run-missing' });
    const chosen = found.filter(({ run }) => run.base === base);
    return this.#telling(async () => {
      const nodes = await radar.look(chosen.map(({ run }) => run));
      const commit = nodes[0]?.base;
      if (commit === undefined || commit === null) return fail({ kind: 'run-missing' });
      const cars = await Promise.all(nodes.map((node) => this.#carOf(node, chosen)));
      const pairs = await this.#pairsOf(radar, nodes);
      const plan = input.order === 'given' ? simulateOrder : planOrder;
      const steps = await plan(this.#ports(radar, input.projectId), { name: base, commit }, cars, pairs);
      return ok({ base, steps, collisions: steps.filter(({ outcome }) => outcome.kind === 'conflicts').length });
    });
  }

  /** Lets go of a project that is closed. */
  async close(id: ProjectId): Promise<void> {
    const radar = this.#projects.get(id);
    this.#projects.delete(id);
    await radar?.end();
  }

  dispose(): void {
    for (const radar of this.#projects.values()) radar.dispose();
    this.#projects.clear();
    this.#owned.dispose();
  }

  #radarOf(id: ProjectId): ProjectRadar | null {
    const present = this.#projects.get(id);
    if (present) return present;
    const { git, log, projects, runs, findSignals, pace } = this.#options;
    const project = projects.find(id);
    if (project === null) return null;
    const radar = new ProjectRadar({
      git,
      log,
      project,
      runs: () => runs.active(id),
      findSignals: findSignals?.() ?? null,
      ...(pace ? { pace } : {}),
    });
    this.#projects.set(id, radar);
    this.#owned.add(radar.onDidLook((seen) => this.#didLook.fire(seen)));
    return radar;
  }

  async #carOf(node: RadarNode, all: readonly FoundRun[]): Promise<Car> {
    const found = all.find(({ run }) => run.id === node.run.id);
    const specs = found ? await this.#options.specs.after(found.projectId, node.run.spec) : [];
    const after = all.filter(({ run }) => specs.includes(run.spec)).map(({ run }) => run.id);
    return { id: node.run.id, title: node.run.title, commit: node.commit, after, size: found?.size ?? 0 };
  }

  #cwd(id: ProjectId): string {
    const project = this.#options.projects.find(id);
    if (project === null) throw new Error(`no project ${id}`);
    return project.path;
  }

  #ports(radar: ProjectRadar, id: ProjectId): MergeOrderPorts {
    return {
      merge: (questions) => radar.merge(questions),
      commit: (tree, parents) => temporaryMerge(radar.git, this.#cwd(id), tree, parents),
    };
  }

  async #pairsOf(radar: ProjectRadar, nodes: readonly RadarNode[]): Promise<RadarState['pairs']> {
    const pairs = nodes.flatMap((one, index) => nodes.slice(index + 1).map((other) => ({ one, other })));
    const answers = await radar.merge(
      pairs.map(({ one, other }) => ({
        ours: one.commit,
        theirs: other.commit,
        sides: { ours: one.run.title, theirs: other.run.title },
      })),
    );
    return pairs.map(({ one, other }, index) => {
      const answer = answers[index];
      return {
        a: one.run.id,
        b: other.run.id,
        areVariants: false,
        signals: [],
        outcome:
          answer?.kind === 'conflicts'
            ? { kind: 'conflicts', conflicts: answer.conflicts }
            : { kind: answer?.kind ?? 'unrelated' },
      };
    });
  }

  async #telling<T>(task: () => Promise<Result<T, Failed>>): Promise<Result<T, Failed>> {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      this.#options.log.error('git failed in the radar', error, { call: error.call });
      return fail({ kind: 'git-failed', message: error.message });
    }
  }
}

/**
 * The merge once more, with what both sides had before between the markers. `zdiff3`: without the lines at the ends of a place
 * that are the same on both sides.
 */
export async function markedTree(
  git: GitPort,
  cwd: string,
  ours: string,
  theirs: string,
  style: 'diff3' | 'zdiff3' = 'diff3',
): Promise<string> {
  const { text } = await git.read({
    name: 'merge two trees with markers',
    cwd,
    args: ['-c', `merge.conflictStyle=${style}`, 'merge-tree', '--write-tree', '--name-only', '-z', ours, theirs],
    okExitCodes: [0, 1],
  });
  return text.split('\0')[0] ?? '';
}

/** Null: there is no such file, it is binary, or too large. */
export async function readText(git: GitPort, cwd: string, tree: string, path: string): Promise<string | null> {
  try {
    const { stdout } = await git.read({
      name: 'read a merged file',
      cwd,
      args: ['cat-file', 'blob', '--end-of-options', `${tree}:${path}`],
      maxBytes: largestShownBytes,
    });
    return stdout.includes(0) ? null : stdout.toString('utf8');
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}

/** As `temporaryCommit`, with two parents. */
async function temporaryMerge(git: GitPort, cwd: string, tree: string, parents: readonly string[]): Promise<string> {
  const [first = '', ...others] = parents;
  if (others.length === 0) return temporaryCommit(git, cwd, { tree, parent: first });
  const nobody = 'Switchyard <switchyard@localhost> 0 +0000';
  const headers = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${nobody}`,
    `committer ${nobody}`,
  ];
  const { text } = await git.direct({
    name: 'write a temporary merge',
    cwd,
    args: ['hash-object', '-t', 'commit', '-w', '--stdin'],
    input: `${headers.join('\n')}\n\ntemporary\n`,
  });
  return text.trim();
}
