import { expect, test as base, type Page } from '@playwright/test';

import type { HostProcess } from './host-process.ts';
import { PageWatch } from './page-watch.ts';
import { World } from './world.ts';

interface Fixtures {
  /** A machine of its own for each journey. */
  world: World;
  /** The world's headless host, started. Use `world.host` to start it with arguments. */
  host: HostProcess;
  /** What went wrong in the pages of a journey; it fails the journey unless it was expected (`watch.expect(/…/)`). */
  watch: PageWatch;
  /** A page at the host's address. */
  page: Page;
}

export const test = base.extend<Fixtures>({
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
  watch: async ({ world, context }, provide) => {
    const watch = new PageWatch(() => world.host.hasQuit);
    await watch.follow(context);
    await provide(watch);
    expect(watch.problems, 'what went wrong in the page').toEqual([]);
  },
  page: async ({ page, host, watch: _watch }, provide) => {
    await page.goto(host.address);
    await provide(page);
  },
});

export { expect };
