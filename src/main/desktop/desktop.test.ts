import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { isExternalLink, isOurPage, pageResponder } from './app-scheme.ts';
import { parseStartRequest } from './arguments.ts';
import { visibleBounds } from './bounds.ts';
import { menuTemplate } from './menu.ts';

describe('our page', () => {
  it.each(['app://switchyard/', 'app://switchyard/index.html', 'app://switchyard/?a#b'])('is %s', (address) => {
    expect(isOurPage(address)).toBe(true);
  });

  it.each([
    '',
    'about:blank',
    'app:',
    'app:switchyard/',
    'app://switchyard.evil.example/',
    'app://evil@switchyard/',
    'app://evil/switchyard',
    'app://switchyard:1/',
    'https://switchyard/',
    'file:///switchyard/index.html',
    'javascript:location="app://switchyard/"',
    'data:text/html,app://switchyard/',
    'blob:app://switchyard/1',
  ])('is not %s', (address) => {
    expect(isOurPage(address)).toBe(false);
  });
});

it('hands links of the web and mail to the person’s browser, and no other', () => {
  const handed = ['https://a.example/', 'http://127.0.0.1:3000', 'mailto:a@b.example'];
  const kept = ['file:///etc/passwd', 'smb://host/share', 'vscode://x', 'javascript:alert(1)', 'app://switchyard/', ''];
  expect([...handed, ...kept].filter(isExternalLink)).toEqual(handed);
});

it('answers the app scheme with files of the page alone, under the policy', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-scheme-'));
  try {
    await mkdir(join(folder, 'page', 'assets'), { recursive: true });
    await writeFile(join(folder, 'secret.txt'), 'not for you');
    await writeFile(join(folder, 'page', 'index.html'), '<title>page</title>');
    await writeFile(join(folder, 'page', 'assets', 'a.js'), '1');
    const respond = await pageResponder(join(folder, 'page'));
    const page = await respond(new Request('app://switchyard/'));
    expect(await page.text()).toBe('<title>page</title>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    expect((await respond(new Request('app://switchyard/assets/a.js'))).status).toBe(200);
    for (const path of ['../secret.txt', '..%2fsecret.txt', '%2e%2e/secret.txt', '/etc/passwd', 'assets']) {
      expect((await respond(new Request(`app://switchyard/${path}`))).status).toBe(404);
    }
    expect((await respond(new Request('app://other/'))).status).toBe(404);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

describe('the command line', () => {
  it('names a project, relative to where it was typed', () => {
    expect(parseStartRequest(['.', '--project', 'my app'], '/home/me').project).toBe('/home/me/my app');
    expect(parseStartRequest(['--no-sandbox', '--project=/srv/app', '--x'], '/').project).toBe('/srv/app');
  });

  it('asks for nothing when it names none, whatever else stands on it', () => {
    expect(parseStartRequest(['.', '--inspect', '--project'], '/')).toEqual({ project: null, demo: false });
    expect(parseStartRequest(['--project', '--demo'], '/')).toEqual({ project: null, demo: true });
    expect(parseStartRequest(['--project='], '/')).toEqual({ project: null, demo: false });
  });
});

describe('where a window opens', () => {
  const screen = { x: 0, y: 25, width: 1920, height: 1055 };
  const state = { x: 100, y: 80, width: 1200, height: 800, isMaximised: false };

  it('is where it was', () => {
    expect(visibleBounds(state, [screen])).toEqual({ x: 100, y: 80, width: 1200, height: 800 });
    const second = { ...state, x: 2000 };
    expect(visibleBounds(second, [screen, { ...screen, x: 1920 }])).toMatchObject({ x: 2000 });
  });

  it('is on a screen that is there, when the one it was on is not, or its title bar could not be reached', () => {
    for (const lost of [{ x: 2000 }, { x: -1150 }, { y: 1070 }, { y: -300 }]) {
      expect(visibleBounds({ ...state, ...lost }, [screen])).toEqual({ width: 1440, height: 900 });
    }
  });

  it('fits a small screen', () => {
    expect(visibleBounds(null, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({ width: 1280, height: 720 });
    expect(visibleBounds(null, [])).toEqual({ width: 1440, height: 900 });
  });
});

it('leaves every Ctrl+letter to the terminals outside a Mac', () => {
  for (const platform of ['linux', 'win32'] as const) {
    const items = menuTemplate(platform, { newWindow: () => undefined }).flatMap(({ submenu }) =>
      Array.isArray(submenu) ? submenu : [],
    );
    const taken = items.map(({ accelerator }) => accelerator).filter((accelerator) => accelerator !== undefined);
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.filter((accelerator) => /^(Ctrl|Control|CommandOrControl)\+[A-Z]$/i.test(accelerator))).toEqual([]);
    // A role without an accelerator of ours brings its own: Ctrl+W, Ctrl+R, Ctrl+M.
    const bare = items.filter(({ role, accelerator, type }) => role && !accelerator && type !== 'separator');
    expect(bare).toEqual([]);
  }
});
