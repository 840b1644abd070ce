import { join } from 'node:path';

import { commandProgram, nodePath } from '#scripts/project-paths.ts';
import { desktopRunsOn } from '#e2e/desktop.ts';
import { expect, test } from '#e2e/fixtures.ts';
import { lastLookAt } from '#e2e/looks.ts';
import { specText } from '#e2e/spec-text.ts';
import { Workbench } from '#e2e/workbench.ts';
import type { Recording } from '#e2e/desktop-recording.ts';

/** Milliseconds after which what comes up in a project is news, and not how it was when it was opened, and a little more. */
const untilNews = 5000;

test.beforeEach(({ world }) => {
  world.env['SCRIBE_PACE_MS'] = '0';
});

test('the menu has every command with its key, says what can be done now, and does it in the focused window', async ({
  world,
  desktop,
  page,
}) => {
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/add.md', specText({ title: 'Add a file' }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  const find = (id: string): Promise<{ label: string; enabled: boolean; accelerator: string | null } | null> =>
    desktop.evaluate(({ Menu }, wanted) => {
      const item = Menu.getApplicationMenu()?.getMenuItemById(wanted);
      return item ? { label: item.label, enabled: item.enabled, accelerator: String(item.accelerator ?? '') } : null;
    }, id);

  await expect
    .poll(() => find('app.settings'))
    .toEqual({
      label: 'Settings',
      enabled: true,
      accelerator: 'CommandOrControl+,',
    });
  expect((await find('go.inbox'))?.enabled).toBe(false);
  await bench.open(notes.path);
  await expect.poll(async () => (await find('go.inbox'))?.enabled).toBe(true);
  expect((await find('run.stop'))?.enabled).toBe(false);
  await desktop.chooseFromMenu('Go', 'Inbox: all that needs you');
  await expect(page.getByRole('region', { name: 'Inbox' })).toBeVisible();
  await desktop.chooseFromMenu('View', 'Settings');
  await expect(bench.dialog('Settings')).toBeVisible();
  await page.keyboard.press('Escape');

  await test.step('what is of the board goes to the card that has the keyboard', async () => {
    expect((await find('board.spawn'))?.enabled).toBe(false);
    await bench.card('Add a file').getByRole('button').first().focus();
    await expect.poll(async () => (await find('board.spawn'))?.enabled).toBe(true);
    expect((await find('board.terminal'))?.enabled).toBe(false);
    await desktop.chooseFromMenu('Board', 'Spawn the draft');
    await expect(bench.dialog(/^Spawn agents/)).toBeVisible();
    await expect.poll(async () => (await find('board.spawn'))?.enabled).toBe(false);
    await page.keyboard.press('Escape');
  });

  await test.step('recent projects, and a folder chosen in the system’s dialog', async () => {
    await bench.leave();
    await desktop.chooseFromMenu('File', 'Open Folder…');
    await expect.poll(async () => (await desktop.recorded()).dialogs.at(-1)?.kind).toBe('folder');
    await desktop.answer('', { paths: [notes.path] });
    const second = await desktop.window(1);
    await expect(second).toHaveTitle('notes – Switchyard');
    await second.close();
    await expect.poll(() => desktop.windows().length).toBe(1);
    await desktop.chooseFromMenu('File', 'Open Recent', 'notes');
    await expect(await desktop.window(1)).toHaveTitle('notes – Switchyard');
  });

  await test.step('a folder is dropped on the start screen', async () => {
    const other = await world.repository('other', 'clean');
    desktop.putOnDisk(page, 'other', other.path);
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([], 'other'));
      dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
    });
    await expect(page).toHaveTitle('other – Switchyard');
  });
});

