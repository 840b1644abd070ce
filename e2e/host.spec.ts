import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { headlessHost, nodePath } from '#scripts/project-paths.ts';

import { expect, test } from './fixtures.ts';

test('the token leaves the address bar and the history at once', async ({ page, host, context }) => {
  const token = new URL(host.address).searchParams.get('token') ?? 'none';
  const address = page.url();
  expect(address).not.toContain(token);
  expect(await page.evaluate(() => document.documentElement.outerHTML + document.cookie)).not.toContain(token);
  await page.goBack().catch(() => null);
  expect(page.url()).not.toContain(token);
  const cookies = await context.cookies(address);
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict', expires: -1 });
  expect(cookies[0]?.value).not.toContain(token);
});

test('the page is there after a reload, and the address works in another tab', async ({ page, host, context }) => {
  await expect(page).toHaveTitle(/Switchyard/);
  await page.reload();
  await expect(page.locator('#root > *').first()).toBeAttached();
  const second = await context.newPage();
  await second.goto(host.address);
  await expect(second.locator('#root > *').first()).toBeAttached();
});

test('who has no session gets a page that says what to do, whatever path is asked for', async ({ page, browser }) => {
  const stranger = await browser.newContext();
  const tab = await stranger.newPage();
  for (const address of [page.url(), new URL('/', page.url()).href, new URL('/index.html', page.url()).href]) {
    expect((await tab.goto(address))?.status()).toBe(403);
    await expect(tab.getByText('Open Switchyard with the whole address')).toBeVisible();
  }
  await stranger.close();
});

test('another site, open in the same browser, can neither connect nor read nor embed', async ({ page, context }) => {
  const evil = await serveEvilPage();
  try {
    // Opened in the very context that holds the session, at another port of the same name: the browser calls it same-site.
    const tab = await context.browser()!.newContext({ storageState: await context.storageState() });
    const attack = await tab.newPage();
    await attack.goto(`http://127.0.0.1:${String((evil.address() as AddressInfo).port)}/`);
    const outcomes = await attack.evaluate(async (address) => {
      const socket = (path: string): Promise<string> =>
        new Promise((resolve) => {
          const attempt = new WebSocket(new URL(path, address.replace('http', 'ws')));
          attempt.addEventListener('open', () => resolve('open'));
          attempt.addEventListener('error', () => resolve('refused'));
        });
      const read = async (options: RequestInit): Promise<string> => {
        try {
          const answer = await fetch(address, { ...options, credentials: 'include' });
          return answer.type === 'opaque' ? 'opaque' : await answer.text();
        } catch {
          return 'refused';
        }
      };
      const load = (tag: 'script' | 'img', source: string): Promise<string> =>
        new Promise((resolve) => {
          const element = document.createElement(tag);
          element.addEventListener('load', () => resolve('loaded'));
          element.addEventListener('error', () => resolve('refused'));
          element.src = source;
          document.body.append(element);
        });
      return {
        socket: await socket('socket'),
        socketAtRoot: await socket('/socket'),
        read: await read({}),
        readBlindly: await read({ mode: 'no-cors' }),
        post: await read({ method: 'POST', body: '{}' }),
        script: await load('script', address),
        image: await load('img', address),
      };
    }, page.url());
    expect(outcomes).toEqual({
      socket: 'refused',
      socketAtRoot: 'refused',
      read: 'refused',
      readBlindly: 'refused',
      post: 'refused',
      script: 'refused',
      image: 'refused',
    });
    await attack.evaluate((address) => {
      const frame = document.createElement('iframe');
      frame.src = address;
      document.body.append(frame);
    }, page.url());
    await expect.poll(() => attack.frames().length).toBe(2);
    await expect(attack.frameLocator('iframe').locator('#root')).toHaveCount(0);
    await tab.close();
  } finally {
    evil.close();
  }
});

test('another server on this machine is not sent the session', async ({ page, context }) => {
  const seen: string[] = [];
  const other = createServer((request, response) => {
    seen.push(request.headers.cookie ?? 'no cookie');
    response.end('<title>other</title>');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  try {
    const tab = await context.newPage();
    await tab.goto(`http://127.0.0.1:${String((other.address() as AddressInfo).port)}/`);
    expect(await context.cookies(page.url())).toHaveLength(1);
    expect(seen[0]).toBe('no cookie');
  } finally {
    other.close();
  }
});

test('a second start finds the first, and starts nothing', async ({ host, world }) => {
  const printed = await world.run(nodePath, [headlessHost, '--project', '/srv/my app']);
  expect(printed).toContain('is running already');
  expect(printed).toContain(`Switchyard is at ${host.address}&project=%2Fsrv%2Fmy%20app`);
});

test('it quits in order, says that agents go on, and starts again in the same place', async ({ host, world }) => {
  const before = host.address;
  expect(await host.quit()).toBe(0);
  expect(host.output).toContain('Agents at work go on');
  const after = await host.start();
  expect(new URL(after).searchParams.get('token')).not.toBe(new URL(before).searchParams.get('token'));
  await host.kill();
  await host.start(); // a killed host leaves nothing in the way
  expect((await world.logs())['host.log']).not.toContain(new URL(after).searchParams.get('token'));
});

test('a port that is taken, and an option that is none, are said plainly', async ({ world, host }) => {
  const { port } = new URL(host.address);
  const elsewhere = { ...world.env, SWITCHYARD_HOME: `${world.folder}/other` };
  const taken = await failure(
    world.run('env', [`SWITCHYARD_HOME=${elsewhere.SWITCHYARD_HOME}`, nodePath, headlessHost, '--port', port]),
  );
  expect(taken).toContain(`Port ${port} is taken`);
  expect(await failure(world.run(nodePath, [headlessHost, '--prot', '1']))).toContain("Unknown option '--prot'");
});

async function failure(run: Promise<string>): Promise<string> {
  try {
    return `it did not fail: ${await run}`;
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  }
}

async function serveEvilPage(): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>evil</title><body></body>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
