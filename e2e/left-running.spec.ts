import { expect, test } from './fixtures.ts';
import { processesNaming } from './processes.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

test('what an agent leaves running when it ends is shown with its name, and ends when the person says so', async ({
  world,
  page,
}) => {
  const title = 'Serve the pages';
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/serve.md', specText({ title, agents: ['shell'] }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await bench.spawn(title);
  await bench.openCard(title);
  await expect(bench.pane(title)).toContainText('$');
  await bench.typeLine(title, 'nohup sleep 1000 >/dev/null 2>&1 & echo "server $!"; disown; exit');
  await expect(bench.pane(title)).toContainText(/server \d+/);
  const pid = Number(/server (\d+)/.exec((await bench.rows(title)).join('\n'))?.[1]);

  const isThere = async (): Promise<boolean> =>
    (await processesNaming(world.folder)).some((found) => found.pid === pid);

  await expect(bench.card(title)).toContainText('sleep still runs');
  const ending = bench.pane(title).getByRole('status').filter({ hasText: 'Ended normally' });
  await expect(ending).toContainText(`sleep (${String(pid)}) still runs in the background`);
  expect(await isThere()).toBe(true);

  await ending.getByRole('button', { name: 'Stop it' }).click();
  await expect(bench.toast(/Stopped what “Serve the pages”.* had left running/)).toBeVisible();
  await expect(ending).not.toContainText('still runs');
  await expect(bench.card(title)).not.toContainText('still runs');
  expect(await isThere()).toBe(false);
});
