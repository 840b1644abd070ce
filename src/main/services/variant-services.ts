import type { Log } from '#main/base/log.ts';
import type { ProjectId } from '#shared/ids.ts';

import type { Git } from './git/git.ts';
import type { Projects } from './projects/projects.ts';
import type { Radar } from './radar/radar.ts';
import { proposeBranch, whyNotBranch } from './runs/taken-run.ts';
import type { Runs } from './runs/runs.ts';
import type { Store } from './store/store.ts';
import { Variants } from './variants/variants.ts';
import { readHistory } from './variants/work-time.ts';
import { runProject } from './views-of-runs.ts';

interface VariantServiceParts {
  git: Git;
  log: Log;
  projects: Projects;
  runs: Runs;
  radar: Radar;
  /** The record of an open project. */
  storeOf: (id: ProjectId) => Store | null;
}

/** Builds what compares the runs of a spec. Called by `branch-services.ts` alone, of which this is a part. */
export function createVariants({ git, log, projects, runs, radar, storeOf }: VariantServiceParts): Variants {
  return new Variants({
    git,
    log,
    projects: {
      find: (id) => {
        const project = projects.find(id);
        return project ? { id, path: project.path } : null;
      },
    },
    runs: {
      all: (id) => runs.all(id),
      onDidChange: (listener) => runs.onDidChangeRun(({ projectId }) => listener(projectId)),
      proposeBranch: (id, slug) => {
        const project = projects.find(id);
        return project ? proposeBranch(slug, 'combined', runProject(project), runs.all(id)) : '';
      },
      whyNotBranch: (id, branch) => {
        const project = projects.find(id);
        return project ? whyNotBranch(branch, runProject(project), runs.all(id)) : null;
      },
      spawnTaken: (id, taken) => runs.spawnTaken(id, taken),
    },
    radar: {
      lookAt: (id, ids) => radar.lookAt(id, ids),
      tryMerges: (id, questions) => radar.tryMerges(id, questions),
      gitOf: (id) => radar.gitOf(id),
      commitOf: (id) => radar.commitOf(id),
      onDidChange: (id, listener) => radar.onDidChange(id, listener),
      onDidLook: (listener) => radar.onDidLook(listener),
    },
    history: (id, ids) => {
      const store = storeOf(id);
      return store ? readHistory(store, ids) : new Map();
    },
  });
}
