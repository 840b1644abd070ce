import { expect, it } from 'vitest';

import { inTasks } from './in-tasks.ts';

const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

it('does the steps in their order, and lets others come between', async () => {
  const done: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  inTasks([
    () => {
      done.push('first');
      setTimeout(() => done.push('somebody else'));
    },
    () => done.push('second'),
    resolve,
  ]);
  expect(done).toEqual([]);
  await promise;
  expect(done).toEqual(['first', 'somebody else', 'second']);
});

it('does nothing more once it is disposed, also by a step', async () => {
  const done: string[] = [];
  const never = inTasks([() => done.push('never')]);
  never.dispose();
  const { promise, resolve } = Promise.withResolvers<void>();
  const steps = inTasks([
    () => {
      done.push('first');
      steps.dispose();
      resolve();
    },
    () => done.push('not this one'),
  ]);
  await promise;
  await nextTask();
  await nextTask();
  expect(done).toEqual(['first']);
});
