import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';

import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { createDemo } from '#main/services/demo/demo.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import type { Settings } from '#main/services/settings/settings.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type {
  OpenFailure,
  PathCompletion,
  Project,
  projects,
  RecentProject,
  SetupFile,
} from '#shared/contract/projects.ts';
import { projectId, type ProjectId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { absolutePath } from './absolute-path.ts';
import { completePath } from './complete-path.ts';
import type { ProjectConfig } from './config.ts';
import type { FirstScreens } from './first-screens.ts';
import { inspectFolder, type FoundProject, type InspectPorts } from './inspect-folder.ts';
import { LiveProject } from './live-project.ts';
import { readConfig, readProject } from './read-project.ts';
import { planSetup, setUp } from './set-up.ts';
import { commitNothing, initialiseRepository } from './start-repository.ts';
import { fingerprintOf, trustOf } from './trust.ts';

/** A project that is open, as it was when last looked at. */
export interface OpenProject {
  id: ProjectId;
  path: string;
  name: string;
  commonDir: string;
  state: Project;
  config: ProjectConfig;
  /** Whether the commands of exactly this `config` may run. */
  isTrusted: boolean;
}

export interface ProjectsOptions {
  git: Pick<Git, 'read' | 'write' | 'writes' | 'direct' | 'commonDir' | 'gitDir' | 'version'>;
  log: Log;
  settings: Pick<Settings, 'recents' | 'rememberRecent' | 'forgetRecent' | 'trusted' | 'trust'>;
  /** Tells that the repository, or a file in its main checkout, has changed. */
  changed: (projectPath: string, listener: () => void) => Disposable;
  /** Takes the project for this host until what it returns is disposed; or says why that cannot be. */
  occupy?: (found: FoundProject) => Result<Disposable, OpenFailure>;
  /** Its contents are what "Set up this project" copies, path for path. */
  templateFolder: string;
  /** The sample app. */
  demoFolder: string;
  /** Where the demo goes; default: `switchyard-demo` in the home folder. */
  demoTarget?: string;
  homeFolder: string;
  /**
   * Who opens a project that is open already is answered with what was last seen of it, and it is looked at again when they have
   * been shown. Left out: it is looked at first.
   */
  firstScreens?: Pick<FirstScreens, 'wait'>;
  /** Folders that the machine may empty without asking; worktrees are not put there. */
  temporaryFolders: readonly string[];
  now?: () => number;
  access?: InspectPorts['access'];
}

/** Which repositories are open, what is known of them, and whether their commands may run. */
export class Projects implements DomainApi<typeof projects>, Disposable {
  readonly #options: ProjectsOptions;
  readonly #owned = new DisposableStore();
  readonly #opened = this.#owned.add(new Emitter<OpenProject>());
  readonly #live = new Map<ProjectId, LiveProject>();
  readonly #opening = new Map<ProjectId, Promise<Result<LiveProject, OpenFailure>>>();
  /** By the path that was asked for. */
  readonly #asked = new Map<string, Promise<Result<LiveProject, OpenFailure>>>();

  constructor(options: ProjectsOptions) {
    this.#options = options;
  }

  readonly onDidOpen = this.#opened.event;

  async open({ path }: { path: string }): Promise<Result<Project, OpenFailure>> {
    const { settings, firstScreens, now = Date.now } = this.#options;
    const opened = firstScreens ? await this.#openOnce(path) : await this.#openAnew(path);
    if (!opened.ok) return opened;
    const live = opened.value;
    settings.rememberRecent({ path: live.found.path, name: basename(live.found.path), openedAt: now() });
    return ok(live.last.project);
  }

  onDidChange(id: ProjectId, listener: (project: Project) => void): Disposable {
    const live = this.#requireLive(id);
    const subscription = live.onDidChange(listener);
    listener(live.last.project);
    return subscription;
  }

  async listRecent(): Promise<Result<readonly RecentProject[], never>> {
    const recents = this.#options.settings.recents().map(async (recent) => ({
      ...recent,
      exists: await isFolder(recent.path),
    }));
    return ok(await Promise.all(recents));
  }

  forgetRecent({ path }: { path: string }): Promise<Result<void, never>> {
    this.#options.settings.forgetRecent(path);
    return Promise.resolve(ok(undefined));
  }

  async completePath({ text }: { text: string }): Promise<Result<readonly PathCompletion[], never>> {
    return ok(await completePath(text, this.#options.homeFolder));
  }

  async initialise({ path }: { path: string }): Promise<Result<void, OpenFailure>> {
    const found = await this.#inspect(path);
    if (found.ok || found.error.kind === 'no-commits') return ok(undefined);
    if (found.error.kind !== 'not-a-repository') return found;
    return initialiseRepository(found.error.path, this.#options.git);
  }

  async createFirstCommit({ path }: { path: string }): Promise<Result<void, OpenFailure>> {
    const found = await this.#inspect(path);
    if (found.ok) return ok(undefined);
    if (found.error.kind !== 'no-commits') return found;
    return commitNothing(found.error.path, this.#options.git);
  }

  createDemo(): ReturnType<DomainApi<typeof projects>['createDemo']> {
    const { git, demoFolder, demoTarget, homeFolder } = this.#options;
    return createDemo({ git, demoFolder, target: demoTarget ?? absolutePath('~/switchyard-demo', homeFolder) });
  }

  async planSetup({ projectId: id }: { projectId: ProjectId }): Promise<Result<readonly SetupFile[], never>> {
    return ok(await planSetup(this.#options.templateFolder, this.#requireLive(id).found.path));
  }

  async setUp({ projectId: id }: { projectId: ProjectId }): ReturnType<DomainApi<typeof projects>['setUp']> {
    const live = this.#requireLive(id);
    const files = await planSetup(this.#options.templateFolder, live.found.path);
    const done = await setUp(files, live.found.path);
    await live.refresh();
    return done;
  }

  async trust({
    projectId: id,
    fingerprint,
  }: {
    projectId: ProjectId;
    fingerprint: string;
  }): Promise<Result<void, { kind: 'commands-changed' }>> {
    const live = this.#requireLive(id);
    // The file and not what was last seen of it: it may have changed while the person was reading.
    const config = await readConfig(live.found, this.#options);
    const isSame = fingerprintOf(config) === fingerprint;
    if (isSame) this.#options.settings.trust(live.found.path, fingerprint);
    await live.refresh();
    return isSame ? ok(undefined) : fail({ kind: 'commands-changed' });
  }

  /** Whether the commands that this config names may run in the project. A config without commands needs no trust. */
  isTrusted(id: ProjectId, config: ProjectConfig): boolean {
    const { path } = this.#requireLive(id).found;
    return trustOf(config, this.#options.settings.trusted(path)).kind !== 'asks';
  }

  /** The project as it was last seen; undefined when it is not open. */
  find(id: ProjectId): OpenProject | undefined {
    const live = this.#live.get(id);
    return live && this.#describe(id, live);
  }

  /** As `find`; throws when the project is not open, because then the page asks about what it was never shown. */
  require(id: ProjectId): OpenProject {
    return this.#describe(id, this.#requireLive(id));
  }

  openProjects(): readonly OpenProject[] {
    return [...this.#live].map(([id, live]) => this.#describe(id, live));
  }

  dispose(): void {
    this.#owned.dispose();
    this.#live.clear();
  }

  /** As it was last seen where it is open already: without a question to Git, which a person who comes back would wait for. */
  async #openOnce(path: string): Promise<Result<LiveProject, OpenFailure>> {
    const folder = await realpath(absolutePath(path, this.#options.homeFolder)).catch(() => null);
    const live = folder === null ? undefined : this.#live.get(idOf(folder));
    if (live && (await isFolder(live.found.commonDir))) {
      this.#lookLater(live);
      return ok(live);
    }
    const asked =
      this.#asked.get(path) ??
      this.#openAnew(path).finally(() => {
        this.#asked.delete(path);
      });
    this.#asked.set(path, asked);
    return asked;
  }

  async #openAnew(path: string): Promise<Result<LiveProject, OpenFailure>> {
    const found = await this.#inspect(path);
    if (!found.ok) return found;
    const id = idOf(found.value.path);
    const known = this.#live.get(id);
    if (!known) return this.#goLive(id, found.value);
    // Asked for anew: perhaps because what is shown looks old.
    await known.refresh();
    return ok(known);
  }

  /** What is shown may be old, or have changed between the first look and the watching. */
  #lookLater(live: LiveProject): void {
    void (this.#options.firstScreens?.wait() ?? Promise.resolve()).then(() => {
      if (this.#live.has(idOf(live.found.path))) void live.refresh();
    });
  }

  #inspect(path: string): Promise<Result<FoundProject, OpenFailure>> {
    const { git, access, homeFolder } = this.#options;
    return inspectFolder(absolutePath(path, homeFolder), { git, ...(access && { access }) });
  }

  /** Two windows that open the same project at once get the same one. */
  async #goLive(id: ProjectId, found: FoundProject): Promise<Result<LiveProject, OpenFailure>> {
    const opening =
      this.#opening.get(id) ??
      this.#makeLive(id, found).finally(() => {
        this.#opening.delete(id);
      });
    this.#opening.set(id, opening);
    try {
      return await opening;
    } catch (error) {
      if (error instanceof GitError) return fail({ kind: 'git-failed', message: error.message });
      throw error;
    }
  }

  async #makeLive(id: ProjectId, found: FoundProject): Promise<Result<LiveProject, OpenFailure>> {
    const { git, log, settings, changed, occupy } = this.#options;
    const read = () => readProject(id, found, { ...this.#options, git, trusted: (path) => settings.trusted(path) });
    const first = await read();
    const occupied = occupy?.(found);
    if (occupied && !occupied.ok) return occupied;
    const live = new LiveProject({ found, first, read, changed, log });
    try {
      this.#live.set(id, live);
      this.#opened.fire(this.#describe(id, live));
    } catch (error) {
      // Half open, it would be there for the next window, without its runs.
      this.#live.delete(id);
      live.dispose();
      occupied?.value.dispose();
      throw error;
    }
    if (occupied) this.#owned.add(occupied.value);
    this.#owned.add(live);
    this.#lookLater(live);
    return ok(live);
  }

  #requireLive(id: ProjectId): LiveProject {
    const live = this.#live.get(id);
    if (!live) throw new Error(`project ${id} is not open`);
    return live;
  }

  #describe(id: ProjectId, live: LiveProject): OpenProject {
    const { project, config } = live.last;
    const { path, commonDir } = live.found;
    return { id, path, name: project.name, commonDir, state: project, config, isTrusted: this.isTrusted(id, config) };
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );

/** Short enough for an address, long enough that no two of a person's folders share one. */
const idOf = (canonicalPath: string): ProjectId =>
  projectId.parse(createHash('sha256').update(canonicalPath).digest('hex').slice(0, 16));
