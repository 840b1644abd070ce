import { randomBytes } from 'node:crypto';

import type { Log } from '#main/base/log.ts';
import type { Git } from '#main/services/git/git.ts';
import { refRecords } from '#main/services/git/parse.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import { checkoutState } from '#main/services/git/worktree-checkout.ts';
import type { Snapshot } from '#shared/contract/runs.ts';
import { fail, type Result } from '#shared/result.ts';

import { findLogOnlyCommits } from './log-only-commits.ts';
import { restoreSnapshot, type RestoreFailure, type Restored } from './restore.ts';
import { parseSnapshotMessage, snapshotMessage, type SnapshotFacts } from './snapshot-message.ts';
import { writeWorktreeTrees, type WorktreeTrees } from './uncommitted-work.ts';

/** Where the refs are. Git's own commands neither show nor push this namespace unless they are asked to. */
const namespace = 'refs/switchyard/snapshots/';

/** Its own name: a person who never told Git who they are can delete a run too. */
const identity = {
  GIT_AUTHOR_NAME: 'Switchyard',
  GIT_AUTHOR_EMAIL: 'switchyard@localhost',
  GIT_COMMITTER_NAME: 'Switchyard',
  GIT_COMMITTER_EMAIL: 'switchyard@localhost',
};

const records = refRecords({ ref: '%(refname)', message: '%(contents)' });

/**
 * Makes destructive steps undoable. A snapshot is one ref in the repository; its commit holds as parents everything that
 * must not be collected (the branch's tip, the worktree's HEAD, what was not committed) and says in its message what it is.
 *
 * Held: commits, also those that only the logs of the branch and of the worktree's HEAD still name; tracked and untracked
 * files, byte for byte, with their staged state; and ignored files that were copied into the worktree and changed there. Not held: other ignored files (builds, dependencies), and what is inside submodules and nested
 * repositories, whose objects are not in this repository; a removal is refused while there is such work.
 */
export class Snapshots {
  readonly #git: Git;
  readonly #log: Log;

  constructor(options: { git: Git; log: Log }) {
    this.#git = options.git;
    this.#log = options.log;
  }

