import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const title = 'Say hello';

test('a card’s menu opens by the right button and by the menu key, and is gone once something is chosen', async ({
  world,
  page,
  host: _host,
}) => {
  const bench = new Workbench(page);
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/hello.md', specText({ title, files: { 'hello.txt': 'Hello\n' } }));
  await notes.commit('Plan it');
  await bench.open(notes.path);
  await bench.spawn(title);
  await bench.expectInGroup(title, 'Review');
  const menu = page.getByRole('menu');

  await test.step('by the right button: what was chosen is seen, and no menu over it', async () => {
    await bench.card(title).click({ button: 'right' });
    await menu.getByRole('menuitem', { name: 'Review changes' }).click();
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
    await expect(menu).toHaveCount(0);
  });

  await test.step('again, at another place, and without choosing anything', async () => {
    await bench.card(title).click({ button: 'right', position: { x: 20, y: 10 } });
    await expect(menu).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(menu).toHaveCount(0);
  });

  await test.step('by somebody who is quicker than the menu comes up', async () => {
    // On a page that is busy, its motion has not begun when it is closed, and may never.
    const session = await page.context().newCDPSession(page);
    await session.send('Animation.enable');
    await session.send('Animation.setPlaybackRate', { playbackRate: 0 });
    await page.evaluate(() => {
      const choose = (_changes: unknown, observer: MutationObserver): void => {
        const item = document.querySelector<HTMLElement>('[role="menuitem"]:not([data-disabled])');
        const menu = item?.closest('[role="menu"]');
        if (!item || !menu || getComputedStyle(menu).animationName === 'none') return;
        observer.disconnect();
        item.click();
        document.body.dataset['chosen'] = item.innerText;
      };
      new MutationObserver(choose).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
    await bench.card(title).click({ button: 'right' });
    await expect(page.locator('body[data-chosen]')).toHaveCount(1);
    await expect(menu).toHaveCount(0);
    await session.send('Animation.setPlaybackRate', { playbackRate: 1 });
    await session.detach();
  });

  await test.step('for somebody who wants no motion', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await bench.card(title).click({ button: 'right' });
    await menu.getByRole('menuitem', { name: 'Review changes' }).click();
    await expect(menu).toHaveCount(0);
    await bench.choose(title, 'Open terminal');
    await expect(menu).toHaveCount(0);
  });

  await test.step('to the terminal, which has the keyboard then', async () => {
    await expect(page.getByRole('textbox', { name: `Terminal of ${title},` })).toBeFocused();
  });

  await test.step('by the menu key', async () => {
    await bench.card(title).getByRole('button').first().focus();
    await page.keyboard.press('Shift+F10');
    await menu.getByRole('menuitem', { name: 'Review changes' }).press('Enter');
    await expect(menu).toHaveCount(0);
  });
});
