import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const title = 'Draw the whole screen';

test('a program that draws the whole screen gets mouse, composed text and its size, and leaves the shell as it was', async ({
  world,
  page,
}) => {
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/draw.md', specText({ title, agents: ['shell'] }));
  await notes.write('.switchyard/config.yaml', '# The defaults hold.\n');
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await bench.spawn(title);
  const rows = bench.pane(title).locator('.xterm-rows');
  await expect(rows).toContainText('$');
  await bench.typeLine(title, 'echo before it');
  await expect(rows).toContainText('before it');

  // The alternate screen, mouse reports in SGR form; what the terminal sends is echoed as it comes.
  await bench.typeLine(
    title,
    String.raw`printf '\033[?1049h\033[?1000h\033[?1006h\033[48;5;196m red \033[0m ready\r\n'; cat`,
  );
  await expect(rows).toContainText('ready');
  await expect(rows).not.toContainText('before it');
  await expect(rows.locator('.xterm-bg-196')).toHaveText(/red/);

  await test.step('a click is the program’s', async () => {
    await bench
      .pane(title)
      .locator('.xterm-screen')
      .click({ position: { x: 60, y: 40 } });
    await expect(rows).toContainText(/\^\[\[<0;\d+;\d+M/);
    await expect(rows).toContainText(/\^\[\[<0;\d+;\d+m/);
  });

  await test.step('text that is composed arrives once, when it is done', async () => {
    await bench.terminal(title).focus();
    const keyboard = await page.context().newCDPSession(page);
    await keyboard.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
    await keyboard.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
    await expect(rows).not.toContainText('にほん');
    await keyboard.send('Input.insertText', { text: '日本' });
    await expect(rows).toContainText('日本');
    await page.keyboard.type(' ok');
    await expect(rows).toContainText(/日本\s* ok/);
    expect((await rows.textContent())?.match(/日本/g)).toHaveLength(1);
  });

  await test.step('then the shell is as it was, and knows its size after a resize', async () => {
    await page.keyboard.press('Control+c');
    await bench.typeLine(title, String.raw`printf '\033[?1000l\033[?1006l\033[?1049l'`);
    await expect(rows).toContainText('before it');
    await page.setViewportSize({ width: 1100, height: 640 });
    const shown = async (): Promise<number> => (await rows.locator('> div').count()) || 0;
    await expect.poll(shown).toBeLessThan(40);
    await bench.typeLine(title, 'stty size');
    await expect.poll(async () => (await rows.textContent())?.includes(`${String(await shown())} `)).toBe(true);
  });
});
