import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { CommentStore } from '#main/services/comments/comment-store.ts';
import { Comments } from '#main/services/comments/comments.ts';
import { Gh } from '#main/services/gh/gh.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { Store } from '#main/services/store/store.ts';
import type { Comment } from '#shared/contract/comments.ts';
import type { CheckState } from '#shared/contract/gates.ts';
import type { PullRequest, PullRequestPlan } from '#shared/contract/pull-requests.ts';
import { projectId, runId } from '#shared/ids.ts';

import { PullRequestStore } from './pull-request-store.ts';
import { PullRequests } from './pull-requests.ts';
import { checkRun, rollupOf, TestGh } from './test-gh.ts';

const id = runId.parse('run-one');
const project = projectId.parse('notes');
const branch = 'feature/search';
const app = 'export const app = 1;\n';

describe('pull requests', () => {
  let repository: TestRepository;
  let git: Git;
  let gh: TestGh;
  let store: Store;
  let comments: Comments;
  let pullRequests: PullRequests;
  let checks: readonly CheckState[];
  let bare: string;
  let worktree: string;
  let limit: number | undefined;
  /** By how much its clock is ahead, in milliseconds. */
  let later: number;

  beforeEach(async () => {
    repository = await TestRepository.create();
    bare = join(repository.root, 'remote.git');
    worktree = join(repository.root, 'worktree');
    await repository.git('init', '-q', '--bare', bare);
    await repository.git('remote', 'add', 'origin', 'https://github.com/acme/notes.git');
    // The person's own configuration stands in for the network.
    await writeFile(
      join(repository.root, 'home', '.gitconfig'),
      `[url "file://${bare}"]\n\tinsteadOf = https://github.com/acme/notes.git\n`,
    );
    await repository.git('push', '-q', 'origin', 'main');
    await repository.git('worktree', 'add', '-q', '-b', branch, worktree);
    await repository.write(join(worktree, 'src/search.ts'), 'export const search = 1;\nexport const find = search;\n');
    await repository.commit('Search', worktree);
    await mkdir(join(repository.root, 'bin'));
    gh = await TestGh.create(join(repository.root, 'bin', 'gh'), repository.root, {
      signedIn: ['github.com'],
      repositories: { 'acme/notes': { bare, permission: 'WRITE' } },
      pullRequests: [],
      threads: [],
      trouble: null,
    });
    git = new Git({ log: silentLog, env: repository.env });
    store = new Store({ path: join(repository.root, 'state.db'), log: silentLog });
    store.run(
      `INSERT INTO runs (id, spec_slug, spec_title, agent_id, agent_label, branch, base, worktree_path, created_at, stages, status)
       VALUES (?, 'search', 'Search', 'scribe', 'Scribe', ?, 'main', ?, 1, '[]', '{}')`,
      id,
      branch,
      worktree,
    );
    checks = [];
    limit = undefined;
    later = 0;
    begin();
  });

  afterEach(async () => {
    await pullRequests.end();
    comments.dispose();
    store.dispose();
    await repository.remove();
  });

  function begin(path = `${join(repository.root, 'bin')}:${process.env['PATH'] ?? ''}`): void {
    comments = new Comments({
      storeOf: () => new CommentStore(store),
      runs: {
        find: () => ({ branch, asks: false }),
        send: () => Promise.resolve('sent'),
        resume: () => Promise.resolve(null),
      },
      review: {
        sides: async (_id, file) => {
          const text = await readFile(join(worktree, file), 'utf8').catch(() => null);
          return { path: file, before: file === 'src/app.ts' ? app : null, after: text };
        },
        watch: (_id, listener) => {
          listener();
          return { dispose: () => undefined };
        },
      },
      log: silentLog,
    });
    pullRequests = new PullRequests({
      git,
      gh: new Gh(() => Promise.resolve({ ...repository.env, PATH: path }), process.platform, limit),
      runs: {
        find: (found) =>
          found === id
            ? {
                id,
                projectId: project,
                projectPath: repository.path,
                branch,
                base: 'main',
                worktreePath: worktree,
                spec: { slug: 'search', title: 'Search' },
                agentLabel: 'Scribe',
              }
            : null,
      },
      storeOf: () => new PullRequestStore(store),
      specOf: () => Promise.resolve({ title: 'Find notes', body: '\nWhy: nobody finds anything.\n' }),
      checksOf: () => Promise.resolve(checks),
      comments,
      log: silentLog,
      now: () => Date.now() + later,
    });
  }

  async function plan(): Promise<PullRequestPlan> {
    const planned = await pullRequests.plan({ id, remote: null, target: null });
    if (!planned.ok) throw new Error(JSON.stringify(planned.error));
    return planned.value;
  }

  const planFailure = async () => {
    const planned = await pullRequests.plan({ id, remote: null, target: null });
    return planned.ok ? null : planned.error;
  };

  async function open(change: { title?: string; isDraft?: boolean; base?: string; only?: 'push' } = {}) {
    const { remotes, remote, branchCommit, target, title, body, base } = await plan();
    const request = { title: change.title ?? title, body, base: change.base ?? base, isDraft: change.isDraft ?? false };
    return pullRequests.open({
      id,
      remote,
      address: remotes.find(({ name }) => name === remote)!.address,
      branchCommit,
      target,
      request: change.only === 'push' ? null : request,
    });
  }

  async function opened(change: Parameters<typeof open>[0] = {}): Promise<PullRequest> {
    const done = await open(change);
    if (!done.ok || done.value.pullRequest === null) throw new Error(JSON.stringify(done));
    return done.value.pullRequest;
  }

  const known = (): readonly PullRequest[] => {
    let seen: readonly PullRequest[] = [];
    pullRequests.onDidChange(project, (now) => (seen = now)).dispose();
    return seen;
  };

  const refreshed = async (): Promise<PullRequest> => {
    const looked = await pullRequests.refresh({ id });
    if (!looked.ok || looked.value === null) throw new Error(JSON.stringify(looked));
    return looked.value;
  };

  const onRemote = (name: string): Promise<string> =>
    repository.gitIn(bare, 'rev-parse', '--verify', `refs/heads/${name}`).catch(() => 'not there');

  async function taken(): Promise<readonly Comment[]> {
    let pushed: readonly Comment[] | null = null;
    const feed = comments.onDidChange({ id }, (now) => (pushed = now));
    await vi.waitFor(() => expect(pushed).not.toBeNull(), 20_000);
    feed.dispose();
    return pushed ?? [];
  }

  it('says what would be pushed where, and what is not, before anything is', async () => {
    await repository.write(join(worktree, 'half.md'), 'not yet\n');
    const before = await repository.refs();
    expect(await plan()).toMatchObject({
      remote: 'origin',
      remotes: [{ name: 'origin', address: 'https://github.com/acme/notes.git', obstacle: null }],
      rewrittenTo: `file://${bare}`,
      repository: 'github.com/acme/notes',
      target: 'github.com/acme/notes',
      branch,
      remoteCommit: null,
      isForward: true,
      base: 'main',
      hasBase: true,
      commits: { total: 1, listed: [{ subject: 'Search' }] },
      baseCommits: 0,
      uncommitted: { total: 1, listed: ['half.md'] },
      title: 'Find notes',
      existing: null,
    });
    expect(await repository.refs()).toBe(before);
    expect(await onRemote(branch)).toBe('not there');
  });

  it('names the commits of a local base that the remote has not got', async () => {
    await repository.write('more.md', 'more\n');
    await repository.commit('Not pushed');
    await repository.gitIn(worktree, 'merge', '-q', '--no-edit', 'main');
    expect(await plan()).toMatchObject({ commits: { total: 3 }, baseCommits: 1 });
  });

  it('writes the spec and only the evidence that holds for this very commit', async () => {
    const tree = await repository.git('rev-parse', `${branch}^{tree}`);
    const check = (title: string, change: Partial<CheckState>): CheckState => ({
      id: `acceptance:${title}`,
      kind: 'acceptance',
      title,
      otherSpec: null,
      command: null,
      question: null,
      state: 'passed',
      isStale: false,
      evidence: null,
      terminalId: null,
      obstacle: null,
      ...change,
    });
    const evidence = {
      id: 'e',
      outcome: 'passed' as const,
      exitCode: 0,
      reason: null,
      tree,
      command: 'npm test',
      startedAt: 1,
      endedAt: 2,
      treeMoved: false,
    };
    checks = [
      check('It finds', { command: 'test `x`', evidence }),
      check('Of @ann *old*', { command: 'npm test', evidence: { ...evidence, tree: 'f'.repeat(40) } }),
      check('Nobody knows', { state: 'unproven' }),
      check('Lint', { kind: 'gate', command: 'lint', evidence: { ...evidence, outcome: 'failed' }, state: 'failed' }),
    ];
    const { body } = await plan();
    expect(body).toBe(
      [
        'Why: nobody finds anything.',
        '',
        '### Acceptance',
        '',
        '- [x] It finds (`` test `x` ``): passed',
        '- [ ] Of @\u200bann \\*old\\* (`npm test`): passed on other files than these',
        '- [ ] Nobody knows: nothing proves it',
        '',
        '### Gates',
        '',
        '- [ ] Lint (`lint`): failed',
        '',
        'Written by Scribe in the run run-one.',
      ].join('\n'),
    );
  });

  it('pushes the branch and opens it, and changes nothing here', async () => {
    const before = await repository.refs();
    const made = await opened({ title: '--title=@file', isDraft: true });
    expect(made).toMatchObject({
      repository: 'acme/notes',
      number: 7,
      url: 'https://github.com/acme/notes/pull/7',
      state: 'draft',
      title: '--title=@file',
      checks: 'none',
      problem: null,
    });
    expect(await onRemote(branch)).toBe(await repository.git('rev-parse', branch));
    expect(await repository.refs()).toBe(before);
    expect(known()).toEqual([made]);
    const { pullRequests: onGithub } = await gh.github();
    expect(onGithub).toMatchObject([{ isDraft: true, baseRefName: 'main', headRefName: branch }]);
    expect(String(onGithub[0]?.['body'])).toContain('Why: nobody finds anything.');
  });

  it('only pushes when there is one, and tells of one that was opened elsewhere', async () => {
    await opened();
    await repository.write(join(worktree, 'late.md'), 'late\n');
    const late = await repository.commit('Late', worktree);
    expect(await plan()).toMatchObject({ existing: { number: 7 }, commits: { total: 1 } });
    expect(await open()).toMatchObject({ ok: false, error: { kind: 'exists', pullRequest: { number: 7 } } });
    expect(await onRemote(branch)).toBe(late);
    expect(await open({ only: 'push' })).toMatchObject({ ok: true, value: { pushed: false } });
    store.run('DELETE FROM pull_requests');
    expect(await refreshed()).toMatchObject({ number: 7 });
    expect(known()).toHaveLength(1);
  });

  it('never pushes by force', async () => {
    await opened();
    const pushed = await onRemote(branch);
    await repository.gitIn(worktree, 'commit', '-q', '--amend', '-m', 'Search, again');
    expect(await plan()).toMatchObject({ isForward: false });
    expect(await open({ only: 'push' })).toMatchObject({ ok: false, error: { kind: 'push-refused', why: 'behind' } });
    expect(await onRemote(branch)).toBe(pushed);
  });

  it('says what a hook of the remote said', async () => {
    await writeFile(join(bare, 'hooks', 'pre-receive'), '#!/bin/sh\necho "No pushes on Fridays" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const refused = await open();
    expect(refused).toMatchObject({ ok: false, error: { kind: 'push-refused', why: 'hook' } });
    expect(JSON.stringify(refused)).toContain('No pushes on Fridays');
    expect((await gh.github()).pullRequests).toEqual([]);
  });

  it('is refused by GitHub with the branch pushed, and says so', async () => {
    expect(await open({ base: 'nowhere' })).toMatchObject({ ok: false, error: { kind: 'refused' } });
    expect(await onRemote(branch)).toBe(await repository.git('rev-parse', branch));
    expect(await pullRequests.refresh({ id })).toEqual({ ok: true, value: null });
  });

  it('does not push what was not looked at', async () => {
    const { remotes, remote, branchCommit, target, title, body, base } = await plan();
    const input = { id, remote, address: remotes[0]!.address, branchCommit, target };
    const request = { title, body, base, isDraft: false };
    await repository.write(join(worktree, 'late.md'), 'late\n');
    const late = await repository.commit('Late', worktree);
    expect(await pullRequests.open({ ...input, request })).toMatchObject({ error: { kind: 'moved' } });
    await repository.git('remote', 'set-url', 'origin', 'https://github.com/evil/notes.git');
    expect(await pullRequests.open({ ...input, branchCommit: late, request })).toMatchObject({
      error: { kind: 'moved' },
    });
    expect(await onRemote(branch)).toBe('not there');
  });

  it('says what is missing: gh, a login, a remote, a remote on GitHub, the network, the permission', async () => {
    await gh.change((github) => ({ ...github, signedIn: [] }));
    expect(await planFailure()).toEqual({ kind: 'not-signed-in', host: 'github.com' });
    await gh.change((github) => ({ ...github, signedIn: ['github.com'], trouble: 'network' }));
    expect(await planFailure()).toMatchObject({ kind: 'network', message: /error connecting to api.github.com/u });
    await gh.change((github) => ({ ...github, trouble: 'no-scope' }));
    expect(await planFailure()).toMatchObject({ kind: 'gh-failed', message: /not accessible/u });
    await gh.change((github) => ({
      ...github,
      trouble: null,
      repositories: { 'acme/notes': { bare, permission: 'READ' } },
    }));
    expect(await planFailure()).toMatchObject({ kind: 'no-access', message: /not push to it/u });
    await gh.change((github) => ({ ...github, repositories: {} }));
    expect(await planFailure()).toMatchObject({ kind: 'no-access', repository: 'github.com/acme/notes' });
    await repository.git('remote', 'set-url', 'origin', bare);
    expect(await planFailure()).toMatchObject({
      kind: 'no-github-remote',
      remotes: [{ name: 'origin', repository: null }],
    });
    await repository.git('remote', 'remove', 'origin');
    expect(await planFailure()).toEqual({ kind: 'no-remote' });
    await repository.git('remote', 'add', 'origin', 'git@github.com:acme/notes.git');
    comments.dispose();
    begin(join(repository.root, 'nothing'));
    expect(await planFailure()).toEqual({ kind: 'gh-missing' });
    expect(known()).toEqual([]);
  });

  it('has an end where gh has none, and can be ended', async () => {
    await gh.change((github) => ({ ...github, trouble: 'hang' }));
    limit = 400;
    comments.dispose();
    begin();
    expect(await planFailure()).toMatchObject({ kind: 'timed-out' });
    limit = 60_000;
    comments.dispose();
    begin();
    // The first may have been ended before it could write down that it was asked.
    const before = (await gh.asked()).length;
    const looking = pullRequests.refresh({ id });
    await vi.waitFor(async () => expect((await gh.asked()).length).toBeGreaterThan(before), 60_000);
    expect(await pullRequests.refresh({ id })).toMatchObject({ error: { kind: 'under-way' } });
    await pullRequests.cancel({ id });
    expect(await looking).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
  });

  it('lets the configuration of the repository neither send the push elsewhere nor start anything', async () => {
    const fired = join(repository.root, 'fired');
    const stolen = join(repository.root, 'stolen.git');
    await repository.git('init', '-q', '--bare', stolen);
    const program = join(repository.root, 'evil.sh');
    await writeFile(program, `#!/bin/sh\necho "$0 $*" >> '${fired}'\nexec git-receive-pack "$@"\n`, { mode: 0o755 });
    const config: readonly (readonly [string, string])[] = [
      [`url.file://${stolen}.insteadOf`, 'https://github.com/acme/notes.git'],
      [`url.file://${stolen}.pushInsteadOf`, 'https://github.com/acme/notes.git'],
      ['remote.origin.receivepack', program],
      ['remote.origin.mirror', 'true'],
      ['remote.origin.push', '+refs/*:refs/*'],
      ['credential.helper', `!${program}`],
      ['core.sshCommand', program],
      ['core.hooksPath', join(repository.root, 'hooks')],
      ['core.fsmonitor', program],
      ['push.followTags', 'true'],
      ['remote.evil.url', `ext::${program} %S`],
      ['remote.--upload-pack=x.url', 'https://github.com/acme/notes.git'],
      ['remote.dash.url', `--receive-pack=${program}`],
    ];
    for (const [key, value] of config) await repository.git('config', key, value);
    await mkdir(join(repository.root, 'hooks'));
    await writeFile(join(repository.root, 'hooks', 'pre-push'), `#!/bin/sh\necho hook >> '${fired}'\n`, {
      mode: 0o755,
    });
    await repository.git('tag', '-a', '-m', 'secret', 'v1', branch);
    const { remotes } = await plan();
    expect(remotes.filter(({ obstacle }) => obstacle === null).map(({ name }) => name)).toEqual(['origin']);
    expect(remotes).toHaveLength(4);
    expect(await opened()).toMatchObject({ number: 7 });
    expect(await repository.gitIn(bare, 'for-each-ref', '--format=%(refname)')).toBe(
      `refs/heads/${branch}\nrefs/heads/main`,
    );
    expect(await repository.gitIn(stolen, 'for-each-ref')).toBe('');
    await expect(readFile(fired, 'utf8')).rejects.toThrow('ENOENT');
  });

  it('opens it in what was forked from, for the fork’s branch', async () => {
    const upstream = join(repository.root, 'upstream.git');
    await repository.git('clone', '-q', '--bare', bare, upstream);
    await writeFile(
      join(repository.root, 'home', '.gitconfig'),
      `[url "file://${bare}"]\n\tinsteadOf = https://github.com/ann/notes.git\n[url "file://${upstream}"]\n\tinsteadOf = https://github.com/acme/notes.git\n`,
    );
    await repository.git('remote', 'set-url', 'origin', 'https://github.com/ann/notes.git');
    await gh.change((github) => ({
      ...github,
      repositories: {
        'ann/notes': { bare, permission: 'ADMIN', parent: { owner: 'acme', name: 'notes' } },
        'acme/notes': { bare: upstream, permission: 'READ' },
      },
    }));
    expect(await plan()).toMatchObject({
      repository: 'github.com/ann/notes',
      targets: ['github.com/acme/notes', 'github.com/ann/notes'],
      target: 'github.com/acme/notes',
      hasBase: true,
    });
    expect(await opened()).toMatchObject({ repository: 'acme/notes', headOwner: 'ann' });
    expect(await onRemote(branch)).toBe(await repository.git('rev-parse', branch));
  });

  describe('on GitHub', () => {
    beforeEach(async () => {
      await opened();
    });

    it('shows its checks, what its reviewers decided, and how it ended', async () => {
      await gh.changePullRequest(7, {
        reviewDecision: 'CHANGES_REQUESTED',
        commits: rollupOf('FAILURE', [
          checkRun('lint', 'FAILURE'),
          checkRun('unit', 'SUCCESS'),
          checkRun('skipped', 'SKIPPED'),
          checkRun('slow', null),
          { __typename: 'StatusContext', context: 'deploy', state: 'PENDING' },
        ]),
      });
      expect(await refreshed()).toMatchObject({
        state: 'open',
        checks: 'failing',
        checkCounts: { passed: 2, failed: 1, pending: 2, failedNames: ['lint'] },
        review: 'changes-requested',
      });
      await gh.changePullRequest(7, {
        commits: rollupOf('PENDING', [checkRun('slow', null)]),
        reviewDecision: 'APPROVED',
      });
      expect(await refreshed()).toMatchObject({ checks: 'pending', review: 'approved' });
      await gh.changePullRequest(7, { commits: rollupOf('SUCCESS', [checkRun('unit', 'SUCCESS')]), state: 'MERGED' });
      const before = await repository.refs();
      expect(await refreshed()).toMatchObject({ checks: 'passing', state: 'merged' });
      expect(await repository.refs()).toBe(before);
    });

    it('keeps what it saw, with its age, when it cannot be looked at', async () => {
      const seen = known()[0]!;
      await gh.change((github) => ({ ...github, trouble: 'network' }));
      expect(await pullRequests.refresh({ id })).toMatchObject({ error: { kind: 'network' } });
      expect(known()).toEqual([{ ...seen, problem: 'GitHub could not be reached.' }]);
      await gh.change((github) => ({ ...github, trouble: null }));
      expect((await refreshed()).problem).toBeNull();
    });

    it('is asked for gently: only while it is open, and not again at once', async () => {
      const looked = async (): Promise<number> => {
        const done = await pullRequests.refreshOpen({ projectId: project, olderThanSeconds: 60 });
        return done.ok ? done.value.looked : -1;
      };
      expect(await looked()).toBe(0);
      later += 61_000;
      expect([await looked(), await looked()]).toEqual([1, 0]);
      await gh.changePullRequest(7, { state: 'CLOSED' });
      later += 61_000;
      expect(await looked()).toBe(1);
      later += 61_000;
      expect(await looked()).toBe(0);
    });

    const comment = (name: string, text: string, change: Readonly<Record<string, unknown>> = {}) => ({
      id: `PRRC_${name}`,
      databaseId: 100,
      body: text,
      createdAt: '2026-11-25T10:00:00Z',
      author: { login: 'bob' },
      originalCommit: { oid: 'a'.repeat(40) },
      pullRequestReview: { state: 'COMMENTED' },
      ...change,
    });
    const thread = (name: string, change: Readonly<Record<string, unknown>>) => ({
      id: `PRRT_${name}`,
      isResolved: false,
      path: 'src/search.ts',
      line: 2,
      originalLine: 2,
      diffSide: 'RIGHT',
      comments: { nodes: [comment(name, `About ${name}`)] },
      ...change,
    });

    it('brings its review comments to their lines, each once, with who said it', async () => {
      const first = await repository.git('rev-parse', branch);
      await gh.change((github) => ({
        ...github,
        threads: [
          thread('line', { comments: { nodes: [comment('line', 'Why twice?'), comment('reply', 'Agreed.')] } }),
          thread('removed', { path: 'src/app.ts', line: 1, diffSide: 'LEFT' }),
          thread('file', { line: null, originalLine: null }),
          thread('done', { isResolved: true, line: 1 }),
          thread('old', {
            line: null,
            originalLine: 2,
            comments: { nodes: [comment('old', 'Then', { originalCommit: { oid: first } })] },
          }),
          thread('mine', {
            comments: { nodes: [comment('mine', 'Not sent yet', { pullRequestReview: { state: 'PENDING' } })] },
          }),
        ],
      }));
      expect((await refreshed()).comments).toEqual({ taken: 6, omitted: 0 });
      await refreshed();
      const brief = (await taken()).map(
        ({ path, line, side, text, standing, origin }) =>
          `${path}:${String(line)} ${side} ${text} [${standing}] ${origin?.author ?? ''}`,
      );
      expect(brief.toSorted()).toEqual([
        'src/app.ts:1 before About removed [draft] bob',
        'src/search.ts:1 after About done [addressed] bob',
        'src/search.ts:2 after Agreed. [draft] bob',
        'src/search.ts:2 after Then [draft] bob',
        'src/search.ts:2 after Why twice? [draft] bob',
        'src/search.ts:null after About file [draft] bob',
      ]);
    });

    it('follows a comment’s line from the commit that was reviewed to what the run has now', async () => {
      await gh.change((github) => ({ ...github, threads: [thread('line', {})] }));
      await repository.write(
        join(worktree, 'src/search.ts'),
        '// first\n\nexport const search = 1;\nexport const find = search;\n',
      );
      await refreshed();
      expect(await taken()).toMatchObject([{ line: 4, quote: 'export const find = search;', isFound: true }]);
    });

    it('lets the person send a comment or leave it out, and not write it anew', async () => {
      await gh.change((github) => ({
        ...github,
        threads: [thread('one', {}), thread('two', { line: 1 })],
      }));
      await refreshed();
      const [two, one] = await taken();
      expect(await comments.edit({ id, comment: one!.id, text: 'x' })).toMatchObject({ error: { kind: 'not-yours' } });
      await comments.remove({ id, comment: two!.id });
      await refreshed();
      expect((await taken()).map((each) => each.text)).toEqual(['About one']);
      const message = await comments.message({ id });
      expect(message).toMatchObject({ ok: true, value: { drafts: 1, others: 1 } });
      expect(message.ok && message.value.text).toContain('1. src/search.ts, line 2, by bob on the pull request:');
      await comments.send({ id });
      await gh.change((github) => ({
        ...github,
        threads: [thread('one', { comments: { nodes: [comment('one', 'Changed')] } })],
      }));
      await refreshed();
      // What was sent stays as it was sent.
      expect(await taken()).toMatchObject([{ text: 'About one', standing: 'open' }]);
      await gh.change((github) => ({ ...github, threads: [thread('one', { isResolved: true })] }));
      await refreshed();
      expect(await taken()).toMatchObject([{ standing: 'addressed', isSettled: true }]);
    });

    it('takes hostile comments as text, bounded, and never for a path or a number of ours', async () => {
      const hostile = '<img src=x onerror=alert(1)>\u001b[2J';
      await gh.change((github) => ({
        ...github,
        threads: [
          thread('path', { path: '../../etc/passwd' }),
          thread('absolute', { path: '/etc/passwd' }),
          thread('huge', { comments: { nodes: [comment('huge', 'x'.repeat(50_000))] } }),
          thread('far', { line: 999_999 }),
          thread('markup', {
            line: 1,
            comments: { nodes: [comment('markup', hostile, { author: null, databaseId: null })] },
          }),
        ],
      }));
      await refreshed();
      const all = await taken();
      expect(all.map(({ path, line }) => `${path}:${String(line)}`)).toEqual([
        'src/search.ts:null',
        'src/search.ts:1',
        'src/search.ts:2',
      ]);
      expect(all[1]).toMatchObject({
        text: hostile,
        origin: { author: 'somebody who is gone', url: 'https://github.com/acme/notes/pull/7' },
      });
      expect(all[2]!.text.length).toBeLessThanOrEqual(10_000);
    });
  });
});
