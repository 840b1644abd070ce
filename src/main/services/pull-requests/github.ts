import { tmpdir } from 'node:os';

import { z } from 'zod';

import type { Gh } from '#main/services/gh/gh.ts';
import type { GithubFailure } from '#shared/contract/pull-requests.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { nameOf, type GithubRepository } from './github-address.ts';
import { isNetwork } from './push.ts';
import { pullRequestsOfBranch, repositoryQuery, threadsQuery } from './queries.ts';
import {
  branchAnswer,
  errorBody,
  repositoryAnswer,
  threadsAnswer,
  type SeenPullRequest,
  type SeenThread,
} from './answers.ts';

export type AskFailure = GithubFailure | { kind: 'cancelled' };

/** What GitHub says of a repository. */
export interface SeenRepository {
  /** As GitHub names it now: it may have been renamed. */
  repository: GithubRepository;
  parent: GithubRepository | null;
  canPush: boolean;
  isArchived: boolean;
}

type FoundThreads = NonNullable<
  NonNullable<z.output<typeof threadsAnswer>['repository']>['pullRequest']
>['reviewThreads'];

/** So many pages of review threads are read, of 50 each. */
const mostPages = 10;

/**
 * GitHub, through `gh api` alone: that asks Git nothing, so that it does not matter what a repository's configuration says; and
 * what comes back is GitHub's own data, whatever the version of `gh`.
 */
export class Github {
  readonly #gh: Pick<Gh, 'run'>;

  constructor(gh: Pick<Gh, 'run'>) {
    this.#gh = gh;
  }

  /** Whether `gh` is there and signed in to this host. Nothing is sent to a host that `gh` does not know. */
  async ready(host: string, signal?: AbortSignal): Promise<Result<void, AskFailure>> {
    const end = await this.#gh.run({ args: ['auth', 'status', '--hostname', host], cwd: tmpdir(), signal });
    if (end.kind === 'ended') {
      const isUnknown = /not logged in|not found among/iu.test(end.stderr);
      // Without a network it takes a login for one that does not hold any more; the next question tells the two apart.
      return end.exitCode !== 0 && isUnknown ? fail({ kind: 'not-signed-in', host }) : ok(undefined);
    }
    return fail(endFailure(end));
  }

  async repository(repository: GithubRepository, signal?: AbortSignal): Promise<Result<SeenRepository, AskFailure>> {
    const { host, owner, name } = repository;
    const told = await this.#query(repository, repositoryQuery, { owner, name }, repositoryAnswer, signal);
    if (!told.ok) return told;
    const found = told.value.repository;
    if (found === null) return fail({ kind: 'no-access', repository: nameOf(repository), message: '' });
    const canPush = ['WRITE', 'MAINTAIN', 'ADMIN'].includes(found.viewerPermission ?? '');
    return ok({
      repository: { host, owner: found.owner.login, name: found.name },
      parent: found.parent && { host, owner: found.parent.owner.login, name: found.parent.name },
      canPush,
      isArchived: found.isArchived,
    });
  }

