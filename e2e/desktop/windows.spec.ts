import type { Page } from '@playwright/test';

import { commandProgram, nodePath } from '#scripts/project-paths.ts';
import { expect, test } from '#e2e/fixtures.ts';
import { specText } from '#e2e/spec-text.ts';
import { Workbench } from '#e2e/workbench.ts';
import type { World } from '#e2e/world.ts';
import type { Repository } from '#e2e/repository.ts';

const counting = 'Count in a shell';

test.beforeEach(({ world }) => {
  world.env['SCRIBE_PACE_MS'] = '0';
});

/** A repository with a draft whose agent is a shell. */
async function shellRepository(world: World, name: string): Promise<Repository> {
  const repository = await world.repository(name, 'clean');
  await repository.write('specs/count.md', specText({ title: counting, agents: ['shell'] }));
  await repository.commit('Say what is next');
  return repository;
}

async function spawnShell(page: Page): Promise<Workbench> {
  const bench = new Workbench(page);
  await bench.spawn(counting);
  await expect(bench.pane(counting)).toContainText('$');
  return bench;
}

test('two projects have a window each, work side by side, and are there again after a restart', async ({
  world,
  desktop,
  page: first,
}) => {
  test.setTimeout(180_000);
  const notes = await shellRepository(world, 'notes');
  const tasks = await shellRepository(world, 'tasks');
  await new Workbench(first).open(notes.path);
  const notesBench = await spawnShell(first);

  await test.step('a second start with another project opens a second window', async () => {
    expect(await desktop.startAgain('--project', tasks.path)).toBe(0);
    const second = await desktop.window(1);
    await expect(second).toHaveTitle(/tasks – Switchyard/);
    const tasksBench = await spawnShell(second);
    await tasksBench.typeLine(counting, 'echo "in tasks $((40+2))"');
    await notesBench.typeLine(counting, 'echo "in notes $((40+2))"');
    await expect(tasksBench.pane(counting)).toContainText('in tasks 42');
    await expect(notesBench.pane(counting)).toContainText('in notes 42');
    await expect(notesBench.pane(counting)).not.toContainText('in tasks');
  });

  const focusedTitle = (): Promise<string> =>
    desktop.evaluate(({ BrowserWindow }) => String(BrowserWindow.getFocusedWindow()?.id ?? 'none'));
  await test.step('a start with a project that is open brings its window to the front, and opens none', async () => {
    const before = await focusedTitle();
    expect(await desktop.startAgain('--project', notes.path)).toBe(0);
    await expect.poll(focusedTitle).not.toBe(before);
    expect(desktop.windows()).toHaveLength(2);
  });

  await test.step('so does a page that wants a project which another window has', async () => {
    await desktop.chooseFromMenu('File', 'New Window');
    const third = await desktop.window(2);
    const bench = new Workbench(third);
    await bench.open(tasks.path);
    await expect(bench.refusal('It is open in another window')).toBeVisible();
    expect(desktop.windows()).toHaveLength(3);
    await third.close();
    await expect.poll(() => desktop.windows().length).toBe(2);
  });

  await test.step('the command reaches the running app', async () => {
    const before = await focusedTitle();
    await world.run(nodePath, [commandProgram, 'open', before === '1' ? tasks.path : notes.path]);
    await expect.poll(focusedTitle).not.toBe(before);
  });

  await test.step('bounds, zoom and panes of each project are kept', async () => {
    await desktop.evaluate(({ BrowserWindow }) => {
      for (const [index, window] of BrowserWindow.getAllWindows()
        .toSorted((a, b) => a.id - b.id)
        .entries()) {
        window.setBounds({ x: 40 + index * 300, y: 60, width: 1100 + index * 100, height: 760 });
        window.webContents.setZoomFactor(1 + index * 0.25);
      }
    });
    expect(await desktop.quit()).toBe(0);
    await desktop.start();
    await desktop.window(1);
    const places = async (): Promise<unknown> =>
      await desktop.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .toSorted((a, b) => a.getBounds().x - b.getBounds().x)
          .map((window) => ({ ...window.getBounds(), zoom: window.webContents.getZoomFactor() })),
      );
    await expect.poll(places).toEqual([
      { x: 40, y: 60, width: 1100, height: 760, zoom: 1 },
      { x: 340, y: 60, width: 1200, height: 760, zoom: 1.25 },
    ]);
    for (const page of desktop.windows()) {
      const bench = new Workbench(page);
      await expect(bench.pane(counting)).toContainText(/in (?:notes|tasks) 42/);
    }
    const titles = await Promise.all(desktop.windows().map((page) => page.title()));
    expect(titles.toSorted()).toEqual([expect.stringContaining('notes'), expect.stringContaining('tasks')]);
  });
});

