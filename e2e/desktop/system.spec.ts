import { join } from 'node:path';

import { expect, test } from '#e2e/fixtures.ts';
import { specText } from '#e2e/spec-text.ts';
import { Workbench } from '#e2e/workbench.ts';
import type { Recording } from '#e2e/desktop-recording.ts';

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
  const gate = join(world.folder, 'let-go');
  await notes.write(
    'specs/ask.md',
    specText({ title, ask: 'Should it ask first?', files: { 'a.js': 'export {};\n' } }),
  );
  await notes.write(
    'specs/wait.md',
    specText({
      title: 'Wait a while',
      check: `until [ -e '${gate}' ]; do sleep 0.1; done`,
      files: { 'b.js': 'export {};\n' },
    }),
  );
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await expect(bench.card(title)).toBeVisible();

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
    await bench.tab('Prompts').click();
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
    await world.run('touch', [gate]);
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
