import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import { GitError } from '#main/services/git/git.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type {
  GithubFailure,
  OpenFailure,
  PullRequest,
  PullRequestPlan,
  PullRequestProgress,
  pullRequests as contract,
} from '#shared/contract/pull-requests.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { checksOf, reviewOf, stateOf, type SeenPullRequest } from './answers.ts';
import { nameOf, repositoryNamed, type GithubRepository } from './github-address.ts';
import { Github, type SeenRepository } from './github.ts';
import { proposeBody, proposeTitle } from './pull-request-text.ts';
import type { ProposedRun, PullRequestsOptions } from './pull-request-ports.ts';
import { askRemote, pushCommit, type Talk } from './push.ts';
import { withPushingPlace, type AskInPlace } from './pushing-place.ts';
import { readRemotes, type Remotes, type UsableRemote } from './read-remotes.ts';
import { reviewComments } from './review-comments.ts';
import { problemWords } from './problem-words.ts';
import { whatIsPushed } from './what-is-pushed.ts';

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;
type PlanFailure = Extract<Awaited<Answer<'plan'>>, { ok: false }>['error'];

interface Job {
  controller: AbortController;
  done: Promise<unknown>;
}

/**
 * Pull requests on GitHub for runs: opened by pushing the branch and asking GitHub through the person's `gh`, and followed from
 * then on. Nothing here is needed for the local way, and nothing here changes a run, its branch or its decision.
 */
export class PullRequests implements Api, Disposable {
  readonly #options: PullRequestsOptions;
  readonly #github: Github;
  readonly #now: () => number;
  readonly #jobs = new Map<RunId, Job>();
  readonly #progress = new Map<RunId, PullRequestProgress>();
  readonly #didProgress = new Emitter<RunId>();
  readonly #didChange = new Emitter<ProjectId>();
  /** When each was asked for last, whether that went well or not. */
  readonly #triedAt = new Map<RunId, number>();

  constructor(options: PullRequestsOptions) {
    this.#options = options;
    this.#github = new Github(options.gh);
    this.#now = options.now ?? Date.now;
  }

