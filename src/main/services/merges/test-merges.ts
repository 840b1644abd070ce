import { join } from 'node:path';

import { silentLog } from '#main/base/log.ts';
import { Git, type GitCall } from '#main/services/git/git.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { Snapshots } from '#main/services/snapshots/snapshots.ts';
import type { MergeMethod } from '#shared/contract/merges.ts';
import { projectId, runId, type ProjectId } from '#shared/ids.ts';

import type { GitPort, MergeableRun } from './merge-ports.ts';
import { Merges, type MergeEvent } from './merges.ts';

/** A repository with one run on `topic`, kept, and the service on top of real Git. For tests. */
export class TestMerges {
  readonly repository: TestRepository;
  readonly git: Git;
  readonly projectId: ProjectId;
  readonly events: MergeEvent[] = [];
  /** What both sides promise and has not passed. */
  unproved: readonly string[] = [];
  merges: Merges;
  run: MergeableRun;

  private constructor(repository: TestRepository) {
    this.repository = repository;
    this.git = new Git({ log: silentLog, env: repository.env });
    this.projectId = projectId.parse(repository.path);
    this.run = {
      id: runId.parse('run-1234'),
      projectPath: repository.path,
      branch: 'topic',
      base: 'main',
      worktreePath: join(repository.root, 'topic'),
      spec: { slug: 'match-history', title: 'Match history for players' },
      agentLabel: 'Scribe',
      decision: 'keep',
    };
    this.merges = this.mergesOn(this.git);
  }

  static async create(): Promise<TestMerges> {
    const repository = await TestRepository.createEmpty();
    await repository.write('app.ts', lines('one', 'two', 'three', 'four', 'five'));
    await repository.write('readme.md', 'read me\n');
    await repository.write('old.txt', 'to be deleted\n');
    await repository.write('.gitignore', '*.env\n');
    await repository.commit('Begin');
    return new TestMerges(repository);
  }

  /** The service on another Git, such as one that dies half way. */
  mergesOn(git: GitPort & Pick<Git, 'write'>): Merges {
    const merges = new Merges({
      git,
      log: silentLog,
      runs: { find: (id) => (id === this.run.id ? this.run : null) },
      projects: { pathOf: (id) => (id === this.projectId ? this.repository.path : null) },
      // Snapshots need no more of Git than the port has.
      snapshots: new Snapshots({ git: git as Git, log: silentLog }),
      unproved: () => Promise.resolve(this.unproved),
    });
    merges.onDidMerge((event) => this.events.push(event));
    return merges;
  }

  /** The service with something that happens right before each of Git's direct calls. */
  mergesBefore(meanwhile: (call: GitCall) => Promise<unknown>): Merges {
    const { git } = this;
    return this.mergesOn({
      read: (call) => git.read(call),
      direct: async (call) => {
        await meanwhile(call);
        return git.direct(call);
      },
      write: (call) => git.write(call),
      writes: (commonDir, task) => git.writes(commonDir, task),
      commonDir: (cwd) => git.commonDir(cwd),
      gitDir: (cwd) => git.gitDir(cwd),
      version: () => git.version(),
    });
  }

  /** Commits files to a branch that is checked out nowhere; null deletes one. A new branch starts at main. */
  async commitOn(branch: string, files: Readonly<Record<string, string | null>>, message = 'Work'): Promise<string> {
    const ref = `refs/heads/${branch}`;
    const [tip] = await resolveCommits(this.git, this.repository.path, [ref]);
    const changes = Object.entries(files).map(([file, text]) =>
      text === null ? `D ${file}\n` : `M 100644 inline ${file}\n${data(text)}`,
    );
    const committer = 'committer Ann Author <ann@example.com> 1700000000 +0000';
    const from = `from ${tip ?? 'refs/heads/main'}^0`;
    await this.git.direct({
      name: 'commit',
      cwd: this.repository.path,
      args: ['fast-import', '--quiet'],
      input: `commit ${ref}\n${committer}\n${data(message)}${from}\n${changes.join('')}\n`,
    });
    return this.repository.git('rev-parse', ref);
  }

  /** The run's worktree, made now. */
  async addWorktree(): Promise<string> {
    await this.repository.git('worktree', 'add', '-q', this.run.worktreePath, this.run.branch);
    return this.run.worktreePath;
  }

  async commitIn(path: string, files: Readonly<Record<string, string | null>>, message = 'Work'): Promise<string> {
    for (const [file, text] of Object.entries(files)) {
      if (text === null) await this.repository.gitIn(path, 'rm', '-q', '--', file);
      else await this.repository.write(join(path, file), text);
    }
    return this.repository.commit(message, path);
  }

  /** The merge as the person confirms it after having seen the preview. */
  async confirm(method: MergeMethod, message = ''): ReturnType<Merges['merge']> {
    const preview = await this.merges.preview({ id: this.run.id, method });
    if (!preview.ok) throw new Error(JSON.stringify(preview.error));
    const { baseCommit, branchCommit } = preview.value;
    return this.merges.merge({ id: this.run.id, method, baseCommit, branchCommit, message });
  }

  /** All that a merge must leave as it was: refs, HEADs, indexes and files, the ignored ones too. */
  async picture(): Promise<string> {
    const parts = [await this.repository.refs()];
    for (const path of [this.repository.path]) {
      parts.push(await this.repository.gitIn(path, 'rev-parse', '--symbolic-full-name', 'HEAD'));
      parts.push(await this.repository.gitIn(path, 'ls-files', '--stage'));
      parts.push(await this.repository.gitIn(path, 'status', '--porcelain', '--ignored', '--untracked-files=all'));
    }
    return parts.join('\n--\n');
  }

  remove(): Promise<void> {
    this.merges.dispose();
    return this.repository.remove();
  }
}

const data = (text: string): string => `data ${String(Buffer.byteLength(text))}\n${text}\n`;

export const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
