import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { nodePath } from '#scripts/project-paths.ts';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const title = 'Print what you like';
const later = 'Print beside it';

/** Prints frames of synchronized output one after the other, in pieces that end anywhere but where a frame does. */
const frames = `
const row = (n) => 'frame ' + n + ' ' + '#'.repeat(60);
let n = 0, text = '';
const next = () => {
  for (let i = 0; i < 20; i++) {
    n++;
    text += '\\x1b[?2026h\\x1b[2J\\x1b[H' + Array.from({ length: 20 }, () => row(n)).join('\\r\\n') + '\\x1b[?2026l';
  }
  const cut = text.length - 700;
  process.stdout.write(text.slice(0, cut), () => setImmediate(next));
  text = text.slice(cut);
};
next();
`;

const clusters = [
  '👨‍👩‍👧‍👦',
  '🇨🇭🇯🇵',
  '👍🏽',
  '❤️',
  '✌',
  'e\u0301',
  '한국어',
  '각',
  '日本語',
  'कि',
  'ไทย',
  '1️⃣',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'ﷺ',
  '─│┌',
  '…',
  '①',
];

test('a program that prints what it likes: clipboard, links, frames and widths', async ({ world, page, host }) => {
  test.setTimeout(180_000);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/print.md', specText({ title, agents: ['shell'] }));
  await notes.write('specs/later.md', specText({ title: later, agents: ['shell'] }));
  await notes.write('.switchyard/config.yaml', '# The defaults hold.\n');
  await notes.commit('Say what is next');
  /** What to type so that a terminal runs this. */
  const program = async (name: string, script: string): Promise<string> => {
    const file = join(world.folder, `${name}.mjs`);
    await writeFile(file, script);
    return `'${nodePath}' '${file}'`;
  };
  const bench = new Workbench(page);
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  const question = bench.pane(title).getByRole('group', { name: 'A program wants to use the clipboard' });

  await bench.open(notes.path);
  await page.getByRole('button', { name: 'Spawn agents' }).click();
  await bench
    .dialog(/^Spawn agents/)
    .getByRole('button', { name: 'Spawn 2 runs' })
    .click();
  await expect(bench.pane(title)).toContainText('$');
  await expect(bench.pane(later)).toContainText('$');

  await test.step('text goes on the clipboard when the person says so, and only then', async () => {
    await page.evaluate(() => navigator.clipboard.writeText('before'));
    await bench.typeLine(title, "printf '\\033]52;c;%s\\a' $(printf 'from a program' | base64)");
    await expect(question).toContainText('14 characters');
    await expect(question).toContainText('from a program');
    expect(await clipboard()).toBe('before');
    await question.getByRole('button', { name: 'Allow once' }).click();
    await expect(question).toBeHidden();
    await expect.poll(clipboard).toBe('from a program');
    // The terminal has the keyboard again.
    await page.keyboard.type("printf '\\033]52;c;%s\\a' $(printf 'once more' | base64)\n");
    await expect(question).toContainText('once more');
    await question.getByRole('button', { name: 'Never' }).click();
    await page.keyboard.type("printf '\\033]52;c;%s\\a' $(printf 'and again' | base64); echo asked\n");
    await expect.poll(() => bench.rows(title)).toContain('asked');
    await expect(question).toBeHidden();
    expect(await clipboard()).toBe('from a program');
  });

  await test.step('a terminal that nobody is at is not heard', async () => {
    await bench.typeLine(later, "(sleep 1; printf '\\033]52;c;%s\\a' $(printf 'from behind' | base64); echo sent) &");
    await bench.terminal(title).focus();
    // The shell may have shown its prompt before, on the same line.
    await expect.poll(async () => (await bench.rows(later)).some((row) => /(?:^|\$ )sent$/.test(row))).toBe(true);
    await expect(bench.pane(later).getByRole('group', { name: 'A program wants to use the clipboard' })).toBeHidden();
    expect(await clipboard()).toBe('from a program');
  });

  await test.step('a link that says something else than where it leads asks first', async () => {
    await bench.typeLine(title, "clear; printf '\\033]8;;https://\\320\\260pple.example/x\\amy bank\\033]8;;\\a\\n'");
    const link = bench.pane(title).locator('.xterm-rows').getByText('my bank', { exact: true }).last();
    // Over its rows xterm lays an element that takes the pointer.
    await link.hover({ force: true });
    await expect(bench.pane(title)).toContainText('https://xn--pple-43d.example/x');
    await link.click({ modifiers: ['ControlOrMeta'], force: true });
    const dialog = page.getByRole('dialog', { name: 'Open a page of xn--pple-43d.example?' });
    await expect(dialog).toContainText('https://xn--pple-43d.example/x');
    const opened = page.context().waitForEvent('page');
    await page.context().route(/pple/, (route) => route.fulfill({ body: 'there' }));
    await dialog.getByRole('button', { name: 'Open' }).click();
    expect((await opened).url()).toBe('https://xn--pple-43d.example/x');
    await (await opened).close();
    await bench.typeLine(title, "printf '\\033]8;;file:///etc/passwd\\aa file\\033]8;;\\a\\n'");
    const file = bench.pane(title).locator('.xterm-rows').getByText('a file', { exact: true }).last();
    await file.hover({ force: true });
    await expect(bench.pane(title)).toContainText('file:///etc/passwd is not opened');
    await file.click({ modifiers: ['ControlOrMeta'], force: true });
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  await test.step('characters take the same places in the page and in the host', async () => {
    const lines = clusters.map((cluster) => `${cluster}|\\x1b[30GX`).join('\\n');
    await bench.typeLine(title, await program('clusters', `console.log('\\x1b[2J\\x1b[H' + '${lines}');\n`));
    const shown = async (): Promise<readonly string[]> => (await bench.rows(title)).filter((row) => row.endsWith('X'));
    await expect.poll(async () => (await shown()).length).toBe(clusters.length);
    const parsedByPage = await shown();
    // After a reload the page shows what the host's screen holds.
    await page.reload();
    await expect.poll(shown).toEqual(parsedByPage);
  });

  await test.step('frames that are cut anywhere are painted all the time', async () => {
    await bench.typeLine(title, await program('frames', frames));
    const seen = new Set<string>();
    await expect
      .poll(
        async () => {
          for (const row of await bench.rows(title)) if (row.startsWith('frame ')) seen.add(row);
          return seen.size;
        },
        { timeout: 60_000, intervals: [20] },
      )
      .toBeGreaterThan(20);
    await page.keyboard.press('Control+C');
    await expect.poll(async () => (await bench.rows(title)).some((row) => row.endsWith('$'))).toBe(true);
  });

  await test.step('a flood of nonsense leaves the page as it was', async () => {
    const flood = join(world.folder, 'flood.bin');
    await world.run('sh', ['-c', `head -c 3000000 /dev/urandom > '${flood}'`]);
    await bench.typeLine(title, `cat '${flood}'; printf '\\030\\033c'; echo still here`);
    await expect.poll(() => bench.rows(title), { timeout: 60_000 }).toContain('still here');
    await bench.typeLine(later, 'clear; echo and here');
    await expect.poll(() => bench.rows(later)).toContain('and here');
  });
  expect(host.isRunning).toBe(true);
});
