import { readFile } from 'node:fs/promises';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const first = 'Count in a shell';
const second = 'Sort in a shell';

test('what terminals have said: search two runs, jump, copy as Markdown, follow a file into the review', async ({
  world,
  page,
}) => {
  test.setTimeout(180_000);
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/count.md', specText({ title: first, agents: ['shell'], branch: 'feature/count' }));
  await notes.write('specs/sort.md', specText({ title: second, agents: ['shell'], branch: 'feature/sort' }));
  await notes.write('.switchyard/config.yaml', '# The defaults hold.\n');
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  const command = async (title: string): Promise<void> => {
    await page.keyboard.press('Control+Shift+P');
    await page.getByRole('combobox').fill(title);
    await page.getByRole('option', { name: title }).first().click();
  };

  await test.step('two shells say more than fits on a screen', async () => {
    await bench.open(notes.path);
    await page.getByRole('button', { name: 'Spawn agents' }).click();
    await bench
      .dialog(/^Spawn agents/)
      .getByRole('button', { name: 'Spawn 2 runs' })
      .click();
    for (const title of [first, second]) await expect(bench.pane(title)).toContainText('$');
    await bench.typeLine(first, 'echo Needle" in the first"; seq -f "first line %.0f" 1 1500');
    await expect(bench.pane(first)).toContainText('first line 1500');
    await bench.typeLine(
      second,
      'seq -f "second line %.0f" 1 300; echo needle" of the second"; seq 1 60; echo a"ll said"',
    );
    await expect(bench.pane(second)).toContainText('all said');
  });

  const search = page.getByRole('region', { name: 'Search all terminals' });
  const hits = (title: string) => search.getByRole('region', { name: `Hits in ${title}` });
  await test.step('a search over all of them finds what has scrolled away, with the lines around it', async () => {
    await page.keyboard.press('Control+Shift+S');
    await search.getByRole('textbox').fill('needle (in|of) the');
    await expect(search.getByRole('status')).toHaveText('0 hits in 0 terminals');
    await search.getByRole('button', { name: 'Regular expression' }).click();
    await expect(search.getByRole('status')).toHaveText('2 hits in 2 terminals');
    await expect(hits(first).getByRole('button')).toContainText('first line 1');
    await expect(hits(second).getByRole('button')).toContainText('second line 300');
    await search.getByRole('textbox').fill('(s+)+n$(?!.)x');
    await search.getByRole('textbox').fill('needle (');
    await expect(search.getByRole('status')).toContainText('Not a regular expression');
    await search.getByRole('textbox').fill('needle (in|of) the');
    await expect(search.getByRole('status')).toHaveText('2 hits in 2 terminals');
  });

  await test.step('a hit leads to its line in the terminal', async () => {
    // The runs stand in the order in which they were made, which is either.
    await search.getByRole('textbox').press('ArrowDown');
    await expect(search.getByRole('button', { name: /needle (in|of) the/i }).first()).toBeFocused();
    await hits(first).getByRole('button').press('Enter');
    await expect(bench.pane(first)).toContainText('Needle in the first');
    await expect(page.getByRole('button', { name: 'To the end' })).toBeVisible();
    await page.keyboard.press('Control+Shift+C');
    await expect.poll(clipboard).toBe('Needle in the');
  });

  await test.step('the hit is copied as Markdown, and the whole is saved as a file', async () => {
    await command('Copy the selection or the whole terminal as Markdown');
    await expect(bench.toast('Copied the selection')).toBeVisible();
    expect(await clipboard()).toMatch(
      /^\*\*Count in a shell\*\* · .+ · `feature\/count` · \d{4}-\d\d-\d\d \d\d:\d\d\n\n```text\nNeedle in the\n```\n$/,
    );
    const downloading = page.waitForEvent('download');
    await command('Save the terminal’s transcript as text');
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^feature-count-\d{4}-\d\d-\d\d-\d{4}\.txt$/);
    const lines = (await readFile(await download.path(), 'utf8')).split('\n');
    expect(lines).toContain('Needle in the first');
    expect(lines).toContain('first line 777');
  });

  await test.step('finding in one terminal reaches as far up as the host keeps it', async () => {
    await bench.terminal(first).focus();
    await page.keyboard.press('Control+Shift+F');
    const bar = bench.pane(first).getByRole('search');
    await bar.getByRole('textbox').fill('first line 7$');
    await bar.getByRole('button', { name: 'Regular expression' }).click();
    await expect(bar).toContainText('1 of 1');
    await expect(bench.pane(first)).toContainText('first line 7');
    await page.keyboard.press('Escape');
  });

  await test.step('prompts that a shell marks can be gone to; where there are none, it is said', async () => {
    await bench.terminal(second).focus();
    await page.keyboard.press('Control+Shift+P');
    await page.getByRole('combobox').fill('previous prompt');
    await expect(page.getByRole('option', { name: 'Previous prompt in the terminal' })).toContainText('OSC 133');
    await page.keyboard.press('Escape');
    const marks = String.raw`PS0='\e]133;C\e\\'; PROMPT_COMMAND='printf "\e]133;D;$?\e\\"'; PS1='\[\e]133;A\e\\\]$ \[\e]133;B\e\\\]'`;
    await bench.typeLine(second, marks);
    await bench.typeLine(second, 'echo marked; seq 1 200');
    await expect(bench.pane(second)).toContainText('200');
    await bench.typeLine(second, 'echo en"d of it"');
    await expect(bench.pane(second)).toContainText('end of it');
    await command('Copy the output of the command in view');
    await expect(bench.toast('Copied the output of “echo en"d of it"”')).toBeVisible();
    expect(await clipboard()).toBe('end of it');
    await bench.terminal(second).focus();
    for (let press = 0; press < 2; press++) await page.keyboard.press('Control+Shift+ArrowUp');
    await expect.poll(async () => (await bench.rows(second))[0]).toContain('echo marked; seq 1 200');
  });

  await test.step('a file that was changed opens in the review at its line, another one as it is', async () => {
    await bench.typeLine(
      second,
      'clear; echo "// more" >>src/notes.js; echo src/notes.js":3:1 - error"; echo ../notes/src":1"; ls src/colours.js',
    );
    const row = (text: string) => bench.pane(second).locator('.xterm-rows > div').filter({ hasText: text }).first();
    await expect(row('src/notes.js:3:1 - error')).toBeVisible();
    // Until the pointer rests there nothing is asked; a link is there when it says so.
    const follow = async (text: string, says: string): Promise<void> => {
      await expect(async () => {
        const box = await row(text).boundingBox();
        await page.mouse.move(5, 5);
        await page.mouse.move((box?.x ?? 0) + 24, (box?.y ?? 0) + 8, { steps: 3 });
        await expect(bench.pane(second).getByText(`${says} Ctrl+click opens it`)).toBeVisible({ timeout: 3000 });
      }).toPass();
      await page.keyboard.down('ControlOrMeta');
      await page.mouse.down();
      await page.mouse.up();
      await page.keyboard.up('ControlOrMeta');
    };
    await follow('src/notes.js:3:1 - error', 'src/notes.js:3:1');
    await expect(bench.diff('src/notes.js').last()).toContainText('// more');
    await bench.tab('Terminals').click();
    await follow('src/colours.js', 'src/colours.js');
    await expect(page.getByRole('region', { name: 'src/colours.js' })).toContainText('teal');
  });
});
