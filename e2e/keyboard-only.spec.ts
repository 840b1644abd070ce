import type { Locator, Page } from '@playwright/test';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const title = 'Remove a note';
const question = 'Should removing a note ask first?';

/** Presses Tab until this has the keyboard, as somebody without a pointer does. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const hasFocus = (): Promise<boolean> => target.evaluate((element) => element === document.activeElement);
  await target.waitFor();
  for (let pressed = 0; pressed < 40; pressed++) {
    if (await hasFocus()) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${String(target)} was not reached with ${key}`);
}

/** What has the keyboard shows that it has. */
async function expectFocusVisible(page: Page): Promise<void> {
  const isVisible = await page.evaluate(() => {
    const active = document.activeElement;
    if (!active || active === document.body) return false;
    const { outlineStyle, boxShadow } = getComputedStyle(active);
    return active.matches(':focus-visible') && (outlineStyle !== 'none' || boxShadow !== 'none');
  });
  expect(isVisible).toBe(true);
}

test('the whole way without a pointer: open, choose a spec, spawn, answer, review, decide, merge', async ({
  world,
  page,
}) => {
  test.setTimeout(300_000);
  world.env['SCRIBE_PACE_MS'] = '0';
  const notes = await world.repository('notes', 'clean');
  await notes.write(
    'specs/remove.md',
    specText({ title, ask: question, files: { 'src/remove.js': 'export {};\n', 'src/undo.js': 'export {};\n' } }),
  );
  await notes.write('specs/other.md', specText({ title: 'Something else' }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);

  await test.step('open', async () => {
    await tabTo(page, page.getByRole('combobox', { name: 'Folder of a Git repository' }));
    await page.keyboard.type(notes.path);
    await page.keyboard.press('Enter');
    await bench.expectInGroup(title, 'Drafts');
  });

  await test.step('choose a spec on the board, look at it, come back', async () => {
    await page.keyboard.press('b');
    const draft = bench.board.locator('[data-row^="draft:"]').filter({ hasText: title });
    for (let pressed = 0; pressed < 6 && !(await draft.evaluate((row) => row === document.activeElement)); pressed++) {
      await page.keyboard.press('j');
    }
    await expect(draft).toBeFocused();
    await expectFocusVisible(page);
    await page.keyboard.press('Enter');
    await expect(bench.editor('remove')).toContainText(title);
    await page.keyboard.press('F6');
    await expect(page.getByRole('textbox', { name: 'Spec remove' })).toBeFocused();
    await page.keyboard.press('F6');
    await expect(draft).toBeFocused();
  });

  await test.step('spawn', async () => {
    await page.keyboard.press('s');
    const dialog = bench.dialog(/^Spawn agents/);
    await expect(dialog).toBeVisible();
    await tabTo(page, dialog.getByRole('button', { name: /^Spawn/ }));
    await expectFocusVisible(page);
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await bench.expectInGroup(title, 'Needs you');
  });

  await test.step('answer', async () => {
    await page.keyboard.press('F8');
    await expect(bench.terminal(title)).toBeFocused();
    await page.keyboard.type('No, there is undo.');
    await page.keyboard.press('Enter');
    await bench.expectInGroup(title, 'Review');
  });

  await test.step('review', async () => {
    const files = page.getByRole('listbox', { name: 'Changed files' });
    // The inbox hears a moment after the board that there is something else to do about the run.
    await expect(async () => {
      await page.keyboard.press('F8');
      await expect(files.getByRole('option')).toHaveCount(2, { timeout: 5000 });
    }).toPass();
    await page.keyboard.press('F6');
    await expect(files).toBeFocused();
    await expectFocusVisible(page);
    await page.keyboard.press('ArrowDown');
    await expect(files.getByRole('option', { name: 'src/undo.js' })).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('v');
    await expect(page.getByText('1 of 2 viewed')).toBeVisible();
  });

  await test.step('decide', async () => {
    await tabTo(page, page.getByRole('radio', { name: 'Pending' }), 'Shift+Tab');
    await expectFocusVisible(page);
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('radio', { name: 'Keep' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByText('It may be merged.')).toBeVisible();
  });

  await test.step('merge', async () => {
    await page.keyboard.press('Control+Shift+M');
    const dialog = bench.dialog(/^Merge into/);
    await expect(dialog.getByText('Merges cleanly')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(page.locator('main :focus')).toBeVisible(); // where the person was
    await page.keyboard.press('Control+Shift+M');
    await expect(dialog.getByText('Merges cleanly')).toBeVisible();
    await tabTo(page, dialog.getByRole('button', { name: /^(?:Merge|Keep and merge)$/ }));
    await page.keyboard.press('Enter');
    const notice = bench.toast(`Merged “${title}” into`);
    await expect(notice).toBeVisible();
    await page.keyboard.press('Alt+t');
    await tabTo(page, notice.getByRole('button').last());
    await page.keyboard.press('Escape');
    await expect(page.locator('main :focus')).toBeVisible(); // back where the person was
    await bench.expectInGroup(title, 'Done');
    expect(await notes.git('show', 'main:src/remove.js')).toBe('export {};');
  });

  await test.step('what opens closes with Escape, and the keyboard is where it was', async () => {
    await page.keyboard.press('b');
    await expect(bench.board.locator(':focus')).toBeVisible();
    for (const [chord, name] of [
      ['Control+,', 'Settings'],
      ['?', 'Keys'],
      ['n', 'New spec'],
    ] as const) {
      const before = await page.evaluate(() => document.activeElement?.getAttribute('data-row') ?? null);
      expect(before).not.toBeNull();
      await page.keyboard.press(chord);
      await expect(bench.dialog(name)).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(bench.dialog(name)).toBeHidden();
      await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe(before);
    }
  });
});