  onDidChange(id: ProjectId, listener: (pullRequests: readonly PullRequest[]) => void): Disposable {
    const tell = (): void => {
      listener(this.#known(id));
    };
    tell();
    return this.#didChange.event((changed) => {
      if (changed === id) tell();
    });
  }

  onDidProgress({ id }: { id: RunId }, listener: (progress: PullRequestProgress) => void): Disposable {
    const tell = (): void => {
      listener(this.#progress.get(id) ?? { kind: 'idle' });
    };
    tell();
    return this.#didProgress.event((changed) => {
      if (changed === id) tell();
    });
  }

  async plan(input: { id: RunId; remote: string | null; target: string | null }): Answer<'plan'> {
    const run = this.#options.runs.find(input.id);
    if (run === null) return fail({ kind: 'run-missing' });
    const signal = new AbortController().signal;
    return this.#withGit<PullRequestPlan, PlanFailure>(() =>
      withPushingPlace(this.#options.git, run.projectPath, (ask) => this.#plan(run, input, ask, signal)),
    );
  }

  open(input: Parameters<Api['open']>[0]): Answer<'open'> {
    return this.#exclusively<{ pullRequest: PullRequest | null; pushed: boolean }, OpenFailure>(
      input.id,
      (run, signal) =>
        withPushingPlace(this.#options.git, run.projectPath, (ask) => this.#open(run, input, ask, signal)),
    );
  }

  async cancel({ id }: { id: RunId }): Answer<'cancel'> {
    const job = this.#jobs.get(id);
    job?.controller.abort();
    await job?.done;
    return ok(undefined);
  }

  refresh({ id }: { id: RunId }): Answer<'refresh'> {
    return this.#exclusively(id, (run, signal) => this.#refresh(run, signal));
  }

  async refreshOpen(input: { projectId: ProjectId; olderThanSeconds: number }): Answer<'refreshOpen'> {
    const before = this.#now() - input.olderThanSeconds * 1000;
    let looked = 0;
    for (const { runId, state, seenAt } of this.#known(input.projectId)) {
      if (state !== 'open' && state !== 'draft') continue;
      if (seenAt > before || (this.#triedAt.get(runId) ?? 0) > before) continue;
      const answer = await this.refresh({ id: runId });
      looked++;
      // What is in the way of one is in the way of all.
      if (!answer.ok && ['gh-missing', 'not-signed-in', 'network', 'timed-out'].includes(answer.error.kind)) break;
    }
    return ok({ looked });
  }

  forget({ id }: { id: RunId }): Answer<'forget'> {
    const run = this.#options.runs.find(id);
    if (run === null) return Promise.resolve(fail({ kind: 'run-missing' }));
    this.#options.storeOf(run.projectId)?.forget(id);
    this.#didChange.fire(run.projectId);
    return Promise.resolve(ok(undefined));
  }

  /** Ends what is under way, and waits for it. */
  async end(): Promise<void> {
    for (const { controller } of this.#jobs.values()) controller.abort();
    await Promise.all(Array.from(this.#jobs.values(), ({ done }) => done));
    this.dispose();
  }

  dispose(): void {
    for (const { controller } of this.#jobs.values()) controller.abort();
    this.#didProgress.dispose();
    this.#didChange.dispose();
  }

  #known(id: ProjectId): readonly PullRequest[] {
    const { storeOf, runs } = this.#options;
    return (
      storeOf(id)
        ?.all()
        .filter(({ runId }) => runs.find(runId) !== null) ?? []
    );
  }

  /** One thing at a time for each run, that can be cancelled. */
  async #exclusively<T, E extends { kind: string }>(
    id: RunId,
    work: (run: ProposedRun, signal: AbortSignal) => Promise<Result<T, E>>,
  ): Promise<Result<T, E | { kind: 'run-missing' } | { kind: 'under-way' } | { kind: 'git-failed'; message: string }>> {
    const run = this.#options.runs.find(id);
    if (run === null) return fail({ kind: 'run-missing' });
    if (this.#jobs.has(id)) return fail({ kind: 'under-way' });
    const controller = new AbortController();
    const done = this.#withGit(() => work(run, controller.signal)).finally(() => {
      this.#jobs.delete(id);
      this.#setProgress(id, { kind: 'idle' });
    });
    this.#jobs.set(id, { controller, done: done.catch(() => undefined) });
    return done;
  }

  async #withGit<T, E extends { kind: string }>(
    work: () => Promise<Result<T, E>>,
  ): Promise<Result<T, E | { kind: 'git-failed'; message: string }>> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      this.#options.log.error('git failed under a pull request', error, { call: error.call, stderr: error.stderr });
      return fail({ kind: 'git-failed', message: `${error.message}.` });
    }
  }

  #setProgress(id: RunId, progress: PullRequestProgress): void {
    if (progress.kind === 'idle') this.#progress.delete(id);
    else this.#progress.set(id, progress);
    this.#didProgress.fire(id);
  }

  async #plan(
    run: ProposedRun,
    input: { remote: string | null; target: string | null },
    ask: AskInPlace,
    signal: AbortSignal,
  ): Promise<Result<PullRequestPlan, PlanFailure>> {
    const { git } = this.#options;
    const [branchCommit] = await resolveCommits(git, run.projectPath, [`refs/heads/${run.branch}`]);
    if (!branchCommit) return fail({ kind: 'branch-missing', branch: run.branch });
    const remotes = await this.#remotes(run, ask);
    if (!remotes.ok) return remotes;
    const { all, usable } = remotes.value;
    const remote = usable.find(({ name }) => name === input.remote) ?? usable[0];
    if (!remote) return fail({ kind: 'no-github-remote', remotes: all });
    const seen = await this.#pushable(remote, signal);
    if (!seen.ok) return seen;
    const { repository, parent } = seen.value;
    const targets = [...(parent === null ? [] : [parent]), repository];
    const target = targets.find((each) => nameOf(each) === input.target) ?? targets[0] ?? repository;
    const talk: Talk = { ask, remote, ghPath: await this.#options.gh.path(), signal };
    const isOwn = nameOf(target) === nameOf(repository);
    const upstream: UsableRemote = { ...remote, address: addressOf(target), isHttps: true, repository: target };
    const [there, onTarget, existing] = await Promise.all([
      askRemote(talk, isOwn ? [run.branch, run.base] : [run.branch]),
      isOwn ? null : askRemote({ ...talk, remote: upstream }, [run.base]),
      this.#github.ofBranch(target, { owner: repository.owner, name: run.branch }, signal),
    ]);
    if (!there.ok) return fail(asPlanFailure(there.error, nameOf(repository)));
    if (onTarget && !onTarget.ok) return fail(asPlanFailure(onTarget.error, nameOf(target)));
    if (!existing.ok) return existing;
    const remoteCommit = there.value.get(run.branch) ?? null;
    const remoteBase = (onTarget ?? there).value.get(run.base) ?? null;
    const pushed = await whatIsPushed(git, run, { branchCommit, remoteCommit, remoteBase });
    const open = existing.value.find(({ state }) => state === 'OPEN');
    const subject = await this.#subject(run, branchCommit);
    return ok({
      remotes: all,
      remote: remote.name,
      rewrittenTo: remote.rewrittenTo,
      repository: nameOf(repository),
      targets: targets.map(nameOf),
      target: nameOf(target),
      branch: run.branch,
      branchCommit,
      remoteCommit,
      base: run.base,
      hasBase: remoteBase !== null,
      ...pushed,
      title: proposeTitle(subject),
      body: proposeBody(subject),
      existing: open ? this.#toPullRequest(run.id, target, repository.owner, open) : null,
    });
  }

  async #open(
    run: ProposedRun,
    input: Parameters<Api['open']>[0],
    ask: AskInPlace,
    signal: AbortSignal,
  ): Promise<Result<{ pullRequest: PullRequest | null; pushed: boolean }, OpenFailure>> {
    this.#setProgress(run.id, { kind: 'working', step: 'looking' });
    const { git } = this.#options;
    const [branchCommit] = await resolveCommits(git, run.projectPath, [`refs/heads/${run.branch}`]);
    if (!branchCommit) return fail({ kind: 'branch-missing', branch: run.branch });
    if (branchCommit !== input.branchCommit) return fail({ kind: 'moved' });
    const remotes = await this.#remotes(run, ask);
    if (!remotes.ok) return remotes;
    const remote = remotes.value.usable.find(({ name }) => name === input.remote);
    if (remote?.address !== input.address) return fail({ kind: 'moved' });
    const seen = await this.#pushable(remote, signal);
    if (!seen.ok) return seen;
    const { repository, parent } = seen.value;
    const target = [repository, parent].find((each) => each !== null && nameOf(each) === input.target);
    if (!target) return fail({ kind: 'moved' });

    this.#setProgress(run.id, { kind: 'working', step: 'pushing' });
    const talk: Talk = { ask, remote, ghPath: await this.#options.gh.path(), signal };
    const pushed = await pushCommit(talk, { commit: branchCommit, branch: run.branch });
    if (!pushed.ok) return pushed;
    const { changed } = pushed.value;
    const look = { target, headOwner: repository.owner, number: null };
    if (input.request === null) {
      const refreshed = await this.#look(run, look, signal);
      return ok({ pullRequest: refreshed.ok ? refreshed.value : this.#find(run), pushed: changed });
    }

    this.#setProgress(run.id, { kind: 'working', step: 'opening' });
    const head = `${repository.owner}:${run.branch}`;
    const made = await this.#github.open(target, { ...input.request, head }, signal);
    if (!made.ok) {
      if (made.error.kind !== 'refused' || !/already exists/iu.test(made.error.message)) return made;
      const present = await this.#look(run, look, signal);
      if (present.ok && present.value) return fail({ kind: 'exists', pullRequest: present.value });
      return made;
    }
    const { number } = made.value;
    // It is there, whatever comes of the first look at it.
    const { title, base, isDraft } = input.request;
    this.#keep(run, {
      ...this.#place(run.id, target, repository.owner, number),
      title,
      base,
      state: isDraft ? 'draft' : 'open',
      headCommit: branchCommit,
      checks: 'none',
      checkCounts: { passed: 0, failed: 0, pending: 0, failedNames: [] },
      review: null,
      comments: { taken: 0, omitted: 0 },
      seenAt: this.#now(),
      problem: null,
    });
    await this.#look(run, { ...look, number }, signal);
    return ok({ pullRequest: this.#find(run), pushed: changed });
  }

  async #refresh(run: ProposedRun, signal: AbortSignal): Promise<Result<PullRequest | null, PlanFailure>> {
    this.#triedAt.set(run.id, this.#now());
    const known = this.#find(run);
    let at: { target: GithubRepository; headOwner: string; number: number | null } | null = null;
    const target = known && repositoryNamed(`${known.host}/${known.repository}`);
    if (known && target) at = { target, headOwner: known.headOwner, number: known.number };
    else {
      this.#setProgress(run.id, { kind: 'working', step: 'looking' });
      const found = await withPushingPlace(this.#options.git, run.projectPath, (ask) => this.#remotes(run, ask));
      if (!found.ok) return found;
      const [remote] = found.value.usable;
      if (!remote) return fail({ kind: 'no-github-remote', remotes: found.value.all });
      const ready = await this.#github.ready(remote.repository.host, signal);
      if (!ready.ok) return ready;
      const seen = await this.#github.repository(remote.repository, signal);
      if (!seen.ok) return seen;
      const { repository, parent } = seen.value;
      at = { target: parent ?? repository, headOwner: repository.owner, number: null };
    }
    const looked = await this.#look(run, at, signal);
    if (!looked.ok && known && looked.error.kind !== 'cancelled') {
      this.#keep(run, { ...known, problem: problemWords(looked.error) });
    }
    return looked;
  }

  /** Looks at a branch's pull request with its checks and comments, and keeps what it sees. Null: it has none. */
  async #look(
    run: ProposedRun,
    at: { target: GithubRepository; headOwner: string; number: number | null },
    signal: AbortSignal,
  ): Promise<Result<PullRequest | null, GithubFailure | { kind: 'cancelled' }>> {
    this.#setProgress(run.id, { kind: 'working', step: 'reading' });
    const { target, headOwner, number } = at;
    const ready = await this.#github.ready(target.host, signal);
    if (!ready.ok) return ready;
    const all = await this.#github.ofBranch(target, { owner: headOwner, name: run.branch }, signal);
    if (!all.ok) return all;
    const wanted = number === null ? null : all.value.find((each) => each.number === number);
    // A new one for the same branch, opened after the one that is known was closed, takes its place.
    const open = all.value.find(({ state }) => state === 'OPEN');
    const seen = (wanted?.state === 'OPEN' ? wanted : open) ?? wanted ?? all.value[0];
    if (!seen) return ok(null);
    const pullRequest = this.#toPullRequest(run.id, target, headOwner, seen);
    const threads = await this.#github.threads(target, seen.number, signal);
    if (!threads.ok) return threads;
    const received = await reviewComments(this.#options.git, run.projectPath, pullRequest, threads.value);
    const comments = await this.#options.comments.receive(run.id, received);
    return ok(this.#keep(run, { ...pullRequest, comments }));
  }

  async #remotes(
    run: ProposedRun,
    ask: AskInPlace,
  ): Promise<Result<Remotes, Extract<PlanFailure, { kind: 'no-remote' | 'no-github-remote' }>>> {
    const remotes = await readRemotes(this.#options.git, run.projectPath, ask);
    if (remotes.all.length === 0) return fail({ kind: 'no-remote' });
    if (remotes.usable.length === 0) return fail({ kind: 'no-github-remote', remotes: remotes.all });
    return ok(remotes);
  }

  /** The repository of a remote, when `gh` knows its host and the person may push there. */
  async #pushable(
    remote: UsableRemote,
    signal: AbortSignal,
  ): Promise<Result<SeenRepository, GithubFailure | { kind: 'cancelled' }>> {
    const ready = await this.#github.ready(remote.repository.host, signal);
    if (!ready.ok) return ready;
    const seen = await this.#github.repository(remote.repository, signal);
    if (!seen.ok) return seen;
    const repository = nameOf(seen.value.repository);
    if (seen.value.isArchived) {
      return fail({ kind: 'no-access', repository, message: 'It is archived: nothing can be pushed to it.' });
    }
    if (!seen.value.canPush) {
      const message = 'You may read it, but not push to it. Fork it, and add the fork as a remote.';
      return fail({ kind: 'no-access', repository, message });
    }
    return seen;
  }

  async #subject(run: ProposedRun, branchCommit: string) {
    const { git, specOf, checksOf: checksOfRun } = this.#options;
    const [spec, checks, tree] = await Promise.all([
      specOf(run.projectId, run.spec.slug),
      checksOfRun(run.id),
      git.read({
        name: 'find the tree of a commit',
        cwd: run.projectPath,
        args: ['rev-parse', '--verify', '--end-of-options', `${branchCommit}^{tree}`],
      }),
    ]);
    return {
      specTitle: spec?.title ?? run.spec.title,
      specBody: spec?.body ?? null,
      agentLabel: run.agentLabel,
      runId: run.id,
      checks,
      tree: tree.text.trim(),
    };
  }

  #place(runId: RunId, target: GithubRepository, headOwner: string, number: number) {
    const { host, owner, name } = target;
    const url = `https://${host}/${owner}/${name}/pull/${String(number)}`;
    return { runId, host, repository: `${owner}/${name}`, headOwner, number, url };
  }

  #toPullRequest(runId: RunId, target: GithubRepository, headOwner: string, seen: SeenPullRequest): PullRequest {
    return {
      ...this.#place(runId, target, headOwner, seen.number),
      title: seen.title.slice(0, 300),
      base: seen.baseRefName,
      state: stateOf(seen),
      headCommit: seen.headRefOid,
      ...checksOf(seen),
      review: reviewOf(seen),
      comments: { taken: 0, omitted: 0 },
      seenAt: this.#now(),
      problem: null,
    };
  }

  #find(run: ProposedRun): PullRequest | null {
    return this.#options.storeOf(run.projectId)?.find(run.id) ?? null;
  }

  #keep(run: ProposedRun, pullRequest: PullRequest): PullRequest {
    this.#options.storeOf(run.projectId)?.save(pullRequest);
    this.#didChange.fire(run.projectId);
    return pullRequest;
  }
}

const addressOf = ({ host, owner, name }: GithubRepository): string => `https://${host}/${owner}/${name}.git`;

/** A remote that may not be asked cannot be pushed to either. */
function asPlanFailure(
  failure: Extract<OpenFailure, { kind: 'network' | 'push-refused' | 'git-failed' | 'timed-out' | 'cancelled' }>,
  repository: string,
): PlanFailure {
  return failure.kind === 'push-refused' ? { kind: 'no-access', repository, message: failure.message } : failure;
}
