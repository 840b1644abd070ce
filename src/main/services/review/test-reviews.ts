import { join } from 'node:path';

import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import type { ProjectChange } from '#main/services/git/project-watches.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import type { ReviewContent, ReviewFile, ReviewState } from '#shared/contract/review.ts';
import { runId, type RunId } from '#shared/ids.ts';

import type { GitPort, ReviewedRun } from './review-ports.ts';
import { Reviews } from './reviews.ts';

/** A repository with one run on `topic` in a worktree beside it, and the service on top of real Git. For tests. */
export class TestReviews {
  readonly repository: TestRepository;
  readonly git: Git;
  readonly id: RunId = runId.parse('run-1234');
  readonly worktree: string;
  readonly changed = new Emitter<ProjectChange>();
  readonly runChanged = new Emitter<RunId>();
  readonly viewed = new Map<string, string>();
  run: ReviewedRun | null;
  reviews: Reviews;

  private constructor(repository: TestRepository, baseCommit: string) {
    this.repository = repository;
    this.worktree = join(repository.root, 'topic');
    this.git = new Git({ log: silentLog, env: repository.env });
    this.run = {
      id: this.id,
      projectPath: repository.path,
      branch: 'topic',
      base: 'main',
      baseCommit,
      worktreePath: this.worktree,
    };
    this.reviews = this.reviewsOn(this.git);
  }

  /** `prepare` fills the main checkout before its first commit. */
  static async create(
    prepare: (repository: TestRepository) => Promise<unknown> = async () => {},
  ): Promise<TestReviews> {
    const repository = await TestRepository.createEmpty();
    await repository.write('app.ts', 'one\ntwo\nthree\n');
    await prepare(repository);
    const baseCommit = await repository.commit('Begin');
    const world = new TestReviews(repository, baseCommit);
    await repository.git('worktree', 'add', '-q', '-b', 'topic', world.worktree);
    return world;
  }

  reviewsOn(git: GitPort): Reviews {
    return new Reviews({
      git,
      log: silentLog,
      runs: { find: (id) => (id === this.id ? this.run : null), onDidChange: this.runChanged.event },
      viewed: {
        get: () => this.viewed,
        set: (_id, path, version) => {
          if (version === null) this.viewed.delete(path);
          else this.viewed.set(path, version);
        },
      },
      changed: this.changed.event,
      pace: { settle: 1, rest: 1 },
    });
  }

  write(path: string, content: string | Uint8Array): Promise<void> {
    return this.repository.write(join(this.worktree, path), content);
  }

  inWorktree(...args: string[]): Promise<string> {
    return this.repository.gitIn(this.worktree, ...args);
  }

  commit(message = 'Work'): Promise<string> {
    return this.repository.commit(message, this.worktree);
  }

  /** What somebody who opens the review now is shown first. */
  async look(): Promise<ReviewState> {
    let feed: Disposable | null = null;
    const state = await new Promise<ReviewState>((resolve) => {
      feed = this.reviews.onDidChange({ id: this.id }, resolve);
    });
    (feed as Disposable | null)?.dispose();
    return state;
  }

  /** The files of the review, without what differs from run to run. */
  async files(): Promise<readonly Omit<ReviewFile, 'version' | 'viewed'>[]> {
    const state = await this.look();
    if (state.kind !== 'review') throw new Error(state.reason);
    return state.review.files.map(({ version: _version, viewed: _viewed, ...file }) => file);
  }

  async content(path: string, showHuge = false): Promise<ReviewContent | { kind: 'not-in-review' }> {
    const content = await this.reviews.content({ id: this.id, path, showHuge });
    return content.ok ? content.value : content.error;
  }

  remove(): Promise<void> {
    this.reviews.dispose();
    return this.repository.remove();
  }
}
