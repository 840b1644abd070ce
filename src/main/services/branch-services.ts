import { join } from 'node:path';

import { DisposableStore } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { WatchFolder } from '#main/base/watch-folder.ts';
import { specSlug, type ProjectId } from '#shared/ids.ts';
import { parseSpec } from '#shared/spec/spec-file.ts';

import { Attention } from './attention/attention.ts';
import { AttentionStore } from './attention/attention-store.ts';
import { EvidenceStore } from './gates/evidence-store.ts';
import { Gates } from './gates/gates.ts';
import type { UnreadableCheck } from './gates/unreadable-check.ts';
import type { Git } from './git/git.ts';
import type { ProjectWatches } from './git/project-watches.ts';
import { resolveBase } from './git/resolve.ts';
import { Invariants } from './invariants/invariants.ts';
import { ToldInvariants } from './invariants/told-invariants.ts';
import type { Merges } from './merges/merges.ts';
import { PairChecks } from './pairs/pair-checks.ts';
import type { Projects } from './projects/projects.ts';
import { mergeBatch } from './radar/merge-batch.ts';
import { Radar } from './radar/radar.ts';
import { SignalFinder } from './radar/signals/signal-finder.ts';
import { SymbolReader } from './radar/signals/symbol-reader.ts';
import type { Runs } from './runs/runs.ts';
import type { Settings } from './settings/settings.ts';
import type { Specs } from './specs/specs.ts';
import type { ProjectState } from './store/project-state.ts';
import type { Terminals } from './terminals/terminals.ts';
import type { PromisesOf } from './train/train-ports.ts';
import { Trains } from './train/trains.ts';
import { createVariants } from './variant-services.ts';
import type { Variants } from './variants/variants.ts';
import { checkedRun, invariantRun, isActive, radarRun, titleOf, trainProject } from './views-of-runs.ts';

/** What the judging of branches stands on. */
export interface BranchServicesParts {
  owned: DisposableStore;
  log: Log;
  git: Git;
  settings: Settings;
  watches: ProjectWatches;
  watchFolder: WatchFolder;
  terminals: Terminals;
  projects: Projects;
  /** The record of each open project, by its path. */
  states: ReadonlyMap<string, ProjectState>;
  specs: Specs;
  runs: Runs;
  merges: Merges;
  shell: (command: string) => { command: string; args: readonly string[] };
  /** What the specs promise whose work a run brings together. */
  promises: PromisesOf;
  /** The program of the thread that parses sources; default: the source. */
  symbolWorker: string | undefined;
}

export interface BranchServices {
  radar: Radar;
  gates: Gates;
  invariants: Invariants;
  pairs: PairChecks;
  trains: Trains;
  variants: Variants;
  attention: Attention;
  /** What has been proved in a project that is open. */
  evidenceOf: (id: ProjectId) => EvidenceStore | null;
  /** Lets what is under way come to its end. */
  end(): Promise<void>;
}

