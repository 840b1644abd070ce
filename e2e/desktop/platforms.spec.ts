import { desktopRunsOn, type Desktop } from '#e2e/desktop.ts';
import type { Recording } from '#e2e/desktop-recording.ts';
import { playMachine } from '#e2e/electron-standin/standin-machine.ts';
import { expect, test } from '#e2e/fixtures.ts';
import { lastLookAt } from '#e2e/looks.ts';
import type { Repository } from '#e2e/repository.ts';
import { specText } from '#e2e/spec-text.ts';
import { Workbench } from '#e2e/workbench.ts';
import type { World } from '#e2e/world.ts';

/*
 * What only a Mac or Windows has, and what only the installed app does: the shell's branches for them, run where they are not. It
 * is the stand-in that plays such a machine; on a real Electron there is only the one that it runs on.
 */

test.skip(desktopRunsOn === 'Electron', 'a real Electron plays no other machine');

const asking = 'Ask before removing';

/** A repository with a draft whose agent asks once there is a file with this path. */
async function askingRepository(world: World): Promise<{ notes: Repository; letAsk: () => Promise<unknown> }> {
  const notes = await world.repository('notes', 'clean');
  const gate = `${world.folder}/may-ask`;
  const check = `until [ -e '${gate}' ]; do sleep 0.1; done`;
  await notes.write(
    'specs/ask.md',
    specText({ title: asking, ask: 'Should it ask first?', check, files: { 'a.js': 'export {};\n' } }),
  );
  await notes.commit('Say what is next');
  return { notes, letAsk: () => world.run('touch', [gate]) };
}

/**
 * Opens that repository in the app, which is to tell what needs the person, and spawns its draft: the person looks at the agent
 * at work, and what comes from now on is news.
 */
async function seenAtWork(
  world: World,
  desktop: Desktop,
): Promise<{ notes: Repository; bench: Workbench; letAsk: () => Promise<unknown> }> {
  const { notes, letAsk } = await askingRepository(world);
  const bench = new Workbench(await desktop.start());
  await bench.open(notes.path);
  await expect(bench.card(asking)).toBeVisible();
  const openedAt = Date.now();
  await desktop.chooseFromMenu('View', 'Notifications and quiet hours…');
  await bench.page.getByRole('checkbox', { name: 'Tell me when a run needs me' }).click();
  await bench.page.keyboard.press('Escape');
  await bench.spawn(asking);
  await expect.poll(() => lastLookAt(notes, asking)).toBe('open');
  await expect.poll(() => Date.now() - openedAt).toBeGreaterThan(5000);
  return { notes, bench, letAsk };
}

test.beforeEach(({ world }) => {
  world.env['SCRIBE_PACE_MS'] = '0';
});

