import { join } from 'node:path';

import { Emitter } from '#main/base/lifecycle.ts';
import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { memoryBacking } from '#main/services/settings/memory-backing.ts';
import { Settings } from '#main/services/settings/settings.ts';
import type { OpenFailure, Project } from '#shared/contract/projects.ts';

import { Projects, type ProjectsOptions } from './projects.ts';

/** The service on a real repository, in a world of its own. For tests. */
export class TestProjects {
  readonly repository: TestRepository;
  readonly settings = new Settings({ backing: memoryBacking(), log: silentLog });
  /** Fired with a project's path: what the watcher would tell. */
  readonly somethingChanged = new Emitter<string>();
  projects: Projects;

  private constructor(repository: TestRepository) {
    this.repository = repository;
    this.projects = this.make();
  }

  static async create(): Promise<TestProjects> {
    return new TestProjects(await TestRepository.create());
  }

  git(env: NodeJS.ProcessEnv = {}): Git {
    return new Git({ log: silentLog, env: { ...this.repository.env, ...env } });
  }

  make(changes: Partial<ProjectsOptions> = {}): Projects {
    return new Projects({
      git: this.git(),
      log: silentLog,
      settings: this.settings,
      changed: (path, listener) => this.somethingChanged.event((where) => where === path && listener()),
      templateFolder: this.at('template'),
      demoFolder: this.at('demo'),
      homeFolder: this.at('home'),
      temporaryFolders: [],
      now: () => 1000,
      ...changes,
    });
  }

  /** The app quits and starts again. */
  restart(): void {
    this.projects.dispose();
    this.projects = this.make();
  }

  at(...parts: string[]): string {
    return join(this.repository.root, ...parts);
  }

  async open(path = this.repository.path): Promise<Project> {
    const opened = await this.projects.open({ path });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    return opened.value;
  }

  async failure(path: string, projects = this.projects): Promise<OpenFailure | 'opened'> {
    const opened = await projects.open({ path });
    return opened.ok ? 'opened' : opened.error;
  }

  async remove(): Promise<void> {
    this.projects.dispose();
    await this.repository.remove();
  }
}
