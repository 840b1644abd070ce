import { beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { testRun } from '#shared/contract/test-run.ts';

import { Updates } from './updates.ts';

interface Asked {
  message: string;
  detail: string;
  buttons: readonly string[];
}

/** The system's dialogs: what they said, and which button is pressed. */
const dialogs = vi.hoisted(() => ({ asked: [] as unknown[], press: [] as string[] }));

vi.mock('electron', () => ({
  app: { getVersion: () => '1.0.0' },
  dialog: {
    showMessageBox: (options: { buttons: readonly string[] }) => {
      dialogs.asked.push(options);
      const pressed = options.buttons.length === 1 ? options.buttons[0] : dialogs.press.shift();
      return Promise.resolve({ response: options.buttons.indexOf(pressed ?? '') });
    },
  },
}));

const said = (): readonly string[] => dialogs.asked.map((each) => (each as Asked).message);

function make({
  newer = '1.1.0' as string | null,
  agents = 0,
  terminals = null as number | null,
  platform = 'linux' as NodeJS.Platform,
  fails = '',
} = {}) {
  const done: string[] = [];
  const updates = new Updates({
    updater: {
      look: () => (fails === 'look' ? Promise.reject(new Error('no such host')) : Promise.resolve(newer)),
      fetch: () => {
        if (fails === 'fetch') return Promise.reject(new Error('the disk is full'));
        done.push('fetched');
        return Promise.resolve();
      },
      install: () => {
        if (fails === 'install') return Promise.reject(new Error('nobody may write there'));
        done.push('installed');
        return Promise.resolve();
      },
    },
    atWork: { alive: () => Array.from({ length: agents }, (_, index) => testRun(String(index))) },
    runningTerminals: () => Promise.resolve(terminals ?? agents),
    quitting: {
      leaveRunning: () => {
        done.push('decided');
      },
      stay: () => {
        done.push('stayed');
      },
    },
    platform,
    log: silentLog,
  });
  return { updates, done };
}

beforeEach(() => {
  dialogs.asked.length = 0;
  dialogs.press.length = 0;
});

describe('an update', () => {
  it('is said not to be there', async () => {
    const { updates, done } = make({ newer: null });
    await updates.check();
    expect(said()).toEqual(['You have the newest version']);
    expect(done).toEqual([]);
  });

  it('is fetched and installed only when the person says so, each time', async () => {
    const { updates, done } = make();
    dialogs.press.push('Not now');
    await updates.check();
    expect(done).toEqual([]);
    dialogs.press.push('Get it', 'Not now');
    await updates.check();
    expect(done).toEqual(['fetched']);
    // What is there already is not fetched again.
    dialogs.press.push('Restart now');
    await updates.check();
    expect(done).toEqual(['fetched', 'decided', 'installed']);
    expect(said().at(-1)).toBe('Switchyard 1.1.0 is ready');
  });

  it('says that agents stay at work where they do', async () => {
    const { updates } = make({ agents: 2 });
    dialogs.press.push('Get it', 'Not now');
    await updates.check();
    expect((dialogs.asked.at(-1) as Asked).detail).toBe('2 agents at work stay there.');
  });

  it('is not installed on Windows while agents are at work, because its installer would end them', async () => {
    const { updates, done } = make({ agents: 1, platform: 'win32' });
    dialogs.press.push('Get it');
    await updates.check();
    expect(done).toEqual(['fetched']);
    expect(said().at(-1)).toBe('1 agent at work');
  });

  it('is not installed on Windows while agents are at work in projects that are not open', async () => {
    const { updates, done } = make({ agents: 1, terminals: 3, platform: 'win32' });
    dialogs.press.push('Get it');
    await updates.check();
    expect(done).toEqual(['fetched']);
    expect(dialogs.asked.at(-1)).toMatchObject({
      message: 'Something runs in 3 terminals',
      detail:
        'Putting Switchyard 1.1.0 in place would end them. Some are of projects that are not open, or checks. It is kept: stop them, or wait, and check for updates again.',
    });
  });

  it('is asked about once: quitting for it does not ask again, unless it could not be installed', async () => {
    const { updates, done } = make({ agents: 2, fails: 'install' });
    dialogs.press.push('Get it', 'Restart now');
    await updates.check();
    expect(done).toEqual(['fetched', 'decided', 'stayed']);
    expect((dialogs.asked.at(-1) as Asked).detail).toContain('nobody may write there');
  });

  it.each([
    ['look', 'no such host'],
    ['fetch', 'the disk is full'],
  ])('says why it could not %s, and that nothing has changed', async (fails, why) => {
    const { updates, done } = make({ fails });
    dialogs.press.push('Get it');
    await updates.check();
    expect(said().at(-1)).toBe('The update did not work');
    expect((dialogs.asked.at(-1) as Asked).detail).toContain(why);
    expect((dialogs.asked.at(-1) as Asked).detail).toContain('stays as it is');
    expect(done).toEqual([]);
  });
});
