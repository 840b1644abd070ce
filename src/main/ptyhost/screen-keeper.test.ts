import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { until } from '#main/base/test-until.ts';
import type { TerminalId } from '#shared/ids.ts';

import { KeptScreens } from './kept-screens.ts';
import { ScreenKeeper, type KeptSource } from './screen-keeper.ts';

const pace = { lookMilliseconds: 10, spacingMilliseconds: 20, quietMilliseconds: 20 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'screen-keeper-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** `screen` is asked each time; it may throw, as a screen does that cannot be written down. */
function source(name: string, screen: () => string): KeptSource {
  const id = name as TerminalId;
  const facts = { title: '', createdAt: 1, lastOutputAt: 2, pid: null, exit: null };
  const size = { cols: 80, rows: 24, scrollback: 100 };
  return {
    id,
    changes: 1,
    isRunning: true,
    linesAbove: 0,
    toKeep: () => ({ id, ...size, ...facts, screen: screen() }),
  };
}

const faulty = (): string => {
  throw new Error('cannot be written down');
};

it('keeps the screens of all others while one cannot be written down, and that one once it can', async () => {
  let isFaulty = true;
  const first = source('first', () => (isFaulty ? faulty() : 'mended'));
  const sources = [first, source('second', () => 'two'), source('third', () => 'three')];
  const screens = new KeptScreens(folder, silentLog);
  const keeper = new ScreenKeeper({ screens, sources: () => sources, pace, log: silentLog });
  try {
    keeper.hurry(first.id);
    await until(() => readdirSync(folder).toSorted().join(' ') === 'second.screen third.screen');
    isFaulty = false;
    await until(() => readdirSync(folder).includes('first.screen'));
    expect(readFileSync(join(folder, 'first.screen'), 'utf8')).toContain('mended');
  } finally {
    keeper.dispose();
  }
});
