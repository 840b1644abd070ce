import { expect, it } from 'vitest';

import { exitInWords } from './exit-words.ts';

it.each([
  [{ code: 0, signal: null }, 'Ended normally', false],
  [{ code: 0, signal: 0 }, 'Ended normally', false],
  [{ code: 3, signal: 0 }, 'Ended with exit code 3', true],
  [{ code: 127, signal: null }, 'Ended with exit code 127', true],
  [{ code: 0, signal: 9 }, 'Ended by signal 9', true],
  [{ code: 137, signal: null }, 'Ended by signal 9', true],
  [{ code: 130, signal: null }, 'Ended by signal 2', false],
  [{ code: 255, signal: null }, 'Ended with exit code 255', true],
  [{ code: null, signal: null }, 'Ended', false],
  [{ code: 0xc000013a, signal: null }, 'Ended with exit code 0xc000013a', false],
  [{ code: 0xc0000005, signal: null }, 'Ended with exit code 0xc0000005', true],
])('%o: %s', (exit, title, isFailure) => {
  expect(exitInWords(exit)).toMatchObject({ title, isFailure });
});

it('says what is known of an end that nobody saw: what ended, how old the screen is, and what may be missing', () => {
  const lost = (cause: 'machine' | 'host', isWhole: boolean) =>
    exitInWords({ code: null, signal: null, lost: { cause, keptAt: Date.UTC(2026, 10, 25, 12, 0, 9), isWhole } });
  expect(lost('machine', false).title).toBe('The machine was restarted while it ran.');
  expect(lost('host', false).title).toContain('terminal host ended');
  expect(lost('host', false).reason).toMatch(/last screen that was kept, .*2026.*:09.*is lost.*untouched/);
  expect(lost('host', true).reason).not.toContain('is lost');
});

it('says why where the number says so', () => {
  expect(exitInWords({ code: 127, signal: null }).reason).toContain('not found');
  expect(exitInWords({ code: 0, signal: 9 }).reason).toContain('killed');
});
