import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Browser, Page } from '@playwright/test';

import { isAlive } from '#e2e/processes.ts';
import { specText } from '#e2e/spec-text.ts';
import { Workbench } from '#e2e/workbench.ts';
import { World } from '#e2e/world.ts';
import { dialPtyHost } from '#main/ptyhost/dial.ts';
import { TestFollower } from '#main/ptyhost/test-follower.ts';

import type { Bench, Section } from './section.ts';
import { median } from './statistics.ts';

/**
 * Works whenever it is sent a line: numbered lines in colours, a title, and then rest, in the middle of the alternate screen
 * with the mouse and bracketed paste on.
 */
const agent = `
echo $$ >"$1.pid"
stty -echo
while read -r turn; do
  printf '\\033[?1049l'
  i=0
  while [ $i -lt 200 ]; do
    i=$((i+1))
    printf '\\033[3%dmturn %d line %d 日本\\033[m\\n' $((i % 8)) "$turn" $i
    [ $((i % 20)) = 0 ] && sleep 0.02
  done
  printf '\\033]0;turn %d\\007\\033[?1049h\\033[2J\\033[?1003h\\033[?1006h\\033[?2004h\\033[5;7H\\033[1mdone %d of %s.' "$turn" "$turn" "$2"
done
`;

const names = ['first', 'second', 'third', 'fourth'] as const;
/** Asked of the host and of the page: that all is back. */
const patience = 60_000;

type Victim = 'host' | 'renderer' | 'window';

/** Kills at random moments, under load: whether any agent is lost, any screen differs, and how long it takes to be back. */
export const survivalSection: Section = {
  name: 'survival',
  about: '200 random kills of the host, the renderer and the window, while four agents print',
  runs: 'slow',
  measure: async (bench) => {
    const world = await World.create();
    try {
      await survive(bench, world, await bench.browser());
    } finally {
      await world.dispose();
    }
  },
};

