import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { TestReviews } from '#main/services/review/test-reviews.ts';

import { take, timed } from './measure.ts';
import type { Section } from './section.ts';

const run = promisify(execFile);
const count = 100;

const textOf = (file: number, of: string): string =>
  Array.from({ length: 200 }, (_, line) => `${of} ${String(line)} of file ${String(file)}\n`).join('');

/** Both sides of each changed file, as the review asks for them. */
export const fileViewsSection: Section = {
  name: 'file-views',
  about: '100 changed files looked at in a review, against 100 git show',
  measure: async (bench) => {
    const paths = Array.from({ length: count }, (_, file) => `src/f${String(file)}.txt`);
    const world = await TestReviews.create(async (repository) => {
      for (const [file, path] of paths.entries()) await repository.write(path, textOf(file, 'line'));
    });
    try {
      for (const [file, path] of paths.entries()) await world.write(path, textOf(file, 'changed line'));
      await world.commit();
      const feed = world.reviews.onDidChange({ id: world.id }, () => undefined);
      await world.content(paths[0] ?? '');
      bench.report(
        await take(
          {
            name: `review: ${String(count)} files looked at one after the other, both sides`,
            baselineName: `${String(count)} git show`,
            goal: { atMost: 0.1 },
            baseline: () =>
              timed(async () => {
                for (const path of paths) {
                  await run('git', ['show', `topic:${path}`], {
                    cwd: world.repository.path,
                    env: world.repository.env,
                  });
                }
              }),
            run: () =>
              timed(async () => {
                for (const path of paths) await world.content(path);
              }),
          },
          bench.rounds(5),
        ),
      );
      feed.dispose();
    } finally {
      await world.remove();
    }
  },
};