  /** The pull requests of a branch, the newest first; those from other people's forks are left out. `owner`: whose branch. */
  async ofBranch(
    repository: GithubRepository,
    branch: { owner: string; name: string },
    signal?: AbortSignal,
  ): Promise<Result<readonly SeenPullRequest[], AskFailure>> {
    const { owner, name } = repository;
    const told = await this.#query(
      repository,
      pullRequestsOfBranch,
      { owner, name, branch: branch.name },
      branchAnswer,
      signal,
    );
    if (!told.ok) return told;
    if (told.value.repository === null) {
      return fail({ kind: 'no-access', repository: nameOf(repository), message: '' });
    }
    const isOurs = (each: SeenPullRequest): boolean =>
      each.headRepositoryOwner?.login.toLowerCase() === branch.owner.toLowerCase();
    return ok(told.value.repository.pullRequests.nodes.filter(isOurs));
  }

  /** The threads of review comments of a pull request. */
  async threads(
    repository: GithubRepository,
    number: number,
    signal?: AbortSignal,
  ): Promise<Result<readonly SeenThread[], AskFailure>> {
    const { owner, name } = repository;
    const threads: SeenThread[] = [];
    let after: string | null = null;
    for (let page = 0; page < mostPages; page++) {
      const told: Result<z.output<typeof threadsAnswer>, AskFailure> = await this.#query(
        repository,
        threadsQuery,
        { owner, name, number, ...(after === null ? {} : { after }) },
        threadsAnswer,
        signal,
      );
      if (!told.ok) return told;
      const found: FoundThreads | undefined = told.value.repository?.pullRequest?.reviewThreads;
      threads.push(...(found?.nodes ?? []));
      if (!found?.pageInfo.hasNextPage || found.pageInfo.endCursor === null) break;
      after = found.pageInfo.endCursor;
    }
    return ok(threads);
  }

  /** Opens one. `refused`: GitHub understood and did not do it, in its own words. */
  async open(
    target: GithubRepository,
    request: { title: string; body: string; head: string; base: string; isDraft: boolean },
    signal?: AbortSignal,
  ): Promise<Result<{ number: number }, AskFailure | { kind: 'refused'; message: string }>> {
    const { isDraft, ...rest } = request;
    const end = await this.#gh.run({
      args: [
        'api',
        '--hostname',
        target.host,
        '--method',
        'POST',
        '--input',
        '-',
        `repos/${target.owner}/${target.name}/pulls`,
      ],
      cwd: tmpdir(),
      input: JSON.stringify({ ...rest, draft: isDraft }),
      signal,
    });
    if (end.kind !== 'ended') return fail(endFailure(end));
    const body = jsonOf(end.stdout);
    if (end.exitCode === 0) {
      const made = z.object({ number: z.number().int().positive() }).safeParse(body);
      return made.success ? ok(made.data) : fail(unknownForm);
    }
    const { data } = errorBody.safeParse(body);
    if (data?.status === '422' || /HTTP 422/u.test(end.stderr)) {
      const words = [
        data?.message ?? '',
        ...(data?.errors ?? []).map((each) => each.message ?? `${each.field ?? ''} ${each.code ?? ''}`),
      ];
      return fail({
        kind: 'refused',
        message: words
          .map((each) => each.trim())
          .filter(Boolean)
          .join('. ')
          .slice(0, 1000),
      });
    }
    return fail(this.#failure(target, end));
  }

  async #query<T>(
    repository: GithubRepository,
    query: string,
    variables: Readonly<Record<string, string | number>>,
    schema: z.ZodType<T>,
    signal: AbortSignal | undefined,
  ): Promise<Result<T, AskFailure>> {
    const end = await this.#gh.run({
      // As a body, and not with -F, which would read a file for a value that begins with an @.
      args: ['api', '--hostname', repository.host, 'graphql', '--input', '-'],
      cwd: tmpdir(),
      input: JSON.stringify({ query, variables }),
      signal,
    });
    if (end.kind !== 'ended') return fail(endFailure(end));
    // It prints what it got also where that holds errors; a repository that may not be seen comes as null with one.
    const body = z.object({ data: z.unknown() }).safeParse(jsonOf(end.stdout));
    if (end.exitCode !== 0 && !/NOT_FOUND|Could not resolve to/u.test(`${end.stdout}${end.stderr}`)) {
      return fail(this.#failure(repository, end));
    }
    const read = schema.safeParse(body.data?.data);
    return read.success ? ok(read.data) : fail(end.exitCode === 0 ? unknownForm : this.#failure(repository, end));
  }

  #failure(
    repository: GithubRepository,
    { exitCode, stdout, stderr }: { exitCode: number; stdout: string; stderr: string },
  ): GithubFailure {
    const said = errorBody.safeParse(jsonOf(stdout)).data?.message;
    const message = (stderr === '' ? (said ?? `It ended with exit code ${String(exitCode)}.`) : stderr).slice(0, 600);
    // 4: `gh` has no login at all.
    if (exitCode === 4 || /HTTP 401/u.test(stderr)) return { kind: 'not-signed-in', host: repository.host };
    if (isNetwork(stderr)) return { kind: 'network', message };
    if (/HTTP 40[34]/u.test(stderr)) return { kind: 'no-access', repository: nameOf(repository), message };
    return { kind: 'gh-failed', message };
  }
}

const unknownForm: GithubFailure = {
  kind: 'gh-failed',
  message: 'GitHub answered in a form that is not known here.',
};

function endFailure(end: Exclude<Awaited<ReturnType<Gh['run']>>, { kind: 'ended' }>): AskFailure {
  switch (end.kind) {
    case 'missing':
      return { kind: 'gh-missing' };
    case 'timed-out':
      return { kind: 'timed-out', seconds: end.seconds };
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'failed':
      return { kind: 'gh-failed', message: end.message };
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
