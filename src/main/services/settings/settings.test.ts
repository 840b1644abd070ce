import { describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { settingsPatch, type Settings as SettingValues } from '#shared/contract/host.ts';

import { memoryBacking } from './memory-backing.ts';
import { Settings } from './settings.ts';

const open = (initial?: Record<string, unknown>) => {
  const backing = memoryBacking(initial);
  return { backing, settings: new Settings({ backing, log: silentLog }) };
};
const defaults: SettingValues = {
  theme: 'system',
  systemAccent: true,
  terminalFontSize: 13,
  editorFontSize: 13,
  terminalScrollbackMegabytes: 4,
  terminalClipboard: 'ask',
  keys: {},
  severalIdleMinutes: 5,
  mostRunning: 10,
  mostToReview: 12,
  environmentNames: null,
  notifications: false,
  notificationSound: false,
  quietHours: null,
  tray: true,
  stayAwake: false,
};

describe('Settings', () => {
  it('has defaults', () => {
    expect(open().settings.values()).toEqual(defaults);
  });

  it('changes what is named and nothing else, as the call is parsed on the wire', async () => {
    const { settings } = open();
    await settings.updateSettings(settingsPatch.parse({ editorFontSize: 20 }));
    await settings.updateSettings(settingsPatch.parse({ theme: 'dark' }));
    expect(settings.values()).toEqual({ ...defaults, editorFontSize: 20, theme: 'dark' });
  });

  it('falls back value by value where the file is wrong, and keeps what it does not know', async () => {
    const { settings, backing } = open({ settings: { theme: 'pink', terminalFontSize: 18, fromTheFuture: 1 } });
    expect(settings.values()).toEqual({ ...defaults, terminalFontSize: 18 });
    await settings.updateSettings({ editorFontSize: 9 });
    expect(backing.get('settings')).toEqual({
      theme: 'pink',
      terminalFontSize: 18,
      fromTheFuture: 1,
      editorFontSize: 9,
    });
  });

  it('takes the former scrollback over, which was in lines, until there is one in megabytes', async () => {
    const { settings } = open({ settings: { terminalScrollback: 20_000 } });
    expect(settings.values().terminalScrollbackMegabytes).toBe(35);
    await settings.updateSettings({ terminalScrollbackMegabytes: 8 });
    expect(settings.values().terminalScrollbackMegabytes).toBe(8);
    const spoilt = open({ settings: { terminalScrollback: 'many' } });
    expect(spoilt.settings.values()).toEqual(defaults);
  });

  it('keeps chords of commands that it does not know, and drops those that are none, one by one', async () => {
    const kept = {
      'app.next': ['F9'],
      'future.thing': ['Mod+Alt+Z'],
      'app.keys': 'F1',
      'grid.find': ['Mod+'],
      none: [],
    };
    const { settings } = open({ settings: { keys: kept } });
    expect(settings.values().keys).toEqual({ 'app.next': ['F9'], 'future.thing': ['Mod+Alt+Z'], none: [] });
    await settings.updateSettings({ theme: 'dark' });
    expect(settings.values().keys).toHaveProperty('future.thing');
    expect(settingsPatch.safeParse({ keys: { 'app.next': ['two words'] } }).success).toBe(false);
    expect(open({ settings: { keys: ['F9'] } }).settings.values()).toEqual(defaults);
  });

  it.each([null, 7, 'text', [1, 2], { theme: { toString: 1 } }])(
    'holds with %j where the settings should be',
    (value) => {
      const { settings } = open({ settings: value, recents: value, trust: value, windows: value });
      expect(settings.values()).toEqual(defaults);
      expect(settings.recents()).toEqual([]);
      expect(settings.trusted('/a')).toEqual([]);
      expect(settings.windowState('/a')).toBeNull();
      settings.trust('/a', 'f');
      expect(settings.trusted('/a')).toEqual(['f']);
    },
  );

  it('pushes the present settings at once, then each change, from inside and outside, until disposed', async () => {
    const { settings, backing } = open();
    const seen: string[] = [];
    const feed = settings.onDidChangeSettings({}, ({ theme }) => seen.push(theme));
    await settings.updateSettings({ theme: 'dark' });
    await settings.updateSettings({ theme: 'dark' });
    backing.changeFromOutside('settings', { theme: 'light' });
    backing.changeFromOutside('recents', []);
    feed.dispose();
    await settings.updateSettings({ theme: 'system' });
    expect(seen).toEqual(['system', 'dark', 'light']);
  });

  it('remembers the twenty latest projects, each once, the latest first', () => {
    const { settings } = open();
    for (let n = 1; n <= 25; n++) settings.rememberRecent({ path: `/p${n}`, name: `p${n}`, openedAt: n });
    settings.rememberRecent({ path: '/p10', name: 'p10', openedAt: 30 });
    expect(settings.recents().map(({ path }) => path)).toEqual([
      '/p10',
      ...Array.from({ length: 20 }, (_, index) => `/p${25 - index}`).filter((path) => path !== '/p10'),
    ]);
    settings.forgetRecent('/p10');
    expect(settings.recents()[0]?.path).toBe('/p25');
  });

  it('leaves out a recent project that is no such thing', () => {
    const good = { path: '/a', name: 'a', openedAt: 1 };
    expect(open({ recents: [good, { path: 3 }, null, '/b'] }).settings.recents()).toEqual([good]);
  });

  it('keeps trust by project, and forgets the oldest of many fingerprints', () => {
    const { settings } = open();
    for (let n = 0; n < 25; n++) settings.trust('/a', `f${n}`);
    settings.trust('/b', 'other');
    expect(settings.trusted('/a')).toHaveLength(20);
    expect(settings.trusted('/a')).toContain('f24');
    expect(settings.trusted('/a')).not.toContain('f0');
    expect(settings.trusted('/b')).toEqual(['other']);
    expect(settings.trusted('constructor')).toEqual([]);
  });

  it('remembers where each window was', () => {
    const { settings } = open({ windows: { '/broken': { x: 'left' } } });
    const state = { x: -5, y: 10, width: 1440, height: 900, isMaximised: false, zoom: 1 };
    settings.rememberWindowState('/a', state);
    settings.rememberWindowState('/a', { ...state, x: 7 });
    expect(settings.windowState('/a')).toEqual({ ...state, x: 7 });
    expect(settings.windowState('/broken')).toBeNull();
    for (let n = 0; n < 60; n++) settings.rememberWindowState(`/w${n}`, state);
    expect(settings.windowState('/a')).toBeNull();
    expect(settings.windowState('/w59')).toEqual(state);
  });
});
