import { setImmediate as turn } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { Semaphore } from './semaphore.ts';

/** Tasks that begin when it is their turn, and end when the test says so. */
function tasks(semaphore: Semaphore) {
  const begun: string[] = [];
  const begin = (name: string, cancelled?: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const ended = semaphore.run(() => {
      begun.push(name);
      return promise;
    }, cancelled);
    return { end: resolve, ended };
  };
  return { begun, begin };
}

it('runs so many at once, and the others in the order in which they came', async () => {
  const { begun, begin } = tasks(new Semaphore(2));
  const [first, second, third, fourth] = ['first', 'second', 'third', 'fourth'].map((name) => begin(name));
  await turn();
  expect(begun).toEqual(['first', 'second']);
  second!.end();
  await turn();
  expect(begun).toEqual(['first', 'second', 'third']);
  for (const each of [first, third, fourth]) each!.end();
  await Promise.all([first, second, third, fourth].map((each) => each!.ended));
  expect(begun).toHaveLength(4);
});

it('does not let a cancelled task wait, and gives no place away with it', async () => {
  const { begun, begin } = tasks(new Semaphore(1));
  const first = begin('first');
  const cancellation = new AbortController();
  const cancelled = begin('cancelled', cancellation.signal);
  const last = begin('last');
  await turn();
  expect(begun).toEqual(['first']);
  cancellation.abort();
  await turn();
  expect(begun).toEqual(['first', 'cancelled']);
  cancelled.end();
  await cancelled.ended;
  await turn();
  expect(begun).toEqual(['first', 'cancelled']);
  first.end();
  await turn();
  expect(begun).toEqual(['first', 'cancelled', 'last']);
  last.end();
  await last.ended;
});

it('gives the place of a task that was cancelled while it ran to the next', async () => {
  const { begun, begin } = tasks(new Semaphore(1));
  const cancellation = new AbortController();
  const first = begin('first', cancellation.signal);
  const second = begin('second', cancellation.signal);
  const third = begin('third');
  await turn();
  cancellation.abort();
  await turn();
  expect(begun).toEqual(['first', 'second']);
  second.end();
  first.end();
  await turn();
  expect(begun).toEqual(['first', 'second', 'third']);
  third.end();
  await third.ended;
});
