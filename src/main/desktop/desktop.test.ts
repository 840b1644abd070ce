import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { Emitter } from '#main/base/lifecycle.ts';
import type { OfferedCommand } from '#shared/contract/shell.ts';
import type { Train, TrainCar } from '#shared/contract/train.ts';

import { acceleratorOf } from './accelerator.ts';
import { isExternalLink, isOurPage, pageResponder } from './app-scheme.ts';
import { argumentsFor, nothingAsked, parseStartRequest, type StartRequest } from './arguments.ts';
import { broughtBack, visibleBounds } from './bounds.ts';
import { deepLink, parseDeepLink } from './deep-link.ts';
import { mayConnect } from './may-connect.ts';
import { menuTemplate, textMenu, zoomedFactor, type MenuState } from './menu.ts';
import { progressOf } from './train-progress.ts';
import { webPreferences } from './web-preferences.ts';
import { WindowShell } from './window-shell.ts';

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

describe('a port to the host', () => {
  const ours = 'app://switchyard/index.html';

  it('is for the top frame of a page of ours', () => {
    expect(mayConnect({ url: ours, parent: null })).toBe(true);
  });

  it('is not for a frame in it, for another page, for one that is not there yet, or for a frame that has gone', () => {
    expect(mayConnect({ url: ours, parent: {} })).toBe(false);
    for (const url of ['https://elsewhere.test/', 'app://switchyard.elsewhere.test/', 'about:blank', 'file:///a', '']) {
      expect(mayConnect({ url, parent: null }), url).toBe(false);
    }
    expect(mayConnect(null)).toBe(false);
  });
});

it('hands links of the web to the person’s browser, and no other', () => {
  const handed = ['https://a.example/', 'http://127.0.0.1:3000'];
  const kept = [
    'mailto:a@b.example',
    'file:///etc/passwd',
    'smb://host/share',
    'vscode://x',
    'javascript:alert(1)',
    'app://switchyard/',
    '',
  ];
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
  const parse = (argv: readonly string[], currentFolder = '/', takesFolders = false): StartRequest =>
    parseStartRequest({ argv, currentFolder, takesFolders });

  it('names a project, relative to where it was typed, and a run of it', () => {
    expect(parse(['.', '--project', 'my app'], '/home/me').project).toBe('/home/me/my app');
    expect(parse(['--no-sandbox', '--project=/srv/app', '--x']).project).toBe('/srv/app');
    expect(parse(['--project', '/srv/app', '--run', 'abcd-1234'])).toMatchObject({
      project: '/srv/app',
      run: 'abcd-1234',
    });
    expect(parse(['--project', '/srv/app', '--run=../x'])).toMatchObject({ project: '/srv/app', run: null });
  });

  it('asks for nothing when it names none, whatever else stands on it', () => {
    expect(parse(['.', '--inspect', '--project'])).toEqual(nothingAsked);
    expect(parse(['--project', '--demo'])).toEqual({ ...nothingAsked, demo: true });
    expect(parse(['--project=', '--run', 'abcd-1234'])).toEqual(nothingAsked);
  });

  it('takes a folder by itself only in the packaged app, where the first word is not the app', () => {
    expect(parse(['--no-sandbox', 'notes'], '/home/me', true).project).toBe('/home/me/notes');
    expect(parse(['notes'], '/home/me').project).toBe(null);
  });

  it('reads a link, which says that it is one', () => {
    const link = deepLink('/srv/my app', 'abcd-1234' as never);
    expect(link).toBe('switchyard://open?project=%2Fsrv%2Fmy+app&run=abcd-1234');
    expect(parse(['--no-sandbox', link])).toEqual({
      project: '/srv/my app',
      demo: false,
      run: 'abcd-1234',
      isFromLink: true,
    });
  });

  it('of another start asks for something else, and is otherwise the same', () => {
    const packed = [
      '--no-sandbox',
      '--project',
      '/srv/old',
      '--run=abcd-1234',
      '/srv/older',
      'switchyard://open?project=%2Fa',
    ];
    const developed = ['--no-sandbox', '.', '--project', '/srv/old', '--demo'];
    const asked: StartRequest = { project: '/srv/my app', demo: false, run: 'abcd-1234' as never, isFromLink: false };
    for (const each of [asked, { ...asked, isFromLink: true }, nothingAsked, { ...nothingAsked, demo: true }]) {
      const [again, anew] = [
        argumentsFor(each, { argv: packed, takesFolders: true }),
        argumentsFor(each, { argv: developed, takesFolders: false }),
      ];
      expect([parse(again, '/', true), parse(anew)]).toEqual([each, each]);
      expect([again[0], ...anew.slice(0, 2)]).toEqual(['--no-sandbox', '--no-sandbox', '.']);
      expect([again, anew].flat().filter((argument) => argument.includes('old'))).toEqual([]);
    }
  });

  it.each([
    'switchyard://open',
    'switchyard://open?project=relative/path',
    'switchyard://open?project=%00',
    'switchyard://quit?project=/srv/app',
    'switchyard:open?project=/srv/app',
    `switchyard://open?project=/${'a'.repeat(5000)}`,
    // What the question about it says is not the link's to write.
    'switchyard://open?project=/srv/app%0A%0AIt%20was%20opened%20here%20before.',
    'switchyard://open?project=/srv/app%C2%85more',
    'switchyard://open?project=/srv/app%E2%80%A8more',
    'switchyard://open?project=/srv/%E2%80%AEppa',
    'switchyard://open?project=/srv/%E2%81%A6ppa',
  ])('does nothing for a link such as %s', (link) => {
    expect(parseDeepLink(link)).toBe(null);
    expect(parse([link, '--demo'])).toEqual(nothingAsked);
  });
});

