import { join } from 'node:path';

import { silentLog } from '#main/base/log.ts';
import type { SideCheck } from '#main/services/conflicts/side-checks.ts';
import { EvidenceStore } from '#main/services/gates/evidence-store.ts';
import type { Git } from '#main/services/git/git.ts';
import { Merges } from '#main/services/merges/merges.ts';
import { mergeBatch } from '#main/services/radar/merge-batch.ts';
import { Snapshots } from '#main/services/snapshots/snapshots.ts';
import type { Store } from '#main/services/store/store.ts';
import type { Terminals } from '#main/services/terminals/terminals.ts';
import type { DecisionKind } from '#shared/contract/runs.ts';
import { projectId, type RunId } from '#shared/ids.ts';

import type { TrainProject } from './train-ports.ts';
import { Trains } from './trains.ts';

/** The project of all that is composed here. */
export const testProject = projectId.parse('league');

/** What a test composes trains of: a real repository, terminals and record, and what it says of runs and config. */
export interface TrainsWorld {
  git: Git;
  /** The main checkout. */
  projectPath: string;
  /** Holds the worktrees. */
  root: string;
  terminals: Terminals;
  store: Store;
  /** Where the outputs of checks are kept. */
  folder: string;
  run: (id: RunId) => { branch: string; decision: DecisionKind } | null;
  project: () => Pick<TrainProject, 'gates' | 'invariantCommands' | 'setup' | 'copy' | 'isTrusted'>;
  promises: (id: RunId) => readonly SideCheck[];
}

export function composeTrains(world: TrainsWorld): Trains {
  const { git, projectPath, root, terminals, store, folder, run: runOf } = world;
  const place = (id: RunId) => {
    const run = runOf(id);
    if (!run) return null;
    const { branch, decision } = run;
    const worktreePath = join(root, branch);
    const spec = { slug: branch, title: branch };
    return { id, projectPath, branch, base: 'main', worktreePath, spec, agentLabel: 'Scribe', decision };
  };
  const merges = new Merges({
    git,
    log: silentLog,
    runs: { find: place },
    projects: { pathOf: () => projectPath },
    snapshots: new Snapshots({ git, log: silentLog }),
    unproved: () => Promise.resolve([]),
  });
  return new Trains({
    promises: (id) => Promise.resolve(world.promises(id)),
    git,
    merges,
    mergeTrees: (cwd, questions) => mergeBatch(git, cwd, questions),
    terminals,
    projects: {
      find: () => ({
        id: testProject,
        path: projectPath,
        commonDir: join(projectPath, '.git'),
        worktreeFolder: join(root, 'worktrees'),
        shell: (command) => ({ command: '/bin/sh', args: ['-c', command] }),
        unreadable: [],
        needsTrust: true,
        ...world.project(),
      }),
    },
    runs: {
      find: (id) => {
        const run = runOf(id);
        return run ? { id, projectId: testProject, title: run.branch, base: 'main', ...run } : null;
      },
    },
    stores: () => ({ store, evidence: new EvidenceStore({ store, commonDir: folder }) }),
    log: silentLog,
  });
}