test('a window whose screen has gone is brought to one that is there', async ({ page, desktop }) => {
  await expect(page.getByRole('heading', { name: 'Switchyard' })).toBeVisible();
  const bounds = await desktop.evaluate(({ BrowserWindow, screen }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.setBounds({ x: 9000, y: 500, width: 1000, height: 700 });
    screen.emit('display-removed', {}, screen.getPrimaryDisplay());
    const { x, y, width } = screen.getPrimaryDisplay().workArea;
    const moved = window?.getBounds() ?? { x: 0, y: 0 };
    return { isInside: moved.x >= x && moved.x < x + width && moved.y >= y };
  });
  expect(bounds).toEqual({ isInside: true });
});

test('agents go on when the last window is closed, which is said once; quitting asks what becomes of them', async ({
  world,
  desktop,
  page,
}) => {
  test.setTimeout(180_000);
  const notes = await shellRepository(world, 'notes');
  await new Workbench(page).open(notes.path);
  await spawnShell(page);
  const ptyHost = await world.ptyHostPid();
  expect(ptyHost).not.toBeNull();
  const closeLast = (): Promise<void> =>
    desktop.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.close();
    });

  await test.step('closing the last window says that the agent goes on', async () => {
    await closeLast();
    await expect.poll(async () => (await desktop.recorded()).dialogs.at(-1)?.message).toBe('1 agent at work goes on');
    await desktop.answer('OK');
    expect(await desktop.untilEnded()).toBe(0);
    expect(await world.ptyHostPid()).toBe(ptyHost);
  });

  await test.step('the second time it is not said again', async () => {
    const again = await desktop.start();
    await expect(new Workbench(again).pane(counting)).toContainText('$');
    await closeLast();
    expect(await desktop.untilEnded()).toBe(0);
  });

  await test.step('quitting asks, and Cancel stays', async () => {
    const again = await desktop.start();
    const bench = new Workbench(again);
    await expect(bench.pane(counting)).toContainText('$');
    await desktop.askToQuit();
    await expect.poll(async () => (await desktop.recorded()).dialogs.length).toBe(1);
    const [asked] = (await desktop.recorded()).dialogs;
    expect(asked).toMatchObject({
      message: '1 agent at work',
      buttons: ['Leave running', 'Stop all', 'Cancel'],
      default: 'Leave running',
    });
    await desktop.answer('Cancel');
    await bench.typeLine(counting, 'echo "still $((40+2))"');
    await expect(bench.pane(counting)).toContainText('still 42');
  });

  await test.step('Leave running leaves it running', async () => {
    await desktop.askToQuit();
    await expect.poll(async () => (await desktop.recorded()).dialogs.length).toBe(2);
    await desktop.answer('Leave running');
    expect(await desktop.untilEnded()).toBe(0);
    expect(await world.ptyHostPid()).toBe(ptyHost);
    const again = await desktop.start();
    await expect(new Workbench(again).pane(counting)).toContainText('still 42');
  });

  await test.step('Stop all stops it', async () => {
    await desktop.askToQuit();
    await expect.poll(async () => (await desktop.recorded()).dialogs.length).toBe(1);
    await desktop.answer('Stop all');
    expect(await desktop.untilEnded()).toBe(0);
    const again = await desktop.start();
    await expect(new Workbench(again).card(counting)).toContainText(/Stopped|Exited|Ended/i);
  });
});

test('a link leads to its run, and opens nothing unknown without a question', async ({ world, desktop, page }) => {
  test.setTimeout(180_000);
  const notes = await shellRepository(world, 'notes');
  const other = await shellRepository(world, 'other');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await spawnShell(page);
  const runId = await page.evaluate(() => {
    const saved = Object.entries(localStorage).find(([key]) => key.startsWith('switchyard.view.'));
    return (JSON.parse(saved?.[1] ?? '{}') as { grid: { runIds: string[] } }).grid.runIds[0] ?? '';
  });
  expect(runId).not.toBe('');
  await page.getByRole('navigation', { name: 'In the centre' }).getByRole('button', { name: 'Prompts' }).click();
  await expect(bench.terminal(counting)).toBeHidden();

  await test.step('to a run of an open project', async () => {
    const link = `switchyard://open?project=${encodeURIComponent(notes.path)}&run=${runId}`;
    expect(await desktop.startAgain(link)).toBe(0);
    await expect(bench.terminal(counting)).toBeFocused();
    expect(desktop.windows()).toHaveLength(1);
  });

  await test.step('to a folder that was never opened here: it is asked first', async () => {
    expect(await desktop.startAgain(`switchyard://open?project=${encodeURIComponent(other.path)}`)).toBe(0);
    await expect
      .poll(async () => (await desktop.recorded()).dialogs.at(-1)?.message)
      .toBe('A link wants to open a folder');
    const asked = (await desktop.recorded()).dialogs.at(-1);
    expect(asked?.default).toBe('Cancel');
    expect(asked?.detail).toContain(other.path);
    await desktop.answer('Cancel');
    expect(desktop.windows()).toHaveLength(1);
  });

  await test.step('on the command line, into a start', async () => {
    expect(await desktop.quit()).toBe(0);
    const again = await desktop.start('--project', notes.path, '--run', runId);
    await expect(new Workbench(again).terminal(counting)).toBeFocused();
  });
});