describe('where a window opens', () => {
  const screen = { x: 0, y: 25, width: 1920, height: 1055 };
  const state = { x: 100, y: 80, width: 1200, height: 800, isMaximised: false, zoom: 1 };

  it('is where it was', () => {
    expect(visibleBounds(state, [screen])).toEqual({ x: 100, y: 80, width: 1200, height: 800 });
    const second = { ...state, x: 2000 };
    expect(visibleBounds(second, [screen, { ...screen, x: 1920 }])).toMatchObject({ x: 2000 });
  });

  it('is on a screen that is there, when the one it was on is not, or its title bar could not be reached', () => {
    for (const lost of [{ x: 2000 }, { x: -1150 }, { y: 1070 }, { y: -300 }]) {
      expect(visibleBounds({ ...state, ...lost }, [screen])).toEqual({ width: 1200, height: 800 });
    }
  });

  it('fits a small screen', () => {
    expect(visibleBounds(null, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({ width: 1280, height: 720 });
    expect(visibleBounds(null, [])).toEqual({ width: 1440, height: 900 });
  });
});

describe('a window whose screen has gone', () => {
  const screen = { x: 0, y: 25, width: 1920, height: 1055 };
  it('comes to the middle of one that is there, no larger than it', () => {
    expect(broughtBack({ x: 2500, y: 100, width: 1000, height: 600 }, [screen])).toEqual({
      x: 460,
      y: 253,
      width: 1000,
      height: 600,
    });
    expect(broughtBack({ x: 2500, y: 100, width: 3000, height: 2000 }, [screen])).toEqual(screen);
  });
  it('stays where it is while it can be reached, or while there is no screen at all', () => {
    const reachable = { x: 1700, y: 900, width: 1000, height: 600 };
    expect(broughtBack(reachable, [screen])).toBe(reachable);
    expect(broughtBack({ ...reachable, x: 9000 }, [])).toEqual({ ...reachable, x: 9000 });
  });
});

it('runs pages sandboxed, isolated and without Node, with developer tools only while it is developed', () => {
  expect(webPreferences('/p.cjs', true)).toEqual({
    preload: '/p.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    webviewTag: false,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    spellcheck: false,
    devTools: false,
  });
  expect(webPreferences('/p.cjs', false).devTools).toBe(true);
});

describe('the application menu', () => {
  const command = (id: string, group: string, chord: string | null, isEnabled = true): OfferedCommand => ({
    id,
    title: id,
    group,
    chord,
    isEnabled,
  });
  const commands = [
    command('app.settings', 'App', 'Mod+,'),
    command('go.inbox', 'Go to', 'i'),
    command('grid.find', 'Terminals', 'Mod+F', false),
    command('review.merge', 'Review', 'Mod+Shift+M'),
    command('project.leave', 'Project', null),
  ];
  const build = (platform: NodeJS.Platform, more: Partial<MenuState> = {}) =>
    menuTemplate({
      platform,
      commands,
      recents: [],
      isDeveloped: true,
      newWindow: () => undefined,
      openFolder: () => undefined,
      checkForUpdates: null,
      runCommand: () => undefined,
      zoom: () => undefined,
      ...more,
    });
  const itemsOf = (template: ReturnType<typeof build>) =>
    template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));

  it('takes no Ctrl+letter from the terminals outside a Mac', () => {
    for (const platform of ['linux', 'win32'] as const) {
      const taken = itemsOf(build(platform))
        .filter(({ registerAccelerator }) => registerAccelerator !== false)
        .flatMap(({ accelerator }) => accelerator ?? []);
      expect(taken.length).toBeGreaterThan(0);
      expect(taken.filter((accelerator) => /^(Ctrl|Control|CommandOrControl)\+[A-Z]$/i.test(accelerator))).toEqual([]);
      // A role without an accelerator of ours brings its own: Ctrl+W, Ctrl+R, Ctrl+M.
      const bare = itemsOf(build(platform)).filter(
        ({ role, accelerator, type }) => role && !accelerator && type !== 'separator',
      );
      expect(bare).toEqual([]);
    }
  });

  it('shows every command with its key, and disables what cannot be done', () => {
    const items = itemsOf(build('linux'));
    for (const { id, isEnabled } of commands) {
      expect(items.find((item) => item.id === id)).toMatchObject({ label: id, enabled: isEnabled });
    }
    const keys = commands.map(({ id }) => items.find((item) => item.id === id)?.accelerator);
    expect(keys).toEqual(['CommandOrControl+,', 'I', 'CommandOrControl+F', 'CommandOrControl+Shift+M', undefined]);
  });

  it('gives a Mac only keys with Command, which it takes before the page', () => {
    const items = itemsOf(build('darwin'));
    expect(items.find(({ id }) => id === 'go.inbox')?.accelerator).toBe(undefined);
    expect(items.find(({ id }) => id === 'grid.find')).toMatchObject({
      accelerator: 'CommandOrControl+F',
      registerAccelerator: true,
    });
    expect(build('darwin').map(({ role, label }) => role ?? label)).toEqual(
      expect.arrayContaining(['appMenu', 'File', 'editMenu', 'View', 'Go', 'windowMenu']),
    );
  });

  it('has developer tools only while it is developed', () => {
    const roles = (isDeveloped: boolean) => itemsOf(build('linux', { isDeveloped })).map(({ role }) => role);
    expect(roles(true)).toContain('toggleDevTools');
    expect(roles(false)).not.toContain('toggleDevTools');
  });

  it('offers to look for updates only where there is a place to look', () => {
    const labels = (checkForUpdates: (() => void) | null) =>
      itemsOf(build('linux', { checkForUpdates })).map(({ label }) => label);
    expect(labels(null)).not.toContain('Check for Updates…');
    expect(labels(() => undefined)).toContain('Check for Updates…');
  });

  it('does without a page', () => {
    expect(build('linux', { commands: [] }).map(({ label }) => label)).toEqual(['File', 'View']);
  });

  it('enlarges by steps and within reason', () => {
    expect(zoomedFactor(1, 1)).toBe(1.1);
    expect(zoomedFactor(1.1, -1)).toBe(1);
    expect(zoomedFactor(2.9, 1)).toBe(3);
    expect(zoomedFactor(0.5, -1)).toBe(0.5);
    expect(zoomedFactor(2.5, 0)).toBe(1);
  });

  it('offers beside the pointer what can be done with text', () => {
    const roles = (given: Parameters<typeof textMenu>[0]) => textMenu(given).flatMap(({ role }) => role ?? []);
    expect(roles({ isEditable: true, selectionText: '' })).toEqual(['cut', 'copy', 'paste', 'selectAll']);
    expect(roles({ isEditable: false, selectionText: 'a' })).toEqual(['copy']);
    expect(roles({ isEditable: false, selectionText: ' ' })).toEqual([]);
  });
});