/** Builds what says how branches stand: beside each other, against the rules, on their way into the base, and to the person. */
export function branchServices(parts: BranchServicesParts): BranchServices {
  const { owned, log, git, settings, watches, watchFolder, terminals, projects, states, specs, runs, merges } = parts;
  const { shell, symbolWorker } = parts;
  const symbols = owned.add(
    new SymbolReader({
      workerPath: symbolWorker ?? join(import.meta.dirname, 'radar/signals/symbol-worker.ts'),
      log,
    }),
  );
  const radar = owned.add(
    new Radar({
      git,
      log,
      projects: {
        find: (id) => {
          const project = projects.find(id);
          return project ? { id, path: project.path, commonDir: project.commonDir } : null;
        },
      },
      runs: {
        active: (id) => runs.all(id).filter(isActive).map(radarRun),
        find: (id) => {
          const run = runs.find(id)?.run;
          const size = (run?.changes?.insertions ?? 0) + (run?.changes?.deletions ?? 0);
          return run ? { projectId: run.projectId, run: radarRun(run), size } : null;
        },
        onDidChange: (listener) => runs.onDidChangeRun(({ projectId }) => listener(projectId)),
      },
      specs: {
        after: async (id, slug) => {
          const file = await specs.read({ projectId: id, slug: specSlug.parse(slug) });
          return file.ok ? parseSpec(file.value.text).frontMatter.after : [];
        },
      },
      changed: (listener) => watches.onDidChange(listener),
      findSignals: () => {
        const finder = new SignalFinder({ symbols });
        return (ports, nodes, pairs) => finder.find(ports, nodes, pairs);
      },
    }),
  );

  const evidence = new Map<string, EvidenceStore>();
  const evidenceOf = (id: ProjectId): EvidenceStore | null => {
    const project = projects.find(id);
    const store = project && states.get(project.path)?.store;
    if (!project || !store) return null;
    const present = evidence.get(project.path) ?? new EvidenceStore({ store, commonDir: project.commonDir });
    evidence.set(project.path, present);
    return present;
  };
  const gates = owned.add(
    new Gates({
      projects: {
        find: (id) => {
          const project = projects.find(id);
          if (!project) return null;
          const { commonDir, config, isTrusted } = project;
          const { gates, unreadable, invariantCommands, tests } = config;
          return { id, commonDir, gates, unreadable, invariantCommands, tests, isTrusted };
        },
        onDidChange: (id, listener) => {
          const changes = new DisposableStore();
          changes.add(projects.onDidChange(id, listener));
          changes.add(specs.onDidChange(id, listener));
          return changes;
        },
      },
      runs: {
        find: (id) => checkedRun(runs.find(id)?.run),
        active: (id) =>
          runs
            .all(id)
            .filter(isActive)
            .flatMap((run) => checkedRun(run) ?? []),
        onDidChange: (listener) => runs.onDidChangeRun(({ projectId }) => listener(projectId)),
      },
      specs: {
        promises: async (id, slug) => {
          const file = await specs.read({ projectId: id, slug: specSlug.parse(slug) });
          if (!file.ok) return { title: slug, criteria: [], unreadable: [] };
          const { frontMatter, unreadAcceptance } = parseSpec(file.value.text);
          const title = frontMatter.title === '' ? slug : frontMatter.title;
          const unreadable = unreadAcceptance.map(({ line, message }): UnreadableCheck => ({
            kind: 'acceptance',
            title: 'A criterion that cannot be read',
            path: `specs/${slug}.md`,
            line,
            message,
          }));
          return { title, criteria: frontMatter.acceptance, unreadable };
        },
      },
      trees: {
        look: (id) => radar.presentTree(id),
        onDidLook: (listener) => radar.onDidLook(listener),
      },
      terminals,
      evidence: evidenceOf,
      shell,
      log,
    }),
  );

  const invariants = owned.add(
    new Invariants({
      projects: {
        find: (id) => {
          const project = projects.find(id);
          const store = project && states.get(project.path)?.store;
          return project && store ? { path: project.path, told: new ToldInvariants(store) } : null;
        },
      },
      runs: {
        find: (id) => invariantRun(runs, id),
        active: (id) =>
          runs
            .all(id)
            .filter(isActive)
            .flatMap((run) => invariantRun(runs, run.id) ?? []),
        onDidChange: (listener) => runs.onDidChangeRun(({ projectId }) => listener(projectId)),
        send: (input) => runs.send(input),
      },
      radar,
      footprints: (id, listener) =>
        specs.onDidChange(id, (list) => {
          listener(new Map(list.specs.map(({ slug, footprint }) => [slug, footprint])));
        }),
      watch: watchFolder,
      log,
    }),
  );

  const pairs = owned.add(
    new PairChecks({
      git,
      projects: {
        find: (id) => {
          const project = projects.find(id);
          return project ? { ...trainProject(project), shell } : null;
        },
      },
      sideOf: async (id) => {
        const found = await radar.commitOf(id);
        if (!found) return null;
        const { projectId, run, seen, commit } = found;
        return { projectId, title: run.title, base: run.base, seen, commit };
      },
      baseOf: async (id, base) => {
        const project = projects.find(id);
        return project ? resolveBase(git, project.path, base) : null;
      },
      onDidLook: (listener) => radar.onDidLook(listener),
      evidence: evidenceOf,
      terminals,
      log,
    }),
  );

  const trains = owned.add(
    new Trains({
      git,
      merges,
      mergeTrees: (cwd, questions) => mergeBatch(git, cwd, questions),
      terminals,
      projects: {
        find: (id) => {
          const project = projects.find(id);
          return project ? { ...trainProject(project), shell } : null;
        },
      },
      runs: {
        find: (id) => {
          const run = runs.find(id)?.run;
          if (!run) return null;
          const { projectId, branch, base, decision } = run;
          return { id, projectId, title: titleOf(run), branch, base, decision: decision.kind };
        },
      },
      promises: parts.promises,
      stores: (id) => {
        const project = projects.find(id);
        const store = project && states.get(project.path)?.store;
        const kept = evidenceOf(id);
        return store && kept ? { store, evidence: kept } : null;
      },
      log,
    }),
  );

  const storeOf = (id: ProjectId) => {
    const project = projects.find(id);
    return (project && states.get(project.path)?.store) ?? null;
  };
  const variants = owned.add(createVariants({ git, log, projects, runs, radar, storeOf }));

  // Read once for each change: reading them goes to the file.
  let manners = settings.values();
  owned.add(
    settings.onDidChangeSettings({}, (values) => {
      manners = values;
    }),
  );
  const attention = owned.add(
    new Attention({
      projects: {
        find: (id) => {
          const project = projects.find(id);
          const store = project && states.get(project.path)?.store;
          return store ? { path: project.path, store: new AttentionStore(store) } : null;
        },
      },
      runs: {
        all: (id) => runs.all(id),
        find: (id) => runs.find(id)?.run ?? null,
        onDidChange: (listener) => runs.onDidChangeRun(listener),
      },
      checks: (id, listener) => gates.onDidChange(id, listener),
      radar: (id, listener) => radar.onDidChange(id, listener),
      train: (id, listener) => trains.onDidChange(id, listener),
      git,
      manners: () => manners,
      log,
    }),
  );
  return {
    radar,
    gates,
    invariants,
    pairs,
    trains,
    variants,
    attention,
    evidenceOf,
    end: async () => {
      await attention.end();
      await trains.end();
      await pairs.end();
      await gates.end();
    },
  };
}
