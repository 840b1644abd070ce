import { expect, it } from 'vitest';

import type { HostApi } from '#shared/contract/index.ts';
import type { Project } from '#shared/contract/projects.ts';
import { fail, ok } from '#shared/result.ts';

import { pageApi } from './page-api.ts';

const info = {
  kind: 'desktop',
  version: '1',
  platform: 'linux',
  homeFolder: '/home/me',
  windowsPty: null,
  startProject: null,
} as const;

const none = () => Promise.resolve(null);

/** A service with state of its own, as the real ones have: its members work only on itself. */
class Projects {
  readonly #recent = ['a'];
  open({ path }: { path: string }) {
    const project = { path, name: this.#recent[0] } as Project;
    return Promise.resolve(path === '/gone' ? fail({ kind: 'not-found' as const, path }) : ok(project));
  }
  listRecent() {
    return Promise.resolve(ok(this.#recent));
  }
}

const api = {
  host: { info: () => Promise.resolve(ok(info)), chooseFolder: () => Promise.resolve(fail({ kind: 'no-dialog' })) },
  projects: new Projects(),
} as unknown as HostApi;

it('tells each page its own start project', async () => {
  const first = pageApi(api, { startProject: () => Promise.resolve('/one') });
  const second = pageApi(api, { startProject: none });
  expect(await first.host.info({})).toEqual(ok({ ...info, startProject: '/one' }));
  expect(await second.host.info({})).toEqual(ok(info));
});

it('opens the folder dialog of the page’s own window, where there is one', async () => {
  const page = pageApi(api, { startProject: none, chooseFolder: (title) => Promise.resolve(`/chosen/${title}`) });
  expect(await page.host.chooseFolder({ title: 'Open' })).toEqual(ok('/chosen/Open'));
  expect(await pageApi(api, { startProject: none }).host.chooseFolder({ title: 'Open' })).toEqual(
    fail({ kind: 'no-dialog' }),
  );
});

it('says which project a page has opened, and leaves the rest of the service as it is', async () => {
  const opened: string[] = [];
  const page = pageApi(api, { startProject: none, onDidOpen: ({ path }) => opened.push(path) });
  expect(await page.projects.open({ path: '/repo' })).toMatchObject({ ok: true, value: { name: 'a' } });
  expect(await page.projects.open({ path: '/gone' })).toMatchObject({ ok: false });
  expect(await page.projects.listRecent({})).toEqual(ok(['a']));
  expect(opened).toEqual(['/repo']);
});
