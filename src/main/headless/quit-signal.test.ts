import { EventEmitter } from 'node:events';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { quitSignal } from './quit-signal.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A process, and how often it was asked again. */
function start() {
  const source = new EventEmitter();
  // As `when-exit` does it, on a machine so busy that its signal takes a second.
  source.once('SIGINT', () => {
    setTimeout(() => source.emit('SIGINT'), 1000);
  });
  const again = vi.fn<() => void>();
  return { source, again, asked: quitSignal(source, again) };
}

it('is the first one, and a library that sends it once more asks for nothing', async () => {
  const { source, again, asked } = start();
  source.emit('SIGINT');
  expect(await asked).toBe('SIGINT');
  vi.advanceTimersByTime(5000);
  expect(again).not.toHaveBeenCalled();
});

it('is one act when it comes twice at once, as from a terminal and from npm', () => {
  const { source, again } = start();
  source.emit('SIGINT');
  vi.advanceTimersByTime(50);
  source.emit('SIGINT');
  expect(again).not.toHaveBeenCalled();
});

it('is asked again by whoever does not want to wait', () => {
  const { source, again } = start();
  source.emit('SIGINT');
  vi.advanceTimersByTime(2000);
  source.emit('SIGTERM');
  expect(again).toHaveBeenCalledOnce();
});
