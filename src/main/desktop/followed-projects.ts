import { toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { ProjectId } from '#shared/ids.ts';

import type { AtWork } from './at-work.ts';

/** A project as the shell tells of it, with or without a window. */
export interface FollowedProject {
  id: ProjectId;
  /** Canonical. */
  path: string;
  name: string;
}

export interface FollowedProjectsOptions {
  atWork: Pick<AtWork, 'isUnderWay' | 'onDidChange'>;
  /** Whether a window shows the project with this path, or is about to. */
  hasWindow: (path: string) => boolean;
  /** Tells the person of a project, until what it returns is disposed. */
  tell: (project: FollowedProject) => Disposable;
}

/**
 * The projects that the person is told of: those that a window shows, and those in which runs are under way, whoever began
 * them and whatever became of their window.
 */
export class FollowedProjects implements Disposable {
  readonly #options: FollowedProjectsOptions;
  readonly #known = new Map<ProjectId, FollowedProject>();
  readonly #followed = new Map<ProjectId, Disposable>();
  readonly #subscription: Disposable;

  constructor(options: FollowedProjectsOptions) {
    this.#options = options;
    this.#subscription = options.atWork.onDidChange(() => {
      for (const project of this.#known.values()) this.#look(project);
    });
  }

  /** The host has opened it, for whomever: from now on it is followed as soon as runs are under way in it. */
  add(project: FollowedProject): void {
    this.#known.set(project.id, project);
  }

  /** A window shows it, until what this returns is disposed. */
  show(project: FollowedProject): Disposable {
    this.add(project);
    this.#follow(project);
    return toDisposable(() => {
      // What comes of them is to be told, also when the last one has ended: so nothing but another closing lets go of it.
      if (this.#options.atWork.isUnderWay(project.id)) return;
      this.#followed.get(project.id)?.dispose();
      this.#followed.delete(project.id);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const following of this.#followed.values()) following.dispose();
    this.#followed.clear();
  }

  #look(project: FollowedProject): void {
    if (this.#followed.has(project.id) || !this.#options.atWork.isUnderWay(project.id)) return;
    // To work out what needs the person takes time that the page of a window which is about to show it needs itself.
    if (!this.#options.hasWindow(project.path)) this.#follow(project);
  }

  #follow(project: FollowedProject): void {
    if (!this.#followed.has(project.id)) this.#followed.set(project.id, this.#options.tell(project));
  }
}