test('a Mac starts the app for a folder or a link, hands it more while it runs, and has it stay without windows', async ({
  world,
  desktop,
  watch: _watch,
}) => {
  test.setTimeout(180_000);
  const notes = await world.repository('notes', 'clean');
  const tasks = await world.repository('tasks', 'clean');

  await test.step('for a folder that is dropped on the dock: that alone is shown', async () => {
    playMachine(world.env, { platform: 'darwin', early: [['open-file', notes.path]] });
    const page = await desktop.start();
    await expect(page).toHaveTitle('notes – Switchyard');
    expect(desktop.windows()).toHaveLength(1);
  });

  await test.step('one that is dropped while it runs gets a window of its own', async () => {
    await desktop.evaluate(({ app }, path) => {
      app.emit('open-file', { preventDefault: () => undefined }, path);
    }, tasks.path);
    await expect(await desktop.window(1)).toHaveTitle('tasks – Switchyard');
  });

  const inFront = (): Promise<number> =>
    desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getFocusedWindow()?.id ?? 0);
  await test.step('a link brings the window of its project to the front', async () => {
    await expect.poll(inFront).toBe(2);
    const link = `switchyard://open?project=${encodeURIComponent(notes.path)}`;
    await desktop.evaluate(({ app }, url) => {
      app.emit('open-url', { preventDefault: () => undefined }, url);
    }, link);
    await expect.poll(inFront).toBe(1);
    expect(desktop.windows()).toHaveLength(2);
  });

  await test.step('recent projects are in the dock’s menu, and the menus are those of a Mac', async () => {
    const labels = (): Promise<readonly string[]> =>
      desktop.evaluate(({ app }) => app.dock?.getMenu()?.items.map(({ label }) => label) ?? []);
    await expect.poll(labels).toEqual(['tasks', 'notes']);
    await desktop.evaluate(({ app }) => {
      app.dock?.getMenu()?.items[0]?.click();
    });
    await expect.poll(inFront).toBe(2);
    const menus = await desktop.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).map(({ role, label }) => role ?? label),
    );
    expect(menus).toEqual(expect.arrayContaining(['appMenu', 'File', 'editMenu', 'View', 'Board', 'windowMenu']));
  });

  await test.step('the last window closes, and the app stays until it is wanted again', async () => {
    await desktop.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) window.close();
    });
    await expect.poll(() => desktop.windows().length).toBe(0);
    expect(desktop.isRunning).toBe(true);
    await desktop.evaluate(({ app }) => {
      app.emit('activate', {}, false);
    });
    await desktop.window(0);
  });

  await test.step('for a link, which asks about a folder that is not known, and shows a window all the same', async () => {
    expect(await desktop.quit()).toBe(0);
    const other = await world.repository('other', 'clean');
    const link = `switchyard://open?project=${encodeURIComponent(other.path)}`;
    playMachine(world.env, { platform: 'darwin', early: [['open-url', link]] });
    const starting = desktop.start();
    await expect.poll(() => desktop.isRunning).toBe(true);
    await expect
      .poll(async () => (await desktop.recorded()).dialogs.at(-1)?.message)
      .toBe('A link wants to open a folder');
    await desktop.answer('Cancel');
    await expect((await starting).getByRole('heading', { name: 'Switchyard' })).toBeVisible();
  });
});

for (const platform of ['darwin', 'win32'] as const) {
  test(`a question is answered in its notice, as ${platform} lets one`, async ({ world, desktop, watch: _watch }) => {
    test.setTimeout(180_000);
    playMachine(world.env, { platform });
    const { notes, bench, letAsk } = await seenAtWork(world, desktop);
    await bench.tab('Prompts').click();
    await expect.poll(() => lastLookAt(notes, asking)).toBe('ended');
    await letAsk();

    await expect.poll(async () => (await desktop.recorded()).notices.length, { timeout: 60_000 }).toBe(1);
    const [notice] = (await desktop.recorded()).notices;
    expect(notice).toMatchObject({ title: `“${asking}” asked a question`, hasReply: true });
    const overlays = (): Promise<unknown> =>
      desktop.evaluate(({ BrowserWindow, app }) => ({
        // A real window cannot be asked what it shows there.
        overlay: BrowserWindow.getAllWindows().map(
          (window) => (window as unknown as { taskBar: { overlay: string | null } }).taskBar.overlay,
        ),
        badge: app.getBadgeCount(),
      }));
    if (platform === 'win32') await expect.poll(overlays).toEqual({ overlay: ['1 run needs you'], badge: 0 });
    else await expect.poll(overlays).toEqual({ overlay: [null], badge: 1 });

    await desktop.evaluate(() => {
      const { shown } = (globalThis as unknown as { recorded: Recording }).recorded;
      for (const notification of shown.values()) notification.emit('reply', {}, 'Yes, each time');
    });
    await bench.expectInGroup(asking, 'Review');
    await expect
      .poll(() => notes.git('log', '-1', '--format=%B', 'feature/ai-ask'))
      .toContain('Answer: Yes, each time');
    await expect(bench.terminal(asking)).toBeHidden();
  });
}

