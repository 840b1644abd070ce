import { rm, writeFile } from 'node:fs/promises';
import { connect as netConnect } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';

import { HeadlessServer } from './server.ts';
import { pagePath, script, TestServer, token } from './test-server.ts';

let server: TestServer;

beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(async () => {
  await server.end();
});

describe('the way in', () => {
  it('lets the printed address in and takes the token out of the address bar at once', async () => {
    const entered = await server.ask(`/?token=${token}`);
    expect(entered.status).toBe(303);
    expect(entered.headers.location).toBe(pagePath);
    expect(entered.headers['referrer-policy']).toBe('no-referrer');
    expect(entered.headers['cache-control']).toBe('no-store');
    const cookie = entered.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/[\w-]{43}\/$/);
    expect(cookie).not.toContain(token);
    const page = await server.ask(pagePath, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(page.status).toBe(200);
    expect(page.body.toString()).toContain('<title>page</title>');
  });

  it('lets the printed address in again, in another tab or another browser', async () => {
    expect((await server.ask(`/?token=${token}`)).status).toBe(303);
    expect((await server.ask(`/?token=${token}`)).status).toBe(303);
  });

  it('keeps what else the address says', async () => {
    const entered = await server.ask(`/?project=%2Fhome%2Fme%20%26%20you&token=${token}`);
    expect(entered.headers.location).toBe(`${pagePath}?project=%2Fhome%2Fme+%26+you`);
  });

  it('sends the cookie to no other server on this machine: it is bound to a path that nobody can guess', async () => {
    const cookie = (await server.ask(`/?token=${token}`)).headers['set-cookie']?.[0] ?? '';
    expect(cookie).toContain(`Path=${pagePath}`);
    expect(pagePath.length).toBeGreaterThan(40);
  });

  it('asks once more when another page led here, because the browser keeps the cookie back then', async () => {
    const led = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const first = await server.ask(`${pagePath}?project=a&b`, { headers: led });
    expect(first.status).toBe(403);
    expect(first.body.toString()).toContain(`content="0;url=${pagePath}?project=a&amp;b"`);
    const second = await server.ask(pagePath, { headers: { ...led, 'sec-fetch-site': 'same-origin' } });
    expect(second.status).toBe(403);
    expect(second.body.toString()).not.toContain('http-equiv');
  });

  it('logs neither the token nor the session', async () => {
    const cookie = await server.enter();
    await server.ask('/?token=wrong');
    await server.tryToConnect({ cookie });
    (await server.openPage()).terminate();
    expect(server.logged.length).toBeGreaterThan(1);
    expect(server.logged.join('\n')).not.toContain(token);
    expect(server.logged.join('\n')).not.toContain(cookie.split('=')[1]);
  });
});

