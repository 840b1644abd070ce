import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';

import { league } from '#src/data.ts';
import { html } from '#src/html.ts';
import { navigation, routes } from '#src/routes.ts';
import { createLeagueServer } from '#src/server.ts';

import { openSite } from './visit.ts';

describe('the site', () => {
  it('answers every page of the navigation to those who see it', () => {
    const site = openSite();
    const visitors = { everyone: undefined, player: 'ada-okafor', admin: 'admin' };
    for (const item of navigation) {
      assert.notEqual(site.get(item.href, visitors[item.for]).status, 404, item.href);
    }
  });

  it('has every route once', () => {
    const names = routes.map(({ method, path }) => `${method} ${path}`);
    assert.equal(new Set(names).size, names.length);
  });

  it('shows standings, schedule, players and a player', () => {
    const site = openSite();
    assert.match(site.get('/').body, /Harbour Herons<\/strong> lead with 7 points/);
    assert.match(site.get('/standings').body, /Mill Lane Rovers/);
    assert.match(site.get('/schedule').body, /2027-03-07, 10:00/);
    assert.match(site.get('/players').body, /Rosa Díaz/);
    assert.match(site.get('/players/ada-okafor').body, /<dd>3<\/dd>/);
  });

  it('says so when there is no such page or player', () => {
    const site = openSite();
    assert.equal(site.get('/nowhere').status, 404);
    assert.equal(site.get('/players/nobody').status, 404);
    assert.equal(site.post('/standings', {}).status, 404);
  });

  it('escapes what it shows', () => {
    assert.match(openSite().get('/players').body, /Sean O&#39;Dowd/);
    assert.equal(html`<i>${'<script>'}</i>`.text, '<i>&lt;script&gt;</i>');
  });

  it('signs in players, and administrators with the key', () => {
    const site = openSite();
    const player = site.post('/sign-in', { player: 'june-park' });
    assert.equal(player.status, 303);
    assert.match(player.headers['set-cookie'] ?? '', /^player=june-park;/);
    assert.match(site.get('/', 'june-park').body, />June Park</);

    assert.equal(site.post('/sign-in', { key: 'wrong' }).headers['location'], '/sign-in?failed');
    assert.match(site.post('/sign-in', { key: 'the key of the tests' }).headers['set-cookie'] ?? '', /^admin=/);
    assert.match(site.get('/', 'admin').body, /Administrator/);
  });

  it('is served over HTTP', async () => {
    const server = createLeagueServer({ store: { current: league }, adminKey: null });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const page = await fetch(`http://127.0.0.1:${port}/standings`);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /Old Quarry/);
      assert.equal(
        (await fetch(`http://127.0.0.1:${port}/style.css`)).headers.get('content-type'),
        'text/css; charset=utf-8',
      );
      const long = await fetch(`http://127.0.0.1:${port}/sign-in`, { method: 'POST', body: 'x'.repeat(200_000) });
      assert.equal(long.status, 413);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