test('what comes of agents is told after their window was closed, and leads back to them', async ({
  world,
  desktop,
  watch: _watch,
}) => {
  test.setTimeout(180_000);
  playMachine(world.env, { platform: 'darwin' });
  const { letAsk } = await seenAtWork(world, desktop);
  const closeAll = async (): Promise<void> => {
    await desktop.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) window.close();
    });
    await expect.poll(() => desktop.windows().length).toBe(0);
  };
  await closeAll();
  await letAsk();

  await test.step('on the badge, in the tray and by a notice', async () => {
    await expect.poll(() => desktop.evaluate(({ app }) => app.getBadgeCount())).toBe(1);
    expect((await desktop.recorded()).tray[0]).toBe(`${asking} – asked a question`);
    await expect.poll(async () => (await desktop.recorded()).notices.length, { timeout: 60_000 }).toBe(1);
  });

  await test.step('a press on the notice opens the window at the run', async () => {
    await desktop.evaluate(() => {
      const { shown } = (globalThis as unknown as { recorded: Recording }).recorded;
      for (const notification of shown.values()) notification.emit('click', {});
    });
    const page = await desktop.window(0);
    await expect(page).toHaveTitle(/notes – Switchyard$/);
    await expect(new Workbench(page).terminal(asking)).toBeFocused();
  });

  await test.step('and so does its line in the tray, after the window was closed once more', async () => {
    await closeAll();
    await desktop.evaluate(() => {
      (globalThis as unknown as { recorded: Recording }).recorded.trayMenu?.items[0]?.click();
    });
    await expect(new Workbench(await desktop.window(0)).terminal(asking)).toBeFocused();
  });
});

test('installed on Windows, recent projects are in the jump list, links are the app’s, and there are no developer tools', async ({
  world,
  desktop,
  watch: _watch,
}) => {
  playMachine(world.env, { platform: 'win32', isPackaged: true });
  const notes = await world.repository('notes', 'clean');
  const page = await desktop.start();
  await new Workbench(page).open(notes.path);
  await expect(page).toHaveTitle('notes – Switchyard');
  interface Recorded {
    recorded: { jumpList: Electron.JumpListCategory[] | null; protocols: string[] };
  }
  const recorded = (): Promise<Recorded['recorded']> =>
    desktop.evaluate(({ app }) => (app as unknown as Recorded).recorded);
  await expect
    .poll(async () => (await recorded()).jumpList?.[0])
    .toMatchObject({
      name: 'Recent projects',
      items: [{ type: 'task', title: 'notes', args: `--project "${notes.path}"` }],
    });
  expect((await recorded()).protocols).toEqual(['switchyard']);
  const tools = await desktop.evaluate(({ BrowserWindow, Menu }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.webContents.openDevTools();
    const items = (Menu.getApplicationMenu()?.items ?? []).flatMap(({ submenu }) => submenu?.items ?? []);
    return {
      isOpen: window?.webContents.isDevToolsOpened(),
      inMenu: items.filter(({ role }) => role?.toLowerCase() === 'toggledevtools').length,
    };
  });
  expect(tools).toEqual({ isOpen: false, inMenu: 0 });
});

test('the installed app opens the folder that it is started with, also while it runs', async ({
  world,
  desktop,
  watch: _watch,
}) => {
  playMachine(world.env, { isPackaged: true });
  const notes = await world.repository('notes', 'clean');
  const tasks = await world.repository('tasks', 'clean');
  await expect(await desktop.start(notes.path)).toHaveTitle('notes – Switchyard');
  expect(desktop.windows()).toHaveLength(1);
  expect(await desktop.startAgain(tasks.path)).toBe(0);
  await expect(await desktop.window(1)).toHaveTitle('tasks – Switchyard');
  const relative = await desktop.startAgain('home/notes');
  expect(relative).toBe(0);
  await expect.poll(() => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getFocusedWindow()?.id)).toBe(1);
  expect(desktop.windows()).toHaveLength(2);
});
