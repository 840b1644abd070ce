import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from './fixtures.ts';
import { eventually } from './processes.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const asking = 'Remove a note';
const counting = 'Count in a shell';
const question = 'Should removing a note ask first?';

test.beforeEach(({ world }) => {
  world.env['SCRIBE_PACE_MS'] = '0';
});

for (const { how, end } of [
  { how: 'quits', end: 'quit' },
  { how: 'is killed', end: 'kill' },
] as const) {
  test(`agents go on while the host is away: it ${how}, and everything is there again`, async ({
    world,
    page,
    host,
    watch,
  }) => {
    // A page of the former host may knock at the new one, which does not know it, before it is led to the new address.
    watch.expect(/403 \(Forbidden\)/);
    const notes = await world.repository('notes', 'clean');
    await notes.write(
      'specs/remove.md',
      specText({ title: asking, ask: question, files: { 'src/remove.js': 'export {};\n' } }),
    );
    await notes.write('specs/count.md', specText({ title: counting, agents: ['shell'] }));
    await notes.write('.switchyard/config.yaml', '# The defaults hold.\n');
    await notes.commit('Say what is next');
    const bench = new Workbench(page);
    const counted = join(world.folder, 'counted');

    await test.step('one agent asks, and a shell counts', async () => {
      await bench.open(notes.path);
      await page.getByRole('button', { name: 'Spawn agents' }).click();
      await bench
        .dialog(/^Spawn agents/)
        .getByRole('button', { name: 'Spawn 2 runs' })
        .click();
      await expect(bench.pane(asking)).toContainText(question);
      await bench.expectInGroup(asking, 'Needs you');
      await expect(bench.pane(counting)).toContainText('$');
      await bench.typeLine(
        counting,
        `(n=0; while sleep 1; do n=$((n+1)); echo "counted $n"; echo $n >'${counted}'; done) &`,
      );
      await expect(bench.pane(counting)).toContainText('counted 2');
    });

    const counts = async (): Promise<readonly number[]> =>
      (await bench.rows(counting)).flatMap((row) => /^counted (\d+)$/.exec(row)?.[1] ?? []).map(Number);
    const lastCount = async (): Promise<number> => Number(await readFile(counted, 'utf8'));
    const ptyHost = await world.ptyHostPid();
    expect(ptyHost).not.toBeNull();
    const { port } = new URL(host.address);
    await test.step('the host goes away; the page says so, and the agents go on', async () => {
      await host[end]();
      await expect(page.getByText('The host is not connected.')).toBeVisible();
      await expect(bench.pane(asking)).toContainText(question);
      const whenGone = await lastCount();
      expect(await eventually(async () => (await lastCount()) > whenGone + 2, 60_000)).toBe(true);
      expect(await world.ptyHostPid()).toBe(ptyHost);
    });

    await test.step('a new host shows the same runs, screens and statuses', async () => {
      const whenBack = await lastCount();
      await page.goto(await host.start('--port', port));
      await bench.expectInGroup(asking, 'Needs you');
      await expect(bench.card(asking)).toContainText('Waiting for you');
      await expect(bench.card(asking)).toContainText(question);
      await expect(bench.pane(asking)).toContainText(question);
      await bench.expectInGroup(counting, 'Running');
      await expect.poll(async () => Math.max(0, ...(await counts()))).toBeGreaterThan(whenBack + 1);
      // What was counted while nobody looked is on the screen too: no number is missing.
      const shown = await counts();
      expect(shown.length).toBeGreaterThan(3);
      expect(shown).toEqual(shown.map((_count, index) => (shown[0] ?? 0) + index));
      expect(await world.ptyHostPid()).toBe(ptyHost);
    });

    await test.step('typing works in both', async () => {
      await bench.typeLine(counting, 'kill %1; echo "typed $((40+2))"');
      await expect(bench.pane(counting)).toContainText('typed 42');
      await bench.typeLine(asking, 'No, there is undo.');
      await bench.expectInGroup(asking, 'Review');
      expect(await notes.git('log', '-1', '--format=%b', 'feature/ai-remove')).toContain('Answer: No, there is undo.');
    });
  });
}

test('a reload in the middle of output loses nothing and repeats nothing', async ({ world, page }) => {
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/count.md', specText({ title: counting, agents: ['shell'] }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await bench.card(counting).getByRole('button', { name: 'Spawn' }).click();
  await bench
    .dialog(/^Spawn agents/)
    .getByRole('button', { name: /^Spawn/ })
    .click();
  await expect(bench.pane(counting)).toContainText('$');

  const stop = join(world.folder, 'stop');
  await bench.typeLine(counting, `n=0; until [ -e '${stop}' ]; do n=$((n+1)); echo "line $n"; done; echo "last $n"`);
  await expect(bench.pane(counting)).toContainText(/line \d{3,}/);
  await page.reload();
  await expect(bench.pane(counting)).toContainText(/line \d{3,}/);
  await page.reload();
  await expect(bench.pane(counting)).toContainText(/line \d{3,}/);
  await writeFile(stop, '');
  await expect(bench.pane(counting)).toContainText(/last \d+/);

  const rows = await bench.rows(counting);
  const last = rows.findIndex((row) => row.startsWith('last '));
  const end = Number(rows[last]?.slice('last '.length));
  const shown = rows.slice(0, last);
  expect(shown.length).toBeGreaterThan(5);
  expect(shown).toEqual(shown.map((_row, index) => `line ${String(end - shown.length + 1 + index)}`));

  await bench.typeLine(counting, 'echo "typed $((40+2))"');
  await expect(bench.pane(counting)).toContainText('typed 42');
});

test('a spawn that is cut off by a crash leaves nothing half made, and is made again on demand', async ({
  world,
  host,
  page,
  watch,
}) => {
  watch.expect(/403 \(Forbidden\)/);
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/add.md', specText({ title: 'Add a file', files: { 'added.txt': 'added\n' } }));
  await notes.commit('Say what is next');
  const release = await world.holdWorktrees();
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await bench.spawn('Add a file');
  await expect(bench.card('Add a file')).toContainText('Making the worktree');

  const { port } = new URL(host.address);
  await host.kill();
  await release();
  await page.goto(await host.start('--port', port));
  await bench.expectInGroup('Add a file', 'Needs you');
  await expect(bench.card('Add a file')).toContainText('Switchyard ended while this run was being made.');
  expect(await notes.git('branch', '--format=%(refname:short)')).toBe('main');
  expect(await notes.git('worktree', 'list', '--porcelain')).not.toContain('ai-add');

  await bench.choose('Add a file', 'Retry spawn');
  await bench.expectInGroup('Add a file', 'Review');
  expect(await notes.git('show', 'feature/ai-add:added.txt')).toBe('added');
});
