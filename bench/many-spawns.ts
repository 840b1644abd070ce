import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Repository } from '#e2e/repository.ts';
import { specText } from '#e2e/spec-text.ts';
import { World } from '#e2e/world.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { Run } from '#shared/contract/runs.ts';
import { agentId, specSlug, type ProjectId, type RunId } from '#shared/ids.ts';

import { timed } from './measure.ts';
import type { Bench, Section } from './section.ts';
import { connectToHost } from './stage/host-client.ts';
import { valueOf } from './stage/switchyard-stage.ts';

const count = 32;
/** All of them are at work by then, or never. */
const patienceMilliseconds = 180_000;

/**
 * Runs that are all asked for in the same moment, in one repository, as the dialog asks for them: the host, its pty host, a
 * branch, a worktree, a terminal and an agent each. Configuration, refs and locks are shared by them.
 */
export const manySpawnsSection: Section = {
  name: 'many-spawns',
  about: '32 runs asked for at once, each with branch, worktree, terminal and agent, and how many of them fail',
  measure: async (bench) => {
    let failures = 0;
    let milliseconds = 0;
    const rounds = bench.rounds(1);
    for (let round = 0; round < rounds; round++) {
      const measured = await spawnAll(bench);
      failures += measured.failures;
      milliseconds += measured.milliseconds;
    }
    bench.say(
      `${String(count)} at once took ${String(Math.round(milliseconds / rounds))} ms until the last agent had done its work`,
    );
    bench.report({
      name: `runs: failures among ${String(count)} asked for at once`,
      value: failures,
      unit: '',
      baseline: null,
      goal: { atMost: 0 },
    });
  },
};

async function spawnAll(bench: Bench): Promise<{ failures: number; milliseconds: number }> {
  const world = await World.create();
  try {
    const repository = await world.repository('bench', 'clean');
    for (let file = 0; file < 200; file++) await repository.write(`src/f${String(file)}.txt`, `file ${String(file)}\n`);
    const slugs = Array.from({ length: count }, (_, index) => specSlug.parse(`piece-${String(index + 1)}`));
    for (const slug of slugs) {
      const files = { [`made/${slug}.txt`]: `made for ${slug}\n` };
      await repository.write(`specs/${slug}.md`, specText({ title: slug, files }));
    }
    await repository.commit('Say what is to be done');
    const client = await connectToHost(await world.host.start('--project', repository.path));
    const { api } = client;
    try {
      const project = valueOf(await api.projects.open({ path: repository.path }));
      valueOf(await api.host.updateSettings({ mostRunning: 0, mostToReview: 0 }));
      await scribeIsThere(api, project.id);
      const runs = new Map<RunId, Run>();
      let all: readonly Run[] = [];
      const milliseconds = await timed(async () => {
        const requests = slugs.map((slug) => ({
          slug,
          agentId: agentId.parse('scribe'),
          variants: 1,
          base: null,
          branch: null,
        }));
        const feed = follow(api, project.id, runs);
        valueOf(await api.runs.spawn({ projectId: project.id, requests }));
        all = await feed.whenAll();
      });
      const faults = await Promise.all(all.map((run) => faultOf(api, repository, run)));
      for (const fault of faults) if (fault !== null) bench.say(fault);
      return { failures: count - all.length + faults.filter((fault) => fault !== null).length, milliseconds };
    } finally {
      client.close();
    }
  } finally {
    await world.dispose();
  }
}

/** Resolves when the demo's agent can be spawned: agents are looked for when a project is opened. */
function scribeIsThere(api: HostApi, project: ProjectId): Promise<void> {
  return new Promise((resolve) => {
    const agents = api.agents.onDidChange(project, (list) => {
      if (!list.some(({ id, availability }) => id === 'scribe' && availability.kind === 'available')) return;
      agents.dispose();
      resolve();
    });
  });
}

/** Keeps the runs as they are told. `whenAll`: all that there are, when each has done its work or failed, or time is up. */
function follow(api: HostApi, project: ProjectId, runs: Map<RunId, Run>): { whenAll(): Promise<readonly Run[]> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const feed = api.runs.onDidChange(project, (change) => {
    if (change.kind === 'all') for (const run of change.runs) runs.set(run.id, run);
    else if (change.kind === 'changed') runs.set(change.run.id, change.run);
    if (runs.size === count && [...runs.values()].every((run) => hasFailed(run) || hasWorked(run))) resolve();
  });
  return {
    whenAll: async () => {
      const timer = setTimeout(resolve, patienceMilliseconds);
      await promise;
      clearTimeout(timer);
      feed.dispose();
      return [...runs.values()];
    },
  };
}

const hasFailed = (run: Run): boolean => run.status.kind === 'failed' || run.status.kind === 'exited';
const hasWorked = (run: Run): boolean => run.status.kind === 'idle' && run.changes?.commits === 1;

/** What of a run is not as it should be, in a sentence; null: it has all that a run has. */
async function faultOf(api: HostApi, repository: Repository, run: Run): Promise<string | null> {
  const { spec, branch, worktreePath, terminalId, status } = run;
  const fault = (what: string): string => `${spec.slug}: ${what}`;
  if (!hasWorked(run)) return fault(`its agent is ${status.kind} (${status.detail ?? 'no detail'})`);
  if (!existsSync(join(worktreePath, 'made', `${spec.slug}.txt`))) return fault('its file is not in its worktree');
  const commits = await repository.git('rev-list', '--count', `main..${branch}`).catch(() => 'no branch');
  if (commits !== '1') return fault(`its branch has ${commits} commits`);
  const worktrees = await repository.git('worktree', 'list', '--porcelain');
  if (!worktrees.includes(`worktree ${worktreePath}\n`)) return fault('Git knows of no worktree of it');
  if (terminalId === null) return fault('it has no terminal');
  const typed = await api.terminals.write({ id: terminalId, data: ' ' });
  return typed.ok ? null : fault(`nothing runs in its terminal (${typed.error.kind})`);
}