it.each([
  ['Mod+Shift+P', 'CommandOrControl+Shift+P'],
  ['F8', 'F8'],
  ['Mod+Alt+Shift+ArrowLeft', 'CommandOrControl+Alt+Shift+Left'],
  ['Ctrl+Alt+m', 'Control+Alt+M'],
  ['Mod++', 'CommandOrControl+Plus'],
  ['?', '?'],
  ['Mod+Enter', 'CommandOrControl+Enter'],
  ['Delete', 'Delete'],
  ['Mod+ü', null],
  ['Hyper+A', null],
])('writes the chord %s for Electron as %s', (chord, accelerator) => {
  expect(acceleratorOf(chord)).toBe(accelerator);
});

it('says how far a train is, and nothing when none runs', () => {
  const car = (state: TrainCar['state']) => ({ state }) as TrainCar;
  const train = (state: Train['state'], ...cars: TrainCar['state'][]) =>
    ({ state, cars: cars.map(car) }) as unknown as Train;
  expect(progressOf(null)).toBe(-1);
  expect(progressOf(train('done', 'merged'))).toBe(-1);
  expect(progressOf(train('running', 'merged', 'under-way', 'waiting', 'waiting'))).toBe(0.25);
});

const noAccent = { value: null, onDidChange: () => ({ dispose: () => undefined }) };
const testShell = (accent: ConstructorParameters<typeof WindowShell>[0]['accent'] = noAccent): WindowShell =>
  new WindowShell({ accent, onDidOffer: () => undefined, onDidLeave: () => undefined });

it('tells the page the system’s accent, now and when it becomes another one', () => {
  const changed = new Emitter<string | null>();
  const shell = testShell({ value: '#111111', onDidChange: changed.event });
  const heard: unknown[] = [];
  const feed = shell.api.onDidChangeAccent({}, (accent) => heard.push(accent));
  changed.fire('#222222');
  feed.dispose();
  changed.fire(null);
  expect(heard).toEqual(['#111111', '#222222']);
});

it('keeps what is wished for until the page listens, and tells it once', () => {
  const shell = testShell();
  shell.wish({ kind: 'command', id: 'app.settings' });
  const heard: unknown[] = [];
  shell.api.onDidWish({}, (wish) => heard.push(wish)).dispose();
  shell.wish({ kind: 'command', id: 'go.inbox' });
  shell.api.onDidWish({}, (wish) => heard.push(wish));
  shell.wish({ kind: 'show-runs', runIds: [] });
  expect(heard).toEqual([
    { kind: 'command', id: 'app.settings' },
    { kind: 'command', id: 'go.inbox' },
    { kind: 'show-runs', runIds: [] },
  ]);
});
