import { expect, it } from 'vitest';

import { toDisposable } from '#main/base/lifecycle.ts';
import { silentLog } from '#main/base/log.ts';

import { LiveProject, type ProjectReading } from './live-project.ts';

it('is not looked at any more once it was let go, also where a look was waiting for another', async () => {
  const under = Promise.withResolvers<ProjectReading>();
  const first = {} as ProjectReading;
  let looks = 0;
  const live = new LiveProject({
    found: { path: '/notes', commonDir: '/notes/.git' },
    first,
    read: () => {
      looks++;
      return under.promise;
    },
    changed: () => toDisposable(() => undefined),
    log: silentLog,
  });
  const all = Promise.all([live.refresh(), live.refresh()]);
  live.dispose();
  under.resolve(first);
  await all;
  await live.refresh();
  expect(looks).toBe(1);
});
