import { expect, type Locator, type Page } from '@playwright/test';

export type Group = 'Needs you' | 'Review' | 'Running' | 'Queued' | 'Drafts' | 'Done';

/** The page as a person sees and uses it: by roles and by what is written there. */
export class Workbench {
  readonly page: Page;
  readonly board: Locator;
  readonly centre: Locator;

  constructor(page: Page) {
    this.page = page;
    this.board = page.getByRole('region', { name: 'Board' });
    this.centre = page.getByRole('main');
  }

  /** Types the path of a folder on the start screen and opens it. */
  async open(path: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Folder of a Git repository' }).fill(path);
    await this.page.getByRole('button', { name: 'Open', exact: true }).click();
  }

  /** Why a folder was not opened, by its title. */
  refusal(title: string | RegExp): Locator {
    return this.page
      .getByRole('main')
      .locator('[role="note"], [role="alert"]')
      .filter({ has: this.page.getByText(title, { exact: typeof title === 'string' }) });
  }

  /** Back to the start screen. */
  async leave(): Promise<void> {
    await this.page.getByRole('banner').getByRole('button').first().click();
    await this.page.getByRole('menuitem', { name: 'Open another project…' }).click();
    await expect(this.page.getByRole('heading', { name: 'Switchyard' })).toBeVisible();
  }

  /** Spawns what a draft's card and its dialog propose. */
  async spawn(title: string): Promise<void> {
    await this.card(title).getByRole('button', { name: 'Spawn' }).click();
    const dialog = this.dialog(/^Spawn agents/);
    await dialog.getByRole('button', { name: /^Spawn/ }).click();
    await expect(dialog).toBeHidden();
  }

  /** The card of a run or a draft with this title. */
  card(title: string): Locator {
    return this.board.getByRole('article').filter({ hasText: title });
  }

  /** The card itself as a button: it opens what the card is about. */
  async openCard(title: string): Promise<void> {
    await this.card(title).getByRole('button').first().click();
  }

  /** Chooses from a card's menu. Its button shows when the pointer is on the card. */
  async choose(title: string, item: string): Promise<void> {
    await this.card(title).hover();
    await this.card(title).getByRole('button', { name: 'More actions' }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** In which group of the board the card stands now; null: nowhere. */
  async groupOf(title: string): Promise<Group | null> {
    const rows = await this.board.getByRole('listitem').evaluateAll((items) =>
      items
        .toSorted((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
        .map((item) => ({
          heading: item.querySelector('h3 span')?.textContent ?? null,
          text: item.textContent,
        })),
    );
    let group: string | null = null;
    for (const { heading, text } of rows) {
      if (heading !== null) group = heading;
      else if (text.includes(title)) return group as Group | null;
    }
    return null;
  }

  async expectInGroup(title: string, group: Group | null): Promise<void> {
    const message = `“${title}” in ${group ?? 'no group'}`;
    // An agent has its work to do until then.
    await expect.poll(() => this.groupOf(title), { message, timeout: 60_000 }).toBe(group);
  }

  /** The pane of a run in the grid. */
  pane(title: string): Locator {
    return this.centre.locator('section').filter({ has: this.page.getByRole('heading', { name: title }) });
  }

  /** What takes the keys of a run's terminal. */
  terminal(title: string): Locator {
    return this.pane(title).getByRole('textbox', { name: `Terminal of ${title}` });
  }

  /** Gives a terminal the keyboard and types a line. */
  async typeLine(title: string, line: string): Promise<void> {
    await this.terminal(title).focus();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press('Enter');
  }

  /** The lines that a terminal shows, without the spaces at their ends. xterm gives its rows no role. */
  async rows(title: string): Promise<readonly string[]> {
    const rows = await this.pane(title).locator('.xterm-rows > div').allTextContents();
    return rows.map((row) => row.trimEnd());
  }

  /** A tab over the centre. */
  tab(name: string | RegExp): Locator {
    return this.page.getByRole('navigation', { name: 'In the centre' }).getByRole('button', { name });
  }

  /** The text of a spec as the editor shows it. */
  editor(slug: string): Locator {
    return this.centre.getByRole('code').filter({ has: this.page.getByRole('textbox', { name: `Spec ${slug}` }) });
  }

  /** Waits until nothing that an editor needs is still to come from the host, so that the host may go. */
  async editorsAreLoaded(): Promise<void> {
    const workers = () => this.page.workers();
    await expect.poll(() => workers().length, 'the worker of the editors is there').toBeGreaterThan(0);
    for (const worker of workers()) await worker.evaluate(() => null);
  }

  /** The sides of a changed file's diff: before and after. */
  diff(path: string): Locator {
    return this.centre
      .getByRole('code')
      .filter({ has: this.page.getByRole('textbox', { name: `Changes of ${path}` }) });
  }

  /** Merges the run whose review is open, and waits until it is said that it was. */
  async merge(title: string, method: 'Merge commit' | 'Squash' | 'Rebase'): Promise<void> {
    await this.page.getByRole('button', { name: 'Merge…' }).click();
    const dialog = this.dialog(/^Merge into/);
    const choice = dialog.getByRole('radio', { name: method });
    await choice.click();
    await expect(choice).toBeChecked();
    await expect(dialog.getByText('Merges cleanly')).toBeVisible();
    await dialog.getByRole('button', { name: /^(?:Merge|Keep and merge)$/ }).click();
    await expect(this.toast(`Merged “${title}” into`)).toBeVisible();
  }

  /** A short notice in the corner, by its words. */
  toast(words: string | RegExp): Locator {
    return this.page
      .getByRole('region', { name: /^Notifications/ })
      .getByRole('listitem')
      .filter({ hasText: words });
  }

  dialog(name: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name });
  }
}
