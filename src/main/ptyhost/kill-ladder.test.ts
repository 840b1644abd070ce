import { describe, expect, it } from 'vitest';

import { killTerminal, type WindowsPorts } from './kill-ladder.ts';

const marker = { name: 'SWITCHYARD_TERMINAL', value: 'run-1.abc' };
const grace = { hangupMilliseconds: 50, terminateMilliseconds: 50, killMilliseconds: 100 };

function windows(survives = false): WindowsPorts & { ran: string[] } {
  const ran: string[] = [];
  let isAlive = true;
  return {
    ran,
    run: async (command, args) => {
      ran.push([command.replace(/^.*\\/, ''), ...args].join(' '));
      if (survives)
        throw new Error('ERROR: The process with PID 42 could not be terminated. Reason: Access is denied.');
      isAlive = false;
      return Promise.resolve();
    },
    isAlive: () => isAlive,
  };
}

describe('ending a terminal on Windows', () => {
  it('takes the whole tree at once: there is no signal that could ask', async () => {
    const ports = windows();
    expect(await killTerminal('win32', () => 42, marker, grace, ports)).toEqual([]);
    expect(ports.ran).toEqual(['taskkill.exe /PID 42 /T /F']);
  });

  it('leaves alone what may have the number of one that has ended', async () => {
    const ports = windows();
    expect(await killTerminal('win32', () => null, marker, grace, ports)).toEqual([]);
    expect(ports.ran).toEqual([]);
  });

  it('says who would not end', async () => {
    const ports = windows(true);
    expect(await killTerminal('win32', () => 42, marker, grace, ports)).toEqual([42]);
  });

  it('is content when its end is told meanwhile, whoever has its number then', async () => {
    const ports = windows(true);
    const told: (number | null)[] = [42, 42, null];
    const root = (): number | null => (told.length > 1 ? (told.shift() ?? null) : null);
    expect(await killTerminal('win32', root, marker, { ...grace, killMilliseconds: 60_000 }, ports)).toEqual([]);
  });
});