describe('files', () => {
  it.each(['/', '/index.html', '/assets/main-abc123.js', '/socket', '/?token=', '/?token=wrong'])(
    'are not given without the token: %s',
    async (path) => {
      const answer = await server.ask(path);
      expect(answer.status).toBe(403);
      expect(answer.body.toString()).toContain('whole address');
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  it('are not given to who knows the path but has no session', async () => {
    for (const path of [pagePath, `${pagePath}index.html`, `${pagePath}assets/main-abc123.js`]) {
      expect((await server.ask(path)).status).toBe(403);
      expect((await server.ask(path, { headers: { cookie: `switchyard-${String(server.port)}=guess` } })).status).toBe(
        403,
      );
    }
  });

  it('are not given for a token that is almost right', async () => {
    for (const wrong of [token.slice(0, -1), `${token}x`, token.toUpperCase(), `${token}%00`]) {
      expect((await server.ask(`/?token=${wrong}`)).status).toBe(403);
    }
  });

  it("are not given for another host's cookie", async () => {
    const cookie = await server.enter();
    const renamed = cookie.replace(/^switchyard-\d+/, 'switchyard-1');
    expect((await server.ask(pagePath, { headers: { cookie: renamed } })).status).toBe(403);
    expect((await server.ask(pagePath, { headers: { cookie: `theme=dark; ${cookie}; x` } })).status).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.evil.example',
    '[::1]',
    '0.0.0.0',
  ])('are not given to a name that is not ours, whatever it points to: %s', async (host) => {
    const cookie = await server.enter();
    expect((await server.ask(pagePath, { headers: { host, cookie } })).status).toBe(403);
    expect((await server.ask(`/?token=${token}`, { headers: { host } })).status).toBe(403);
  });

  it('are given to localhost too', async () => {
    const host = `localhost:${String(server.port)}`;
    expect((await server.ask(pagePath, { headers: { host, cookie: await server.enter() } })).status).toBe(200);
  });

  it('are not given to scripts of other sites, other ports included', async () => {
    const cookie = await server.enter();
    const fetched = { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script', cookie };
    const path = `${pagePath}assets/main-abc123.js`;
    for (const site of ['cross-site', 'same-site', 'anything']) {
      expect((await server.ask(path, { headers: { ...fetched, 'sec-fetch-site': site } })).status).toBe(403);
    }
    for (const foreign of [
      'http://evil.example',
      'http://127.0.0.1:1',
      'null',
      `https://127.0.0.1:${String(server.port)}`,
    ]) {
      expect((await server.ask(path, { headers: { origin: foreign, cookie } })).status).toBe(403);
    }
    expect((await server.ask(path, { headers: { ...fetched, 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
  });

  it.each([
    '../secret.txt',
    '..%2fsecret.txt',
    '%2e%2e/secret.txt',
    '%2e%2e%2fsecret.txt',
    'assets/..%2f..%2fsecret.txt',
    '..%5csecret.txt',
    'link.txt',
    '/etc/passwd',
    '%00',
    '%',
    'index.html%00.js',
    'assets',
    'assets/',
  ])('outside the page cannot be reached: %s', async (path) => {
    const answer = await server.ask(`${pagePath}${path}`, { headers: { cookie: await server.enter() } });
    expect([403, 404]).toContain(answer.status);
    expect(answer.body.toString()).not.toMatch(/not for you|root:/);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('cannot be asked for by %s', async (method) => {
    const cookie = await server.enter();
    const answer = await server.ask(pagePath, { method, headers: { cookie, origin: server.origin }, body: 'x' });
    expect(answer.status).toBe(405);
  });

  it('say what they are, and hashed ones may be kept', async () => {
    const cookie = await server.enter();
    const page = await server.ask(pagePath, { headers: { cookie } });
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect(page.headers['content-security-policy']).toContain(`ws://127.0.0.1:${String(server.port)};`);
    const asset = await server.ask(`${pagePath}assets/main-abc123.js`, { headers: { cookie } });
    expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(asset.headers['cache-control']).toContain('immutable');
    expect(asset.body.toString()).toBe(script);
  });

  it('come compressed to who takes that, and without a body to HEAD', async () => {
    const headers = { cookie: await server.enter(), 'accept-encoding': 'gzip, br' };
    const packed = await server.ask(`${pagePath}assets/main-abc123.js`, { headers });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.body.length).toBeLessThan(script.length);
    expect(gunzipSync(packed.body).toString()).toBe(script);
    const head = await server.ask(`${pagePath}assets/main-abc123.js`, { method: 'HEAD', headers });
    expect(head.headers['content-length']).toBe(packed.headers['content-length']);
    expect(head.body.length).toBe(0);
  });

  it('of a page that was built anew are there when it is loaded again', async () => {
    const headers = { cookie: await server.enter() };
    await server.ask(pagePath, { headers });
    await writeFile(join(server.folder, 'page', 'assets', 'main-def456.js'), 'new');
    expect((await server.ask(pagePath, { headers })).status).toBe(200);
    expect((await server.ask(`${pagePath}assets/main-def456.js`, { headers })).body.toString()).toBe('new');
    await rm(join(server.folder, 'page'), { recursive: true });
    expect((await server.ask(`${pagePath}assets/main-def456.js`, { headers })).status).toBe(500);
  });

  it('is not confused by an address that is none', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = netConnect(server.port, '127.0.0.1', () => {
        socket.write(`GET //[ HTTP/1.1\r\nHost: 127.0.0.1:${String(server.port)}\r\nConnection: close\r\n\r\n`);
      });
      socket.on('data', (data) => {
        resolve(data.toString());
      });
    });
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });
});

it('says when its port is taken, and when the page is not built', async () => {
  const options = {
    port: server.port,
    token,
    pagePath,
    pageFolder: join(server.folder, 'page'),
    log: silentLog,
    accept: () => ({ dispose: () => undefined }),
  };
  const again = await HeadlessServer.listen(options);
  expect(again).toEqual({ ok: false, error: { kind: 'port-taken', port: server.port } });
  const unbuilt = await HeadlessServer.listen({ ...options, port: 0, pageFolder: server.folder });
  expect(unbuilt).toEqual({ ok: false, error: { kind: 'page-missing', folder: server.folder } });
});
