import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { Snapshots } from '#main/services/snapshots/snapshots.ts';
import { Worktrees } from '#main/services/worktrees/worktrees.ts';

import { timed } from './measure.ts';
import type { Section } from './section.ts';

const count = 32;

/** Worktrees that are all asked for in the same moment, in one repository: configuration, refs and locks are shared by them. */
export const manySpawnsSection: Section = {
  name: 'many-spawns',
  about: '32 worktrees asked for at once, and how many of them fail',
  measure: async (bench) => {
    let failures = 0;
    const rounds = bench.rounds(1);
    let milliseconds = 0;
    for (let round = 0; round < rounds; round++) {
      const repository = await TestRepository.create();
      const folder = await mkdtemp(join(tmpdir(), 'switchyard-spawns-'));
      try {
        for (let file = 0; file < 200; file++)
          await repository.write(`src/f${String(file)}.txt`, `file ${String(file)}\n`);
        await repository.commit('Files');
        const git = new Git({ log: silentLog, env: repository.env });
        const worktrees = new Worktrees({ git, snapshots: new Snapshots({ git, log: silentLog }), log: silentLog });
        milliseconds += await timed(async () => {
          const made = await Promise.all(
            Array.from({ length: count }, (_, index) =>
              worktrees.create(
                {
                  projectPath: repository.path,
                  branch: `feature/run-${String(index)}`,
                  base: 'main',
                  worktreePath: join(folder, String(index)),
                  copy: [],
                },
                () => undefined,
                new AbortController().signal,
              ),
            ),
          );
          for (const each of made) {
            if (each.ok) continue;
            failures++;
            bench.say(JSON.stringify(each.error));
          }
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
        await repository.remove();
      }
    }
    bench.say(`${String(count)} at once took ${String(Math.round(milliseconds / rounds))} ms`);
    bench.report({
      name: `worktrees: failures among ${String(count)} asked for at once`,
      value: failures,
      unit: '',
      baseline: null,
      goal: { atMost: 0 },
    });
  },
};
