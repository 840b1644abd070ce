import { expect, test as base, type Page } from '@playwright/test';

import { Desktop } from './desktop.ts';
import type { HostProcess } from './host-process.ts';
import { PageWatch } from './page-watch.ts';
import { World } from './world.ts';

/** What the journeys of a project run in. */
export interface ShellOption {
  shell: 'headless' | 'desktop';
}

interface Fixtures extends ShellOption {
  /** A machine of its own for each journey. */
  world: World;
  /** The world's headless host, started. Use `world.host` to start it with arguments. */
  host: HostProcess;
  /** The world's desktop app, not started unless `page` is asked for too. */
  desktop: Desktop;
  /** What went wrong in the pages of a journey; it fails the journey unless it was expected (`watch.expect(/…/)`). */
  watch: PageWatch;
  /** A page at the host's address, or that of the desktop app's first window. */
  page: Page;
}

export const test = base.extend<Fixtures>({
  shell: ['headless', { option: true }],
  world: async ({ browserName: _browserName }, provide, testInfo) => {
    const world = await World.create();
    await provide(world);
    const isFine = testInfo.errors.length === 0;
    if (!isFine) {
      for (const [name, body] of Object.entries(await world.logs())) {
        if (body !== '') await testInfo.attach(name, { body, contentType: 'text/plain' });
      }
    }
    await world.dispose();
  },
  host: async ({ world }, provide) => {
    if (!world.host.isRunning) await world.host.start();
    await provide(world.host);
  },
  desktop: async ({ world, context }, provide, testInfo) => {
    const desktop = new Desktop(world.env, world.folder, context);
    await provide(desktop);
    const isFine = testInfo.errors.length === 0;
    if (!isFine && desktop.output !== '') await testInfo.attach('desktop-output.txt', { body: desktop.output });
    expect(await desktop.quit(), `the desktop app quits in order; it has printed:\n${desktop.output}`).toBe(0);
  },
  watch: async ({ world, context }, provide) => {
    const watch = new PageWatch(() => world.host.hasQuit);
    await watch.follow(context);
    await provide(watch);
    expect(watch.problems, 'what went wrong in the page').toEqual([]);
  },
  page: async ({ context, desktop, shell, world, watch }, provide) => {
    if (shell === 'desktop') {
      const page = await desktop.start();
      if (desktop.context !== context) await watch.follow(desktop.context);
      await provide(page);
      return;
    }
    const page = await context.newPage();
    if (!world.host.isRunning) await world.host.start();
    await page.goto(world.host.address);
    await provide(page);
  },
});

export { expect };
