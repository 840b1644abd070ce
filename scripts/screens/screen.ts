import type { Page } from '@playwright/test';

import { eventually } from '#e2e/processes.ts';
import type { Group, Workbench } from '#e2e/workbench.ts';
import type { World } from '#e2e/world.ts';

/** Where the person is: their machine, and the page on it. */
export interface Place {
  world: World;
  page: Page;
  bench: Workbench;
}

export interface Screen {
  name: string;
  /** Brings the page from where the screen before left it to this one. */
  show: (place: Place) => Promise<void>;
}

/** One way through the app, in a world of its own. */
export interface Walk {
  name: string;
  /** Makes what the person has before they start the app; returns what they start it with. */
  prepare: (world: World) => Promise<readonly string[]>;
  screens: readonly Screen[];
}

export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click();

/** Presses the button that ends the spawn dialog, as soon as it may be pressed. */
export async function spawnAll(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: /^Spawn agents/ });
  await dialog
    .getByRole('button', { name: /^Spawn/ })
    .and(page.locator(':not([aria-disabled])'))
    .click();
  await dialog.waitFor({ state: 'hidden' });
}

/** How long something may take on a busy machine, in milliseconds. */
const patience = 180_000;

/** Waits until a card stands in a group of the board; throws when it does not get there. */
export async function settle(bench: Workbench, title: string, group: Group): Promise<void> {
  const isThere = async (): Promise<boolean> => (await bench.groupOf(title)) === group;
  if (!(await eventually(isThere, patience))) throw new Error(`“${title}” did not come to ${group}`);
}

/** Waits until the pane of a run says something. */
export async function seen(bench: Workbench, title: string, words: string | RegExp): Promise<void> {
  await bench.pane(title).getByText(words).filter({ visible: true }).first().waitFor({ timeout: patience });
}