test('badge, tray, notice, sleep and theme follow the agents', async ({ world, desktop, page }) => {
  test.setTimeout(180_000);
  const title = 'Ask before removing';
  const notes = await world.repository('notes', 'clean');
  /** A check that holds a run back until there is a file with this name. */
  const until = (name: string): string => `until [ -e '${join(world.folder, name)}' ]; do sleep 0.1; done`;
  const letGo = (name: string): Promise<unknown> => world.run('touch', [join(world.folder, name)]);
  await notes.write(
    'specs/ask.md',
    specText({
      title,
      ask: 'Should it ask first?',
      check: until('may-ask'),
      files: { 'a.js': 'export {};\n' },
    }),
  );
  await notes.write(
    'specs/wait.md',
    specText({ title: 'Wait a while', check: until('may-end'), files: { 'b.js': 'export {};\n' } }),
  );
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await expect(bench.card(title)).toBeVisible();
  const openedAt = Date.now();

  await test.step('the person wants notices, and the machine awake', async () => {
    await desktop.chooseFromMenu('View', 'Settings');
    await page.getByRole('checkbox', { name: 'Keep the machine awake while agents work' }).click();
    await page.getByRole('dialog').getByRole('radio', { name: 'Attention' }).click();
    await page.getByRole('checkbox', { name: 'Tell me when a run needs me' }).click();
    await page.keyboard.press('Escape');
  });
  const isAwake = (): Promise<boolean> =>
    desktop.evaluate(({ powerSaveBlocker }) =>
      Array.from({ length: 50 }, (_, id) => id).some((id) => powerSaveBlocker.isStarted(id)),
    );
  expect(await isAwake()).toBe(false);

  await test.step('while an agent works, the machine stays awake', async () => {
    await bench.spawn('Wait a while');
    await expect.poll(isAwake).toBe(true);
  });

  await test.step('what needs the person is on the badge, in the tray, and told', async () => {
    await bench.spawn(title);
    // It asks only when the host knows that nobody looks: what is in sight, or was so when the project was opened, is no news.
    await expect.poll(() => lastLookAt(notes, title)).toBe('open');
    await bench.tab('Prompts').click();
    await expect.poll(() => lastLookAt(notes, title)).toBe('ended');
    await expect.poll(() => Date.now() - openedAt).toBeGreaterThan(untilNews);
    await letGo('may-ask');
    await expect.poll(() => desktop.evaluate(({ app }) => app.getBadgeCount())).toBe(1);
    await expect.poll(async () => (await desktop.recorded()).tray[0]).toBe(`${title} – asked a question`);
    await expect.poll(async () => (await desktop.recorded()).notices.length, { timeout: 60_000 }).toBe(1);
    const [notice] = (await desktop.recorded()).notices;
    expect(notice).toMatchObject({ title: `“${title}” asked a question`, body: 'Should it ask first?', silent: true });
  });

  await test.step('a press on the notice, or in the tray, leads to the run', async () => {
    await expect(bench.terminal(title)).toBeHidden();
    await desktop.evaluate(() => {
      const { shown } = (globalThis as unknown as { recorded: Recording }).recorded;
      for (const notification of shown.values()) notification.emit('click', {});
    });
    await expect(bench.terminal(title)).toBeFocused();
    await bench.tab('Prompts').click();
    await expect(bench.terminal(title)).toBeHidden();
    await desktop.evaluate(() => {
      (globalThis as unknown as { recorded: Recording }).recorded.trayMenu?.items[0]?.click();
    });
    await expect(bench.terminal(title)).toBeFocused();
  });

  await test.step('once nothing works any more, the machine may sleep', async () => {
    await letGo('may-end');
    await expect.poll(isAwake, { timeout: 60_000 }).toBe(false);
  });

  await test.step('the theme that is chosen is the system’s frame’s as well', async () => {
    const theme = (): Promise<string> => desktop.evaluate(({ nativeTheme }) => nativeTheme.themeSource);
    expect(await theme()).toBe('system');
    await desktop.chooseFromMenu('View', 'Theme: light');
    await expect.poll(theme).toBe('light');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  });
});

test('agents that the command starts in a project without a window count like all others', async ({
  world,
  desktop,
  page,
}) => {
  test.setTimeout(180_000);
  const title = 'Ask before removing';
  const notes = await world.repository('notes', 'clean');
  await notes.write(
    'specs/ask.md',
    specText({ title, ask: 'Should it ask first?', files: { 'a.js': 'export {};\n' } }),
  );
  await notes.commit('Say what is next');
  await expect(page.getByRole('heading', { name: 'Switchyard' })).toBeVisible();
  await world.run(nodePath, [commandProgram, 'spawn', 'ask', '--project', notes.path]);

  await test.step('on the badge and in the tray', async () => {
    await expect.poll(() => desktop.evaluate(({ app }) => app.getBadgeCount())).toBe(1);
    await expect.poll(async () => (await desktop.recorded()).tray[0]).toBe(`${title} – asked a question`);
  });

  await test.step('in what is asked before the app quits', async () => {
    await desktop.askToQuit();
    await expect.poll(async () => (await desktop.recorded()).dialogs.at(-1)?.message).toBe('1 agent at work');
    await desktop.answer('Cancel');
  });

  await test.step('and the line in the tray opens their project at the run', async () => {
    await desktop.evaluate(() => {
      (globalThis as unknown as { recorded: Recording }).recorded.trayMenu?.items[0]?.click();
    });
    const opened = await desktop.window(1);
    await expect(opened).toHaveTitle(/notes – Switchyard$/);
    await expect(new Workbench(opened).terminal(title)).toBeFocused();
  });
});

test('the page has the system’s accent colour where it can be read on, and only as long as the person wants it', async ({
  desktop,
  page,
}) => {
  test.skip(desktopRunsOn === 'Electron', 'a real system has the colour that its person has chosen');
  await expect(page.getByRole('heading', { name: 'Switchyard' })).toBeVisible();
  const choose = (accent: string): Promise<void> =>
    desktop.evaluate(({ systemPreferences }, chosen) => {
      (systemPreferences as unknown as { chooseAccent(accent: string): void }).chooseAccent(chosen);
    }, accent);
  const shown = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent'));
  const own = await shown();
  const setting = page.getByRole('checkbox', { name: 'Follow the system’s accent colour' });

  await test.step('a system without one has nothing to choose', async () => {
    await desktop.chooseFromMenu('View', 'Settings');
    await expect(page.getByRole('radio', { name: 'Light' })).toBeVisible();
    await expect(setting).toBeHidden();
  });

  await test.step('it is followed at once, in either theme', async () => {
    await choose('a550a7ff');
    await expect(setting).toBeChecked();
    await expect.poll(shown).not.toBe(own);
    const inDark = await shown();
    await page.getByRole('radio', { name: 'Light' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    expect(await shown()).toBe(inDark);
    await page.getByRole('radio', { name: 'Dark' }).click();
  });

  await test.step('one that cannot be read on is not, which is said', async () => {
    await choose('ffc600ff');
    await expect.poll(shown).toBe(own);
    await expect(page.getByText('our own is used')).toBeVisible();
  });

  await test.step('and none is when the person does not want it', async () => {
    await choose('62ba46ff');
    await expect.poll(shown).not.toBe(own);
    await setting.click();
    await expect.poll(shown).toBe(own);
  });
});
