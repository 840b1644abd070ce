import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { TestWorld, type TestHost } from '#main/services/test-host.ts';
import type { MergeMethod } from '#shared/contract/merges.ts';
import type { LineOrigin } from '#shared/contract/provenance.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

/* Why a line is there, asked after everything that the app itself does to a run: each way to merge it, and each way to be rid of it. */

let world: TestWorld;
let host: TestHost;
beforeEach(async () => {
  world = await TestWorld.create();
  await world.writeSpec('blue', { 'one.txt': 'one\n' });
  await world.writeSpec('later', { 'later.txt': 'later\n' });
  await world.repository.commit('Specs');
  host = await world.start();
  await host.open();
});
afterEach(() => world.remove());

/** A run with three commits, each of which makes a file of its own. */
async function runOfThree(): Promise<Run> {
  const [id] = await host.spawn({ slug: 'blue' as SpecSlug });
  const run = await host.finished(id!);
  for (const name of ['two.txt', 'three.txt']) {
    await world.repository.write(join(run.worktreePath, name), `${name}\n`);
    await world.repository.commit(`Add ${name}`, run.worktreePath);
  }
  return run;
}

/** Merges it as the person does, after somebody has committed to the base, so that nothing is merged as it is. */
async function merge(id: RunId, method: MergeMethod): Promise<void> {
  await world.repository.write(`meanwhile-${method}.txt`, 'meanwhile\n');
  await world.repository.commit(`Meanwhile, before the ${method}`);
  await host.api.runs.decide({ id, decision: 'keep', reason: 'It is good.' });
  const preview = await host.api.merges.preview({ id, method });
  if (!preview.ok) throw new Error(JSON.stringify(preview.error));
  const { baseCommit, branchCommit } = preview.value;
  const merged = await host.api.merges.merge({ id, method, baseCommit, branchCommit, message: '' });
  if (!merged.ok) throw new Error(JSON.stringify(merged.error));
  await world.repository.write(`after-${method}.txt`, 'after\n');
  await world.repository.commit(`After the ${method}`);
}

/** A run that begins on the base as it is now, from which can be asked. */
async function askingRun(): Promise<RunId> {
  const [id] = await host.spawn({ slug: 'later' as SpecSlug });
  await host.finished(id!);
  return id!;
}

async function why(id: RunId, path: string): Promise<LineOrigin> {
  const answer = await host.api.provenance.line({ id, path, line: 1, side: 'after' });
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value;
}

const files = ['one.txt', 'two.txt', 'three.txt'];
const methods = ['merge', 'squash', 'rebase'] as const;

describe('why a line of a run of several commits is there', () => {
  it.each(methods)(
    'is answered with the run for each of them after a %s, and nobody else’s with it',
    async (method) => {
      const run = await runOfThree();
      await merge(run.id, method);
      const asking = await askingRun();
      for (const file of files) {
        expect(await why(asking, file)).toMatchObject({
          run: { id: run.id, title: 'The blue', decision: { kind: 'keep', reason: 'It is good.' } },
          spec: { slug: 'blue', title: 'The blue' },
          arrival: { base: 'main' },
        });
      }
      for (const file of [`meanwhile-${method}.txt`, `after-${method}.txt`, 'readme.md']) {
        expect(await why(asking, file)).toMatchObject({ run: null, spec: null });
      }
      // Asked from the run itself it is its own.
      expect(await why(run.id, 'two.txt')).toMatchObject({ run: { id: run.id, isThis: true } });
    },
  );

  it.each(methods)('is answered after a %s when its branch and its worktree are gone', async (method) => {
    const run = await runOfThree();
    await merge(run.id, method);
    const asking = await askingRun();
    await world.repository.git('worktree', 'remove', '--force', '--force', run.worktreePath);
    await world.repository.git('branch', '-D', run.branch);
    await host.until(run.id, ({ presence }) => !presence.branch && !presence.worktree);
    for (const file of files) {
      expect(await why(asking, file)).toMatchObject({ run: { id: run.id }, spec: { slug: 'blue' } });
    }
    // What is not on record any more is still known by its spec.
    expect(await host.api.runs.forget({ id: run.id })).toMatchObject({ ok: true });
    for (const file of files) {
      expect(await why(asking, file)).toMatchObject({ run: null, spec: { slug: 'blue', title: 'The blue' } });
    }
  });

  it.each(methods)('is answered after a %s when the run was deleted, and after a restart', async (method) => {
    const run = await runOfThree();
    await merge(run.id, method);
    const asking = await askingRun();
    await host.discard(run.id);
    await host.end();
    host = await world.start();
    await host.open();
    for (const file of files) {
      expect(await why(asking, file)).toMatchObject({
        run: { id: run.id, title: 'The blue', decision: { reason: 'It is good.' }, isDeleted: true },
        spec: { slug: 'blue' },
      });
    }
  });

  it('is answered for what was merged first and for what was merged later of the same run', async () => {
    const run = await runOfThree();
    await merge(run.id, 'rebase');
    await world.repository.gitIn(run.worktreePath, 'reset', '-q', '--hard', 'main');
    for (const name of ['four.txt', 'five.txt']) {
      await world.repository.write(join(run.worktreePath, name), `${name}\n`);
      await world.repository.commit(`Add ${name}`, run.worktreePath);
    }
    await merge(run.id, 'rebase');
    await rm(join(world.repository.path, 'specs/blue.md'));
    const asking = await askingRun();
    for (const file of [...files, 'four.txt', 'five.txt']) {
      expect(await why(asking, file)).toMatchObject({ run: { id: run.id } });
    }
    expect(await why(asking, 'after-rebase.txt')).toMatchObject({ run: null });
  });
});
