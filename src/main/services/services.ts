import { homedir, release, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import type { AppFolders } from '#main/base/folders.ts';
import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { Program } from '#main/base/programs.ts';
import { watchFolderWith } from '#main/base/watch-folder.ts';
import { childEnvironment } from '#main/ptyhost/child-environment.ts';
import type { HostInfo } from '#shared/contract/host.ts';
import type { HostApi } from '#shared/contract/index.ts';
import { errorMessage } from '#shared/error-message.ts';
import { fail, ok } from '#shared/result.ts';
import { bytesPerMegabyte } from '#shared/terminal/scrollback.ts';
import { windowsPtyOf } from '#shared/terminal/windows-pty.ts';

import { Agents } from './agents/agents.ts';
import { rulesPatterns } from './agents/rules-patterns.ts';
import { readLoginPath } from './agents/login-path.ts';
import { branchServices } from './branch-services.ts';
import { Faults } from './faults.ts';
import { Figures } from './figures/figures.ts';
import { RunFiles } from './files/run-files.ts';
import { endLeftoverChecks } from './gates/check-terminals.ts';
import { Gh } from './gh/gh.ts';
import { Git } from './git/git.ts';
import { ProjectWatches } from './git/project-watches.ts';
import { Machine } from './machine/machine.ts';
import { Merges } from './merges/merges.ts';
import { OpenIn } from './open-in/open-in.ts';
import { FirstScreens } from './projects/first-screens.ts';
import { Projects, type OpenProject } from './projects/projects.ts';
import { Prompts } from './prompts/prompts.ts';
import { MergeRecords } from './provenance/merge-records.ts';
import { recordMerges } from './provenance/record-merges.ts';
import { createReviewHelp } from './review-help.ts';
import { Reviews } from './review/reviews.ts';
import { noShell } from './no-shell.ts';
import { isSpecMerged } from './runs/merged-spec.ts';
import { PortBlocks } from './runs/port-blocks.ts';
import { ProjectRuns } from './runs/project-runs.ts';
import { runFacts } from './runs/run-facts.ts';
import { RunStore } from './runs/run-store.ts';
import { Runs } from './runs/runs.ts';
import { Settings, type SettingsBacking } from './settings/settings.ts';
import { Snapshots } from './snapshots/snapshots.ts';
import { GithubIssues } from './specs/github-issues.ts';
import { SpecImports } from './specs/spec-imports.ts';
import { Specs, specTemplatePath } from './specs/specs.ts';
import { openProjectState, type ProjectState } from './store/project-state.ts';
import { Terminals } from './terminals/terminals.ts';
import { hasProcess, mergePlace, placeLimits, runProject, titleOf } from './views-of-runs.ts';
import { Worktrees } from './worktrees/worktrees.ts';

export interface ServicesOptions {
  folders: AppFolders;
  log: Log;
  platform: NodeJS.Platform;
  settings: SettingsBacking;
  hostKind: 'desktop' | 'headless';
  version: string;
  startProject: string | null;
  /** How long what only fills in waits for a page to show its first screens, milliseconds. Default: it does not wait. */
  firstScreensPatience?: number;
  chooseFolder: ((title: string) => Promise<string | null>) | null;
  ptyHost: Program;
  scribe: Program;
  /** The program of the thread that regular expressions run in. Default: the source. */
  patternWorker?: string;
  /** The program of the thread that parses sources. Default: the source. */
  symbolWorker?: string;
  reporter: Program;
  /** Holds `specs-template/` and the demo's files. */
  resourcesFolder: string;
}

export interface Services {
  api: HostApi;
  faults: { report(path: string, error: unknown): void };
  /** Whoever serves pages says here that one is about to show a project. */
  firstScreens: Pick<FirstScreens, 'expect'>;
  /** A project was opened, for whomever: its runs can be asked for. */
  onDidOpenProject: (listener: (project: Pick<OpenProject, 'id' | 'path' | 'name'>) => void) => Disposable;
  /** In how many terminals something runs, of all projects, open or not. Rejects where the terminals' host cannot be asked. */
  runningTerminals: () => Promise<number>;
  /** No run begins by itself until this is disposed; the reason stands in the status of those that would. */
  holdQueue(reason: string): Disposable;
  /** Takes back what is half made, writes what is left to write, and lets go. Agents at work go on. */
  dispose(): Promise<void>;
}

/** Builds every service once and connects them: the one place that knows all of them. */
export function createServices(options: ServicesOptions): Promise<Services> {
  const { log, platform, folders, resourcesFolder } = options;
  const owned = new DisposableStore();
  const faults = owned.add(new Faults({ log }));
  const settings = owned.add(new Settings({ backing: options.settings, log }));
  const git = new Git({ log, platform });
  const firstScreens = owned.add(new FirstScreens(options.firstScreensPatience ?? 0));
  const whenShown = (): Promise<void> => firstScreens.wait();
  const watches = owned.add(new ProjectWatches({ log }));
  const snapshots = new Snapshots({ git, log });
  const worktrees = new Worktrees({ git, snapshots, log });
  const terminals = owned.add(
    new Terminals({
      log,
      stateFolder: folders.state,
      ptyHost: options.ptyHost,
      platform,
      allowedVariables: () => settings.values().environmentNames,
      ...(options.patternWorker === undefined ? {} : { patternWorker: options.patternWorker }),
    }),
  );
  owned.add(
    settings.onDidChangeSettings({}, ({ terminalScrollbackMegabytes }) => {
      terminals.setScrollback(terminalScrollbackMegabytes * bytesPerMegabyte);
    }),
  );
  const templateFolder = join(resourcesFolder, 'specs-template');
  const states = new Map<string, ProjectState>();
  const projects = owned.add(
    new Projects({
      git,
      log,
      settings,
      changed: (projectPath, listener) => watches.follow(projectPath, listener),
      occupy: ({ path, commonDir }) => {
        const opened = openProjectState({ projectPath: path, commonDir, log });
        if (opened.ok) states.set(path, opened.value);
        return opened;
      },
      ...(options.firstScreensPatience !== undefined && { firstScreens }),
      templateFolder,
      demoFolder: join(resourcesFolder, 'demo'),
      homeFolder: homedir(),
      temporaryFolders: platform === 'win32' ? [tmpdir()] : [tmpdir(), '/tmp', '/var/tmp'],
    }),
  );
  const watchFolder = watchFolderWith(log);
  const specs = owned.add(
    new Specs({ projects, template: join(templateFolder, specTemplatePath), watch: watchFolder, log }),
  );
  const prompts = owned.add(
    new Prompts({
      projects,
      specs,
      rulesOf: (projectId, agentId) =>
        rulesPatterns(agents.definitions(projectId).find(({ id }) => id === agentId)?.rules ?? []),
      ownFolder: folders.config,
      libraryFolder: join(templateFolder, '.switchyard/prompts'),
      watch: watchFolder,
      whenShown,
      log,
    }),
  );
  const agents = owned.add(
    new Agents({
      projects,
      scribe: withOwnNode(options.scribe),
      reporter: options.reporter,
      modes: settings,
      stateFolder: folders.state,
      platform,
      env: process.env,
      environment: (explicit) => childEnvironment(process.env, explicit, platform),
      ownVariables: () => childEnvironment(process.env, {}, platform, settings.values().environmentNames),
      whenShown,
      log,
    }),
  );
  const shell = (command: string): { command: string; args: readonly string[] } =>
    platform === 'win32'
      ? { command: process.env['ComSpec'] ?? 'cmd.exe', args: ['/d', '/s', '/c', command] }
      : { command: '/bin/sh', args: ['-c', command] };
  const machine: Machine = owned.add(
    new Machine({
      platform,
      terminals,
      running: (id) =>
        runs
          .all(id)
          .flatMap((run) =>
            run.terminalId !== null && hasProcess(run) ? [{ id: run.id, terminalId: run.terminalId }] : [],
          ),
      log,
    }),
  );
  const runs: Runs = owned.add(
    new Runs({
      projects: {
        find: (id) => {
          const project = projects.find(id);
          return project && runProject(project);
        },
      },
      specs,
      prompts,
      agents,
      terminals,
      worktrees,
      snapshots,
      ports: new PortBlocks({ folder: join(folders.state, 'ports'), log }),
      isSpecMerged: (place) => isSpecMerged(git, place),
      limits: placeLimits(settings, machine),
      log,
      shell,
    }),
  );
  const loginPath = once(async () => {
    const env = childEnvironment(process.env, {}, platform);
    const shell = platform === 'win32' ? undefined : process.env['SHELL'];
    const path = shell === undefined ? null : await readLoginPath({ shell, env });
    // What this process was started with counts too, behind what the person's shell says.
    return path === null ? env : { ...env, PATH: [path, env['PATH'] ?? ''].filter(Boolean).join(delimiter) };
  });
  const gh = new Gh(loginPath, platform);
  const openIn = new OpenIn({
    platform,
    folder: join(folders.state, 'workspaces'),
    environment: loginPath,
    run: (id) => {
      const run = runs.find(id)?.run;
      return run ? { worktreePath: run.worktreePath, branch: run.branch, title: titleOf(run) } : null;
    },
    log,
  });
  owned.add(
    runs.onDidChangeRun(({ event }) => {
      if (event.kind !== 'removed') return;
      openIn.forget(event.id).catch((error: unknown) => {
        log.error('a workspace file could not be removed', error, { run: event.id });
      });
    }),
  );
  const imports = new SpecImports({
    projects,
    specs,
    issues: new GithubIssues(gh),
    run: (id) => {
      const found = runs.find(id);
      return found && { projectId: found.run.projectId, worktreePath: found.run.worktreePath };
    },
  });
  const merges = owned.add(
    new Merges({
      git,
      runs: { find: (id) => mergePlace(runs, id) },
      projects: { pathOf: (id) => projects.find(id)?.path ?? null },
      snapshots,
      unproved: (id, made) => help.conflicts.unproved(id, made),
      log,
    }),
  );
  const reviews = owned.add(
    new Reviews({
      git,
      runs: {
        find: (id) => {
          const found = runs.find(id);
          return found ? { id, ...found.runs.place(found.run) } : null;
        },
        onDidChange: (listener) =>
          runs.onDidChangeRun(({ event }) => {
            if (event.kind === 'changed') listener(event.run.id);
            else if (event.kind === 'removed') listener(event.id);
          }),
      },
      viewed: {
        get: (id) => runs.find(id)?.runs.viewed(id) ?? new Map(),
        set: (id, path, version) => runs.find(id)?.runs.setViewed(id, path, version),
      },
      changed: (listener) => watches.onDidChange(listener),
      log,
    }),
  );
  const branches = branchServices({
    owned,
    log,
    git,
    settings,
    watches,
    watchFolder,
    terminals,
    projects,
    states,
    specs,
    runs,
    merges,
    shell,
    promises: (id) => help.conflicts.promises(id),
    symbolWorker: options.symbolWorker,
  });
  const help = owned.add(
    createReviewHelp({
      git,
      gh,
      gates: branches.gates,
      log,
      runs,
      reviews,
      projects,
      specs,
      snapshots,
      terminals,
      storeOf: (id) => {
        const project = projects.find(id);
        return (project && states.get(project.path)?.store) ?? null;
      },
      evidenceOf: branches.evidenceOf,
      shell,
    }),
  );
  owned.add(
    recordMerges({
      merges,
      runs,
      recordsOf: (projectPath) => {
        const store = states.get(projectPath)?.store;
        return store ? new MergeRecords(store) : null;
      },
      log,
    }),
  );
  const projectAt = (path: string): OpenProject | undefined =>
    projects.openProjects().find((project) => project.path === path);
  owned.add(
    watches.onDidChange(({ projectPath, worktreePath }) => {
      const project = projectAt(projectPath);
      if (project && worktreePath !== projectPath) runs.refresh(project.id, worktreePath);
    }),
  );
  owned.add(
    projects.onDidOpen((project) => {
      const store = states.get(project.path)?.store;
      if (!store) throw new Error(`${project.path} was opened without its record`);
      if (store.putAside !== null) {
        const kept = `The record of this project’s runs could not be read. It was kept as ${store.putAside}, and a new one was begun. Branches and worktrees are untouched.`;
        faults.report('Open the project', new Error(kept));
      }
      watches.add(project.path, project.commonDir);
      const projectRuns = new ProjectRuns({
        projectId: project.id,
        projectPath: project.path,
        store: new RunStore(store),
        facts: runFacts({ git, worktrees, mergesOf: (id) => new MergeRecords(store).of(id), whenShown }),
        log,
        onDidNotWrite: (error) => {
          const reason = errorMessage(error);
          const kept = `The record of this project’s runs cannot be written just now: ${reason}. Runs go on. What is not written is forgotten when Switchyard ends; it is tried again with every change.`;
          faults.report('Keep the record of the runs', new Error(kept));
        },
      });
      const watchWorktrees = (): void => {
        const present = projectRuns.all().filter((run) => run.presence.worktree);
        watches.setWorktrees(
          project.path,
          present.map((run) => run.worktreePath),
        );
      };
      owned.add(projectRuns.onDidChange(watchWorktrees));
      watchWorktrees();
      runs.adopt(projectRuns).catch((error: unknown) => {
        faults.report('Find the runs of the project', error);
      });
    }),
  );
  runs.start();
  machine.start();
  // What a Switchyard that was killed has left of its checks would go on writing into worktrees, for nobody.
  const leftovers = async (): Promise<void> => {
    if (await terminals.isHostThere()) await endLeftoverChecks(terminals);
  };
  leftovers().catch((error: unknown) => {
    log.warn('could not look for checks that were left running', { error: errorMessage(error) });
  });

  const info: HostInfo = {
    kind: options.hostKind,
    version: options.version,
    platform: platform === 'darwin' || platform === 'win32' ? platform : 'linux',
    homeFolder: homedir(),
    windowsPty: windowsPtyOf(platform, release()),
    startProject: options.startProject,
  };
  const api: HostApi = {
    host: {
      info: () => Promise.resolve(ok(info)),
      onDidChangeSettings: (key, listener) => settings.onDidChangeSettings(key, listener),
      updateSettings: (patch) => settings.updateSettings(patch),
      chooseFolder: async ({ title }) =>
        options.chooseFolder ? ok(await options.chooseFolder(title)) : fail({ kind: 'no-dialog' as const }),
      onDidFault: (_key, listener) => faults.onDidFault(listener),
      shown: () => Promise.resolve(ok(firstScreens.shown())),
    },
    projects,
    specs,
    imports,
    prompts,
    invariants: branches.invariants,
    agents,
    runs,
    terminals,
    review: reviews,
    merges,
    radar: branches.radar,
    pairs: branches.pairs,
    gates: branches.gates,
    files: new RunFiles({
      worktreeOf: (id) => runs.find(id)?.run.worktreePath ?? null,
      isChanged: (id, path) => reviews.holds(id, path),
    }),
    train: branches.trains,
    machine,
    openIn,
    attention: branches.attention,
    figures: new Figures({
      stores: (id) => {
        const project = projects.find(id);
        return (project && states.get(project.path)?.store) ?? null;
      },
    }),
    comments: help.comments,
    conflicts: help.conflicts,
    provenance: help.provenance,
    trash: help.trash,
    variants: branches.variants,
    shell: noShell,
    pullRequests: help.pullRequests,
  };
  return Promise.resolve({
    api,
    faults,
    firstScreens,
    onDidOpenProject: projects.onDidOpen,
    runningTerminals: async () => {
      if (!(await terminals.isHostThere())) return 0;
      // Asked first: it brings over what is known of other versions' hosts.
      const own = (await terminals.list()).filter(({ pid }) => pid !== null);
      return own.length + terminals.elsewhereIds().filter((id) => terminals.elsewhere(id)?.isRunning === true).length;
    },
    holdQueue: runs.holdQueue,
    dispose: async () => {
      // What ends meanwhile frees places, and nobody would be there for what began in them.
      runs.holdQueue('Waits until Switchyard is opened again.');
      await help.pullRequests.end();
      await branches.end();
      await runs.end();
      owned.dispose();
    },
  });
}

/** Asked for when it is needed, and then remembered. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => (answer ??= ask());
}

/** Scribe runs a spec's checks, and those of a Node project want the Node that runs Switchyard. */
function withOwnNode(scribe: Program): Program {
  const path = [dirname(scribe.execPath), process.env['PATH'] ?? ''].filter(Boolean).join(delimiter);
  return { ...scribe, env: { PATH: path, ...scribe.env } };
}
