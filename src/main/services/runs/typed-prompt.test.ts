import { afterEach, beforeEach, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { AgentId, RunId } from '#shared/ids.ts';

import { TestRuns } from './test-runs.ts';

let test: TestRuns;
beforeEach(async () => {
  test = await TestRuns.create();
});
afterEach(async () => {
  await test.remove();
});

const prompt = 'Do toggles on feature/ai-toggles';

async function spawn(agentId: string): Promise<RunId> {
  const [id] = await test.spawn({ agentId: agentId as AgentId });
  await test.until(id!, ({ status }) => status.kind === 'working');
  return id!;
}

/** Waits until the screen has been looked at so often since now. */
async function looksAgain(times: number): Promise<void> {
  const wanted = test.terminals.looks + times;
  await until(() => test.terminals.looks >= wanted);
}

it('is typed once the agent shows its input', async () => {
  const id = await spawn('typist');
  await looksAgain(3);
  expect(test.terminals.typed).toEqual([]);
  test.terminals.screen = '> ready';
  await until(() => test.terminals.typed.length === 2);
  expect(test.terminals.typed).toEqual([prompt, '\r']);
  expect(test.run(id).status.kind).toBe('working');
});

it('is typed once into an agent that ended before it had shown its input, and was started again', async () => {
  const id = await spawn('typist');
  test.terminals.exit(`run-${id}` as never, 1);
  await test.until(id, ({ status }) => status.kind === 'exited');
  expect(await test.runs.restart({ id, how: 'afresh' })).toMatchObject({ ok: true });
  test.terminals.screen = '> ready';
  await until(() => test.terminals.typed.includes('\r'));
  // One that came with the first start would follow within these looks.
  await test.runs.send({ id, text: 'and more' });
  expect(test.terminals.typed).toEqual([prompt, '\r', '<and more>', '\r']);
});

it('waits for the first sign of an agent that nobody knows, and not for what stood in the terminal before it', async () => {
  test.terminals.screen = 'Starting Fake';
  await spawn('stranger');
  await looksAgain(3);
  expect(test.terminals.typed).toEqual([]);
  test.terminals.screen = 'Starting Fake\nWelcome';
  await until(() => test.terminals.typed.length === 2);
  expect(test.terminals.typed).toEqual([prompt, '\r']);
});

it('is held back by a dialog, which its key would answer, until that has been answered', async () => {
  const id = await spawn('typist');
  test.terminals.screen = '> Do you trust the files in this folder?\n  (y/n)';
  await looksAgain(8);
  expect(test.terminals.typed).toEqual([]);
  test.terminals.screen = '> ready';
  await until(() => test.terminals.typed.length === 2);
  expect(test.terminals.typed).toEqual([prompt, '\r']);
  expect(test.run(id).status.kind).toBe('working');
});

it('is not held back by a dialog of what ran in the terminal before', async () => {
  test.terminals.screen = 'Proceed? (y/n)';
  await spawn('stranger');
  test.terminals.screen = 'Proceed? (y/n)\nWelcome';
  await until(() => test.terminals.typed.length === 2);
  expect(test.terminals.typed).toEqual([prompt, '\r']);
});

it('a message to an agent that has just been started is refused while that shows a dialog', async () => {
  const [id] = await test.spawn({ agentId: 'loader' as AgentId });
  await test.until(id!, ({ status }) => status.kind === 'working');
  test.terminals.screen = 'Do you trust the files in this folder?\n❯ 1. Yes, proceed\n  2. No';
  expect(await test.runs.send({ id: id!, text: 'and more' })).toEqual({ ok: false, error: { kind: 'asks' } });
  expect(test.terminals.typed).toEqual([]);
});

it('keeps two messages that come at once apart', async () => {
  const id = await spawn('fake');
  await Promise.all(['one', 'two'].map((text) => test.runs.send({ id, text })));
  expect(test.terminals.typed).toEqual(['<one>', '\r', '<two>', '\r']);
});
