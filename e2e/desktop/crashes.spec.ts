import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '#e2e/fixtures.ts';
import { specText } from '#e2e/spec-text.ts';
import { Workbench } from '#e2e/workbench.ts';

const counting = 'Count in a shell';

test('a page that crashes comes back with its runs, a killed app with all of them, and a reload repeats nothing', async ({
  world,
  desktop,
  page,
  watch,
}) => {
  test.setTimeout(240_000);
  watch.expect(/the page crashed/);
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/count.md', specText({ title: counting, agents: ['shell'] }));
  await notes.commit('Say what is next');
  const first = new Workbench(page);
  await first.open(notes.path);
  await first.spawn(counting);
  await expect(first.pane(counting)).toContainText('$');
  const ptyHost = await world.ptyHostPid();

  await test.step('a reload in the middle of output loses nothing and repeats nothing', async () => {
    const stop = join(world.folder, 'stop');
    await first.typeLine(counting, `n=0; until [ -e '${stop}' ]; do n=$((n+1)); echo "line $n"; done; echo "last $n"`);
    await expect(first.pane(counting)).toContainText(/line \d{3,}/);
    await page.reload();
    await expect(first.pane(counting)).toContainText(/line \d{3,}/);
    await writeFile(stop, '');
    await expect(first.pane(counting)).toContainText(/last \d+/);
    const rows = await first.rows(counting);
    const last = rows.findIndex((row) => row.startsWith('last '));
    const end = Number(rows[last]?.slice('last '.length));
    const shown = rows.slice(0, last);
    expect(shown.length).toBeGreaterThan(5);
    expect(shown).toEqual(shown.map((_row, index) => `line ${String(end - shown.length + 1 + index)}`));
  });

  await test.step('the process of the page crashes; its window comes back by itself', async () => {
    await desktop.crashPage(page);
    await expect.poll(() => desktop.windows()[0] !== page && desktop.windows().length === 1).toBe(true);
    const back = new Workbench(await desktop.window(0));
    await expect(back.pane(counting)).toContainText(/last \d+/);
    await back.typeLine(counting, 'echo "after the crash $((40+2))"');
    await expect(back.pane(counting)).toContainText('after the crash 42');
  });

  await test.step('the app is killed; its agent goes on, and the next start shows it', async () => {
    await desktop.kill();
    expect(await world.ptyHostPid()).toBe(ptyHost);
    const again = new Workbench(await desktop.start());
    await expect(again.pane(counting)).toContainText('after the crash 42');
    await again.typeLine(counting, 'echo "after the kill $((40+2))"');
    await expect(again.pane(counting)).toContainText('after the kill 42');
  });
});
