import { describe, expect, it } from 'vitest';

import { membersOf, parsePs, type ProcessEntry } from './process-tree.ts';

const process = (pid: number, more: Partial<ProcessEntry> = {}): ProcessEntry => ({
  pid,
  parent: 1,
  session: pid,
  isZombie: false,
  isMarked: false,
  ...more,
});

describe('the processes of a terminal', () => {
  it('are its first one, its descendants, its session and what carries the marker', () => {
    const entries = [
      process(10),
      process(11, { parent: 10, session: 10 }),
      process(12, { parent: 11 }),
      process(13, { session: 10 }),
      process(20, { isMarked: true }),
      process(21, { parent: 20 }),
      process(30),
      process(31, { parent: 30 }),
    ];
    expect(new Set(membersOf(entries, 10, 99))).toEqual(new Set([10, 11, 12, 13, 20, 21]));
    expect(new Set(membersOf(entries, null, 99))).toEqual(new Set([20, 21]));
  });

  it('are not ourselves, and not those that have ended', () => {
    const entries = [
      process(10, { isZombie: true }),
      process(11, { isMarked: true, isZombie: true }),
      process(99, { isMarked: true }),
    ];
    expect(membersOf(entries, 10, 99)).toEqual([]);
  });

  it('are read from the output of macOS’s ps', () => {
    const marker = { name: 'SWITCHYARD_TERMINAL', value: 'run-1.abc' };
    const stdout = [
      '    1     0      0 Ss   /sbin/launchd',
      '  501     1      0 S+   node agent.js PATH=/bin SWITCHYARD_TERMINAL=run-1.abc HOME=/Users/ada',
      '  502   501      0 Z    (node)',
      '  503     1      0 S    sleep 5 SWITCHYARD_TERMINAL=run-1.abcd',
      '',
    ].join('\n');
    const entries = parsePs(stdout, marker);
    expect(entries.map(({ pid, parent, isZombie, isMarked }) => [pid, parent, isZombie, isMarked])).toEqual([
      [1, 0, false, false],
      [501, 1, false, true],
      [502, 501, true, false],
      [503, 1, false, false],
    ]);
  });
});
