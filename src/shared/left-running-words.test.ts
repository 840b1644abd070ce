import { describe, expect, it } from 'vitest';

import type { RunStatus } from '#shared/contract/runs.ts';

import { leftRunningWords } from './left-running-words.ts';

const exited: RunStatus = { kind: 'exited', source: 'process', since: 0, detail: null };
const named = (...names: readonly string[]) => names.map((name, index) => ({ pid: index + 1, name }));

describe('what an agent has left running', () => {
  it('is nothing where nothing is left, and none of its matter while it runs', () => {
    expect(leftRunningWords({ status: exited })).toBeNull();
    expect(leftRunningWords({ status: exited, leftRunning: [] })).toBeNull();
    expect(leftRunningWords({ status: { ...exited, kind: 'working' }, leftRunning: named('node') })).toBeNull();
  });

  it('is named with its numbers', () => {
    expect(leftRunningWords({ status: exited, leftRunning: named('node') })).toEqual({
      short: 'node still runs',
      sentence: 'Started by its agent, node (1) still runs in the background.',
    });
    expect(leftRunningWords({ status: exited, leftRunning: named('node', 'esbuild') })).toEqual({
      short: '2 still run',
      sentence: 'Started by its agent, node (1) and esbuild (2) still run in the background.',
    });
  });

  it('is counted where it is much', () => {
    const words = leftRunningWords({ status: exited, leftRunning: named('a', 'b', 'c', 'd', 'e') });
    expect(words?.sentence).toBe(
      'Started by its agent, a (1), b (2), c (3) and 2 more processes still run in the background.',
    );
  });
});