async function survive(bench: Bench, world: World, browser: Browser): Promise<void> {
  const kills = bench.rounds(200);
  const repository = await world.repository('survival', 'clean');
  await writeFile(join(world.home, 'agent.sh'), agent);
  await repository.write('.switchyard/config.yaml', '# The defaults hold.\n');
  for (const name of names) {
    await repository.write(`specs/${name}.md`, specText({ title: `Run ${name}`, agents: ['shell'] }));
  }
  await repository.commit('Say what is next');
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  // The person's browser is open already: with its last tab its window goes too, and a new window loads Chromium's own pages,
  // which took more of the processor than the app did.
  await context.newPage();
  let page = await context.newPage();
  const opening = await world.host.start('--project', repository.path);
  const { port } = new URL(opening);
  await page.goto(opening);
  await page.getByRole('button', { name: 'Spawn agents' }).click();
  const spawn = page.getByRole('dialog').getByRole('button', { name: 'Spawn 4 runs' });
  await spawn.and(page.locator(':not([aria-disabled])')).click();
  for (const name of names) {
    await new Workbench(page).pane(`Run ${name}`).locator('.xterm-rows').getByText('$').first().waitFor();
    await new Workbench(page).typeLine(`Run ${name}`, `exec sh ${world.home}/agent.sh ${world.home}/${name} ${name}`);
  }
  const pids = await Promise.all(names.map((name) => pidOf(world, name)));

  const dialled = await dialPtyHost(join(world.folder, 'switchyard', 'state'), () => undefined);
  if (!dialled.ok) throw new Error(`the pty host cannot be reached: ${dialled.error.kind}`);
  const { api } = dialled.value;
  const listed = await api.terminals.list({});
  if (!listed.ok) throw new Error('the terminals cannot be listed');
  const terminals = listed.value.map(({ id }) => ({ id, witness: new TestFollower(api.terminals, id, 'witness') }));

  let lost = 0;
  let different = 0;
  const times: Record<Victim, number[]> = { host: [], renderer: [], window: [] };
  const victims: readonly Victim[] = ['host', 'renderer', 'window'];
  for (let kill = 1; kill <= kills; kill++) {
    const victim = victims[Math.floor(Math.random() * victims.length)] ?? 'host';
    for (const { id } of terminals) await api.terminals.write({ id, data: `${String(kill)}\n` });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 600));
    if (victim === 'host') await world.host.kill();
    if (victim === 'renderer') await crash(page);
    if (victim === 'renderer' || victim === 'window') {
      await page.close();
      page = await context.newPage();
    }
    // From the person's next start until all four terminals show how the turn ended, of which everything above is known.
    const began = Date.now();
    const address = victim === 'host' ? await world.host.start('--port', port) : world.host.address;
    const url = `${address}&project=${encodeURIComponent(repository.path)}`;
    await page.goto(url, { waitUntil: 'commit' });
    times[victim].push((await shownAt(page, kill)) - began);
    const workbench = new Workbench(page);
    // The agents have ended their turn, and the page shows what the pty host has, cell for cell.
    const isDone = (): boolean => terminals.every(({ witness }) => witness.text(5).includes(`done ${String(kill)} of`));
    if (!(await soon(isDone)) || !pids.every(isAlive)) lost++;
    const isSame = async (): Promise<boolean> => {
      const shown = await Promise.all(names.map((name) => workbench.rows(`Run ${name}`)));
      return terminals.every(({ witness }) => shown.some((rows) => trimmed(rows) === trimmed(witness.rows())));
    };
    if (!(await soon(isSame))) different++;
    for (const { id, witness } of terminals) {
      const again = new TestFollower(api.terminals, id, 'again');
      if (!(await soon(() => JSON.stringify(again.shown()) === JSON.stringify(witness.shown())))) different++;
      again.dispose();
    }
  }
  await context.close();
  dialled.value.close();

  const goal = { atMost: 0 };
  const common = { unit: '', baseline: null, goal };
  bench.report({ name: `of ${String(kills)} kills lose an agent`, value: lost, ...common });
  bench.report({ name: `of ${String(kills)} kills leave a screen that differs`, value: different, ...common });
  for (const victim of victims) {
    if (times[victim].length === 0) continue;
    const what = `back after the ${victim} was killed, ${String(times[victim].length)} times`;
    const worst = Math.max(...times[victim]);
    bench.report({ name: `${what}: median`, value: median(times[victim]), unit: 'ms', baseline: null, goal: null });
    bench.report({ name: `${what}: worst`, value: worst, unit: 'ms', baseline: null, goal: { atMost: 2000 } });
  }
}

/**
 * When every terminal of the page showed the end of this turn, milliseconds since 1970. The page looks at itself before each
 * frame: to be asked from outside takes a while each time, and its answer is rounded up to the next time.
 */
async function shownAt(page: Page, turn: number): Promise<number> {
  const looking = await page.waitForFunction(
    ([ends]) => {
      const screens = Array.from(document.querySelectorAll('main section .xterm-rows'), (rows) =>
        Array.from(rows.children, (row) => row.textContent.trimEnd()),
      );
      // The rest of the screen is empty, and the end of the turn is in the fifth row.
      const isShown = (end: string): boolean =>
        screens.some((rows) => rows[4]?.trim() === end && rows.join('').trim() === end);
      return ends.every(isShown) ? Date.now() : null;
    },
    [names.map((name) => `done ${String(turn)} of ${name}.`)] as const,
    { polling: 'raf', timeout: patience },
  );
  const at = await looking.jsonValue();
  if (at === null) throw new Error('the page has not shown the end of the turn');
  return at;
}

const trimmed = (rows: readonly string[]): string => rows.join('\n').trimEnd();

/** Ends the page's process as the system does that is short of memory. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => undefined); // it never answers
  await crashed;
}

async function soon(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = performance.now() + patience; performance.now() < end;) {
    if (await isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

async function pidOf(world: World, name: string): Promise<number> {
  let pid = 0;
  const isThere = async (): Promise<boolean> => {
    pid = Number(await readFile(join(world.home, `${name}.pid`), 'utf8').catch(() => ''));
    return pid > 0;
  };
  if (!(await soon(isThere))) throw new Error(`the agent ${name} did not start`);
  return pid;
}
