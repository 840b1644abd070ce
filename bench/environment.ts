import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { Snapshots } from '#main/services/snapshots/snapshots.ts';
import { seedDependencies } from '#main/services/worktrees/seed-dependencies.ts';
import { Worktrees } from '#main/services/worktrees/worktrees.ts';
import { projectFolder } from '#scripts/project-paths.ts';

import { take, timed } from './measure.ts';
import type { Section } from './section.ts';

const run = promisify(execFile);

/** What a run costs before its agent can begin: its files, and what its programs need to run. */
export const environmentSection: Section = {
  name: 'environment',
  about: 'the files of a new worktree, and its dependencies, against what Git and npm need for them',
  measure: async (bench) => {
    const folder = await mkdtemp(join(tmpdir(), 'switchyard-environment-'));
    try {
      const rounds = bench.rounds(5);
      bench.report(await take(await worktreeOfManyFiles(join(folder, 'many')), rounds));
      bench.report(await take(await seededDependencies(join(folder, 'seeded')), Math.min(rounds, 3)));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** 100 folders with 100 files of some kilobytes: as many as a large application has. */
async function worktreeOfManyFiles(folder: string) {
  const path = join(folder, 'project');
  await mkdir(path, { recursive: true });
  const git = async (...args: string[]): Promise<void> => {
    await run('git', ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', ...args], { cwd: path });
  };
  await git('init', '-q', '-b', 'main');
  for (let at = 0; at < 100; at++) {
    const group = join(path, `group-${String(at)}`);
    await mkdir(group);
    for (let file = 0; file < 100; file++) {
      const line = `export const value${String(file)} = ${String(at * file)};\n`;
      await writeFile(join(group, `file-${String(file)}.ts`), line.repeat(20 + ((at * 7 + file * 13) % 200)));
    }
  }
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Begin');
  const ours = new Git({ log: silentLog });
  const worktrees = new Worktrees({
    git: ours,
    snapshots: new Snapshots({ git: ours, log: silentLog }),
    log: silentLog,
  });
  let number = 0;
  // None is deleted between two rounds: ext4 makes files slowly for minutes after many were deleted.
  const next = (): string => `round-${String(number++)}`;
  return {
    name: 'worktree of 10,000 files, with its index made fit for use',
    baselineName: 'git worktree add',
    goal: { atMost: 0.8 },
    baseline: () => {
      const name = next();
      return timed(() => git('worktree', 'add', '-q', '-b', name, join(folder, name)));
    },
    run: () => {
      const branch = next();
      return timed(async () => {
        const made = await worktrees.create(
          { projectPath: path, branch, base: 'main', worktreePath: join(folder, branch), copy: [] },
          () => undefined,
          new AbortController().signal,
        );
        if (!made.ok) throw new Error(JSON.stringify(made.error));
      });
    },
  };
}

/** This project's own dependencies, as they are installed here. The packages come from npm's cache, not from the network. */
async function seededDependencies(folder: string) {
  let number = 0;
  const checkout = async (): Promise<string> => {
    const path = join(folder, `checkout-${String(number++)}`);
    await mkdir(path, { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) await cp(join(projectFolder, file), join(path, file));
    return path;
  };
  const install = async (path: string): Promise<void> => {
    const args = ['ci', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', args, { cwd: path, maxBuffer: 64 * 1024 * 1024 });
  };
  // The checkout that is copied from; and npm's cache has everything from now on.
  const base = await checkout();
  await install(base);
  return {
    name: 'node_modules of this project, seeded from another checkout',
    baselineName: 'npm ci from its cache',
    goal: { atMost: 0.15 },
    baseline: async () => {
      const path = await checkout();
      return timed(() => install(path));
    },
    run: async () => {
      const path = await checkout();
      return timed(async () => {
        const signal = new AbortController().signal;
        const seeded = await seedDependencies({
          projectPath: base,
          worktreePath: path,
          folders: [{ folder: 'node_modules', lockfile: null }],
          platform: process.platform,
          signal,
        });
        if (seeded[0]?.outcome !== 'seeded') throw new Error(JSON.stringify(seeded));
      });
    },
  };
}
