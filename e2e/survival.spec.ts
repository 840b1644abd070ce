import type { Page } from '@playwright/test';

import { isAlive } from './processes.ts';
import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const title = 'Count in a shell';

async function spawnShell(bench: Workbench, path: string): Promise<void> {
  await bench.open(path);
  await bench.spawn(title);
  await expect(bench.pane(title)).toContainText('$');
}

/** Ends the page's process as the system does that is short of memory. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => undefined); // it never answers
  await crashed;
}

test('the page’s process is killed under load: the next one shows every line, and goes on', async ({
  world,
  page,
  host,
  watch,
  context,
}) => {
  watch.expect(/the page crashed/);
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/count.md', specText({ title, agents: ['shell'] }));
  await notes.commit('Say what is next');
  await spawnShell(new Workbench(page), notes.path);
  const address = `${host.address}&project=${encodeURIComponent(notes.path)}`;
  let now = page;
  for (const turn of [1, 2, 3]) {
    const script = `i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo "line $i of ${String(turn)}"; done; echo "done"" ${String(turn)}"`;
    await new Workbench(now).typeLine(title, script);
    await expect(new Workbench(now).pane(title)).toContainText(new RegExp(`line \\d+ of ${String(turn)}`));
    await crash(now);
    await now.close();
    now = await context.newPage();
    await now.goto(address);
    const bench = new Workbench(now);
    await expect(bench.pane(title)).toContainText(`done ${String(turn)}`);
    const rows = await bench.rows(title);
    const end = rows.findLastIndex((row) => row === `done ${String(turn)}`);
    expect(rows.slice(end - 10, end)).toEqual(
      Array.from({ length: 10 }, (_, index) => `line ${String(2991 + index)} of ${String(turn)}`),
    );
  }
  await new Workbench(now).typeLine(title, 'echo "typed $((40+2))"');
  await expect(new Workbench(now).pane(title)).toContainText('typed 42');
});

test('the terminal host is killed: the page says so, shows what was kept, and the run can be started again', async ({
  world,
  page,
}) => {
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/count.md', specText({ title, agents: ['shell'] }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await spawnShell(bench, notes.path);
  await bench.typeLine(title, 'seq 1 500; echo "at ""rest"');
  await expect(bench.pane(title)).toContainText('at rest');
  const before = await bench.rows(title);
  await expect.poll(() => world.keptScreens()).toContain('at rest');

  const ptyHost = (await world.ptyHostPid()) ?? 0;
  process.kill(ptyHost, 'SIGKILL');
  const ending = bench.pane(title).getByRole('status');
  await expect(ending).toContainText('The terminal host ended while it ran');
  await expect(ending).toContainText('This is the last screen that was kept');
  await expect(ending).toContainText('all commits are untouched');
  await expect(bench.card(title)).toContainText('Exited');
  expect((await bench.rows(title)).join('\n')).toContain(before.slice(-5, -1).join('\n').trim());
  await expect.poll(() => world.ptyHostPid()).not.toBeNull();

  await ending.getByRole('button', { name: 'Restart' }).click();
  // What is typed before there is a shell again goes nowhere.
  await expect(ending).toBeHidden();
  await bench.typeLine(title, 'echo "typed $((40+2))"');
  await expect(bench.pane(title)).toContainText('typed 42');
  expect(isAlive(ptyHost)).toBe(false);
});

test('after a restart of the machine, the last screens are there to read', async ({ world, page, host, watch }) => {
  watch.expect(/403 \(Forbidden\)/);
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/count.md', specText({ title, agents: ['shell'] }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await spawnShell(bench, notes.path);
  await bench.typeLine(title, 'seq 1 500; echo "at ""rest"');
  await expect(bench.pane(title)).toContainText('at rest');
  await expect.poll(() => world.keptScreens()).toContain('at rest');
  const { port } = new URL(host.address);
  process.kill((await world.ptyHostPid()) ?? 0, 'SIGKILL');
  await host.kill();
  // Written down before the machine came up, as far as anybody can tell.
  await world.ageKeptScreens();

  await page.goto(`${await host.start('--port', port)}&project=${encodeURIComponent(notes.path)}`);
  await expect(bench.card(title)).toContainText('Exited');
  await expect(bench.card(title)).toContainText('The machine was restarted while it ran');
  await bench.openCard(title);
  await bench.tab(/^Terminals?/).click();
  await expect(bench.pane(title)).toContainText('at rest');
  await expect(bench.pane(title).getByRole('status')).toContainText('The machine was restarted while it ran.');
});
