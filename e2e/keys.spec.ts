import type { Page } from '@playwright/test';

import { nodePath } from '#scripts/project-paths.ts';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';
import type { World } from './world.ts';

const title = 'Read keys';

/** Prints each press that reaches it, numbered, as hexadecimal bytes. */
const reader = `#!${nodePath}
let count = 0;
process.stdin.setRawMode(true);
process.stdin.on('data', (bytes) => console.log('#' + ++count + ' ' + bytes.toString('hex') + ' .'));
console.log('reading');
`;

async function openReader(world: World, page: Page): Promise<Workbench> {
  await world.program('read-keys', reader);
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/keys.md', specText({ title, agents: ['shell'] }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await bench.spawn(title);
  await expect(bench.pane(title)).toContainText('$');
  await bench.typeLine(title, `clear; exec '${world.folder}/bin/read-keys'`);
  await expect(bench.pane(title)).toContainText('reading');
  return bench;
}

const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const control = (letter: string): string => hex(String.fromCharCode(letter.charCodeAt(0) - 64));
const functionKeys = [
  '\x1bOP',
  '\x1bOQ',
  '\x1bOR',
  '\x1bOS',
  ...[15, 17, 18, 19, 20, 21, 23, 24].map((n) => `\x1b[${n}~`),
];

/** What the app (and the terminal itself, to copy and paste) takes by default. */
const taken = new Set([
  ...Array.from('BCEFKLMOPSV', (letter) => `Control+Shift+${letter}`),
  'F8',
  'F9',
  'Alt+1', // there is one terminal to go to
]);

const keys: readonly (readonly [key: string, bytes: string])[] = [
  ...letters.map((letter) => [`Control+${letter.toLowerCase()}`, control(letter)] as const),
  ...letters.map((letter) => [`Control+Shift+${letter}`, control(letter)] as const),
  ...functionKeys.map((bytes, index) => [`F${String(index + 1)}`, hex(bytes)] as const),
  ...Array.from('0123456789', (digit) => [`Alt+${digit}`, hex(`\x1b${digit}`)] as const),
  ['Escape', '1b'],
  ['Control+Space', '00'],
  ['Tab', '09'],
  ['Shift+Tab', hex('\x1b[Z')],
  ['Alt+x', hex('\x1bx')],
  ['Alt+Enter', hex('\x1b\r')],
];

test('every key reaches the program in a terminal, by itself or handed over', async ({ world, page }) => {
  test.setTimeout(300_000);
  const bench = await openReader(world, page);
  await bench.terminal(title).focus();
  let count = 0;
  const expectBytes = async (what: string, bytes: string): Promise<void> => {
    count++;
    await expect
      .poll(async () => (await bench.rows(title)).findLast((row) => row.startsWith('#')), { message: what })
      .toBe(`#${String(count)} ${bytes} .`);
  };
  for (const [key, bytes] of keys) {
    if (taken.has(key)) {
      await page.keyboard.press('Control+Shift+K');
      await expect(bench.pane(title).getByText('The next key goes to this terminal')).toBeVisible();
    }
    await page.keyboard.press(key);
    await expectBytes(key, bytes);
  }
  await expect(bench.pane(title).getByText('The next key goes to this terminal')).toBeHidden();

  // A sign that takes AltGr. Playwright has no such key: this is what Chromium tells a page on Linux.
  const browser = await page.context().newCDPSession(page);
  const altGraph = { key: 'AltGraph', code: 'AltRight' };
  await browser.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...altGraph });
  await browser.send('Input.dispatchKeyEvent', { type: 'keyDown', key: '@', code: 'KeyQ', text: '@' });
  await browser.send('Input.dispatchKeyEvent', { type: 'keyUp', key: '@', code: 'KeyQ' });
  await browser.send('Input.dispatchKeyEvent', { type: 'keyUp', ...altGraph });
  await expectBytes('AltGr', hex('@'));
});

test('a terminal can keep all keys, and says so; the app gets them back with one', async ({ world, page }) => {
  const bench = await openReader(world, page);
  await bench.terminal(title).focus();
  await page.keyboard.press('Control+Shift+L');
  const mark = bench.pane(title).getByRole('button', { name: /give the app its keys back/ });
  await expect(mark).toBeVisible();
  await page.keyboard.press('F8');
  await expect(bench.pane(title)).toContainText(`#1 ${hex('\x1b[19~')} .`);
  await page.keyboard.press('Control+Shift+P');
  await expect(bench.pane(title)).toContainText('#2 10 .');
  await expect(page.getByRole('combobox')).toBeHidden();

  await page.keyboard.press('Control+Shift+L');
  await expect(mark).toBeHidden();
  await page.keyboard.press('Control+Shift+P');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(bench.terminal(title)).toBeFocused();
});

test('the keys are the person’s: changed, seen everywhere at once, kept, and reset', async ({ world, page }) => {
  const bench = await openReader(world, page);
  const openKeyboard = async (): Promise<void> => {
    await page.keyboard.press('Control+Shift+P');
    await expect(page.getByRole('combobox')).toBeFocused();
    await page.keyboard.type('Change the keys');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('searchbox', { name: 'Find a command or a key' })).toBeFocused();
  };
  const settings = bench.dialog('Settings');
  const command = (name: string) => settings.getByRole('listitem').filter({ hasText: name });
  const record = async (name: string, chord: string): Promise<void> => {
    await settings.getByRole('searchbox', { name: 'Find a command or a key' }).fill(name);
    await command(name).getByRole('button', { name: 'Add a key' }).click();
    await expect(settings.getByRole('textbox', { name: 'Press the new key' })).toBeFocused();
    await page.keyboard.press(chord);
  };

  await openKeyboard();
  await record('Go to the board', 'Control+Shift+Y');
  await settings.getByRole('button', { name: 'Use it' }).click();
  await expect(command('Go to the board')).toContainText('CtrlShiftY');
  await page.keyboard.press('Escape');
  await expect(settings).toBeHidden();
  await bench.terminal(title).focus();
  await page.keyboard.press('Control+Shift+Y');
  await expect(bench.board.locator(':focus')).toBeVisible();

  await openKeyboard();
  await record('Write a message to the agent', 'Control+Shift+F');
  await expect(settings).toContainText('It starts “Find in the terminal” now.');
  await settings.getByRole('button', { name: 'Take it from “Find in the terminal”' }).click();
  await record('Settings', 'Escape');
  await record('Settings', 'Control+T');
  await expect(settings).toContainText('A browser keeps this chord');
  await settings.getByRole('button', { name: 'Cancel' }).click();
  await page.keyboard.press('Escape');

  await page.reload();
  await expect(bench.pane(title)).toContainText('reading');
  await bench.terminal(title).focus();
  await page.keyboard.press('Control+Shift+F');
  await expect(bench.pane(title).getByRole('textbox', { name: 'Message to Shell' })).toBeFocused();

  await openKeyboard();
  await settings.getByRole('button', { name: 'Reset all' }).click();
  await expect(command('Go to the board')).not.toContainText('CtrlShiftY');
  await page.keyboard.press('Escape');
  await bench.terminal(title).focus();
  await page.keyboard.press('Control+Shift+F');
  await expect(bench.pane(title).getByRole('textbox', { name: /Find/ })).toBeFocused();
});