  /**
   * Takes a run's branch and worktree. The worktree and its index are only read. Null when there is neither a branch
   * nor a worktree with anything in it. Throws `GitError` when the work could not be stored (no space, unreadable file).
   * Not to be called inside a turn of the write queue: it takes one.
   */
  async take(request: {
    projectPath: string;
    branch: string;
    worktreePath: string | null;
    reason: string;
    /** Commits that must not be collected either. */
    alsoKeep?: readonly string[];
  }): Promise<(Snapshot & { work: WorktreeTrees | null }) | null> {
    const { projectPath, branch, worktreePath, reason, alsoKeep = [] } = request;
    const [tip = null] = await resolveCommits(this.#git, projectPath, [`refs/heads/${branch}`]);
    const isThere = worktreePath !== null && (await checkoutState(this.#git, projectPath, worktreePath)) === 'present';
    const trees = isThere ? await writeWorktreeTrees(this.#git, worktreePath) : null;
    const dirtyCommit = trees === null ? null : await this.#storeUncommitted(projectPath, trees, reason);
    const head = trees?.work.head ?? null;
    const commit = tip ?? head ?? dirtyCommit ?? alsoKeep[0] ?? null;
    if (commit === null) return null;
    const logged = await findLogOnlyCommits(this.#git, {
      projectPath,
      worktreePath: isThere ? worktreePath : null,
      branch,
    });
    const snapshot = await this.#store(projectPath, [...alsoKeep, ...(trees?.work.autostashes ?? []), ...logged], {
      takenAt: Date.now(),
      reason,
      branch,
      commit,
      head,
      headBranch: trees?.work.headBranch ?? null,
      dirtyCommit,
      worktreePath: isThere ? worktreePath : null,
    });
    return { ...snapshot, work: trees };
  }

  /** Takes one ref, such as a base before it is moved. `ref` is a full name; throws `GitError` when there is none. */
  async takeRef(request: { projectPath: string; ref: string; reason: string }): Promise<Snapshot> {
    const { projectPath, ref, reason } = request;
    const { text } = await this.#git.read({
      name: `find ${ref}`,
      cwd: projectPath,
      args: ['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`],
    });
    return this.#store(projectPath, [], {
      takenAt: Date.now(),
      reason,
      branch: ref.replace(/^refs\/heads\//, ''),
      commit: text.trim(),
      head: null,
      headBranch: null,
      dirtyCommit: null,
      worktreePath: null,
    });
  }

  /** The newest first. */
  async list(projectPath: string): Promise<readonly Snapshot[]> {
    const found = await this.#read(projectPath, namespace);
    return found.map(({ ref, facts }) => asSnapshot(ref, facts)).toSorted((a, b) => b.takenAt - a.takenAt);
  }

  /** Null: there is no such snapshot. */
  async find(projectPath: string, ref: string): Promise<Snapshot | null> {
    const facts = await this.#find(projectPath, ref);
    return facts === null ? null : asSnapshot(ref, facts);
  }

  /**
   * Makes the branch again where it was, and its worktree with everything that was not committed in it, uncommitted as
   * before. A folder that is in the worktree's place now is left alone; the worktree then gets a name beside it.
   */
  async restore(projectPath: string, ref: string): Promise<Result<Restored, RestoreFailure>> {
    const facts = await this.#find(projectPath, ref);
    if (facts === null) return fail({ kind: 'snapshot-missing' });
    const restored = await restoreSnapshot({ git: this.#git, log: this.#log }, projectPath, facts);
    this.#log.info('restored a snapshot', { ref, ok: restored.ok });
    return restored;
  }

  async #find(projectPath: string, ref: string): Promise<SnapshotFacts | null> {
    if (!ref.startsWith(namespace)) return null;
    const found = await this.#read(projectPath, ref);
    return found.find((candidate) => candidate.ref === ref)?.facts ?? null;
  }

  async #read(projectPath: string, pattern: string): Promise<readonly { ref: string; facts: SnapshotFacts }[]> {
    const { text } = await this.#git.read({
      name: 'list the snapshots',
      cwd: projectPath,
      args: ['for-each-ref', `--format=${records.format}`, '--', pattern],
    });
    return records.parse(text).flatMap(({ ref, message }) => {
      const facts = parseSnapshotMessage(message);
      return facts === null ? [] : [{ ref, facts }];
    });
  }

  /** Like a stash: a commit of everything on top of HEAD, and beside it what was staged, where that is something else. */
  async #storeUncommitted(projectPath: string, trees: WorktreeTrees, reason: string): Promise<string | null> {
    const { head } = trees.work;
    const headTree = head === null ? null : await this.#treeOf(projectPath, head);
    const isStaged = trees.staged !== null && trees.staged !== headTree && trees.staged !== trees.everything;
    if (trees.everything === headTree && !isStaged) return null;
    if (head === null && trees.work.files.length === 0) return null;
    const base = head === null ? [] : [head];
    const staged =
      isStaged && trees.staged !== null
        ? [await this.#commit(projectPath, trees.staged, base, `Staged: ${reason}\n`)]
        : [];
    return this.#commit(projectPath, trees.everything, [...base, ...staged], `Not committed: ${reason}\n`);
  }

  async #store(projectPath: string, alsoKeep: readonly string[], facts: SnapshotFacts): Promise<Snapshot> {
    const parents = [facts.commit, facts.head, facts.dirtyCommit, ...alsoKeep].filter((parent) => parent !== null);
    const tree = await this.#treeOf(projectPath, facts.dirtyCommit ?? facts.commit);
    const commit = await this.#commit(projectPath, tree, [...new Set(parents)], snapshotMessage(facts));
    const time = new Date(facts.takenAt).toISOString().replace(/\D/g, '');
    const ref = `${namespace}${time}-${randomBytes(4).toString('hex')}`;
    const commonDir = await this.#git.commonDir(projectPath);
    await this.#git.write({
      name: 'keep the snapshot',
      cwd: projectPath,
      commonDir,
      args: ['update-ref', ref, commit, '0'.repeat(commit.length)],
    });
    this.#log.info('took a snapshot', { ref, reason: facts.reason });
    return asSnapshot(ref, facts);
  }

  async #treeOf(projectPath: string, commit: string): Promise<string> {
    const args = ['rev-parse', '--verify', `${commit}^{tree}`];
    return (await this.#git.read({ name: 'find a tree', cwd: projectPath, args })).text.trim();
  }

  async #commit(projectPath: string, tree: string, parents: readonly string[], message: string): Promise<string> {
    const { text } = await this.#git.direct({
      name: 'store a snapshot',
      cwd: projectPath,
      args: [
        '-c',
        'i18n.commitEncoding=UTF-8',
        'commit-tree',
        '--no-gpg-sign',
        '-F',
        '-',
        ...parents.flatMap((parent) => ['-p', parent]),
        tree,
      ],
      input: message,
      env: identity,
    });
    return text.trim();
  }
}

const asSnapshot = (ref: string, { takenAt, reason, branch, commit, dirtyCommit }: SnapshotFacts): Snapshot => ({
  ref,
  takenAt,
  reason,
  branch,
  commit,
  dirtyCommit,
});
