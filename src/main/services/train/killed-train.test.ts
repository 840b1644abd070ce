import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';

import { TestTrainHost } from './test-train-host.ts';

const carStates = (host: TestTrainHost): readonly string[] => host.last?.cars.map(({ state }) => state) ?? [];

describe('the train of an app that was killed', () => {
  let host: TestTrainHost;

  beforeEach(async () => {
    host = await TestTrainHost.create();
  });

  afterEach(async () => {
    await host.remove();
  });

  const textOf = (name: string): string => (existsSync(host.at(name)) ? readFileSync(host.at(name), 'utf8') : '');

  it('ends the gate that was left running before it runs it again, and takes away what that has written to the last', async () => {
    // The first one never ends by itself, and writes one file more when it is asked to.
    host.gates = [
      {
        id: 'tests',
        run: `
          if [ ! -e '${host.at('first')}' ]; then
            trap 'echo late > late.txt; exit 1' HUP TERM
            echo early > early.txt
            echo $$ > '${host.at('first.new')}' && mv '${host.at('first.new')}' '${host.at('first')}'
            until [ -e '${host.at('leak')}' ]; do sleep 0.05; done
            echo leaked > leaked.txt
            touch '${host.at('leaked')}'
            while :; do sleep 0.05; done
          fi
          touch '${host.at('second')}'
          until [ -e '${host.at('go')}' ]; do sleep 0.05; done
          ls -A > '${host.at('seen')}'
        `,
      },
    ];
    const one = await host.keep('one', { 'one.md': 'one\n' });
    await host.begin();
    host.order({ kind: 'start', ids: [one] });
    await until(() => existsSync(host.at('first')), 'the gate runs');
    const first = Number(textOf('first'));
    await host.kill();
    expect(isAlive(first)).toBe(true);

    await host.begin();
    expect(await host.settled('paused')).toMatchObject({ cars: [{ state: 'waiting' }] });
    host.order({ kind: 'resume', skip: false });
    await until(() => existsSync(host.at('second')), 'the gate runs again');
    expect(isAlive(first)).toBe(false);
    writeFileSync(host.at('leak'), '');
    writeFileSync(host.at('go'), '');
    await host.settled('done');
    expect(existsSync(host.at('leaked'))).toBe(false);
    expect(textOf('seen').split('\n').filter(Boolean)).toEqual(['.git', '.gitignore', 'one.md', 'plan.md']);
    // Two ran, and one of them to its end.
    expect(await host.repository.git('log', '-1', '--format=%s', 'main')).toBe('Merge one into main');
  });

  it('makes its worktree anew when it was cut off in the middle of the setup, and blames no car for it', async () => {
    host.setup = `
      echo x >> '${host.at('setups')}'
      mkdir .made
      until [ -e '${host.at('ready')}' ]; do sleep 0.05; done
      touch .made/whole
    `;
    host.gates = [{ id: 'tests', run: 'test -e .made/whole' }];
    const one = await host.keep('one', { 'one.md': 'one\n' });
    const two = await host.keep('two', { 'two.md': 'two\n' });
    await host.begin();
    host.order({ kind: 'start', ids: [one, two] });
    await until(() => existsSync(join(host.scratch, '.made')), 'the setup runs');
    await host.kill();
    await host.begin();
    writeFileSync(host.at('ready'), '');
    host.order({ kind: 'resume', skip: false });
    await host.settled('done', 'stopped');
    expect(carStates(host)).toEqual(['merged', 'merged']);
    expect(textOf('setups')).toBe('x\nx\n');
  });

  it('is ended for good with nothing left half made', async () => {
    host.setup = `echo $$ > '${host.at('setup.pid')}'; touch half; sleep 600`;
    const one = await host.keep('one', { 'one.md': 'one\n' });
    await host.begin();
    host.order({ kind: 'start', ids: [one] });
    await until(() => existsSync(join(host.scratch, 'half')), 'the setup runs');
    await host.kill();
    await host.begin();
    await host.settled('paused');
    host.order({ kind: 'abort' });
    await host.settled('aborted');
    await until(() => !existsSync(host.scratch), 'its worktree goes');
    expect(isAlive(Number(textOf('setup.pid')))).toBe(false);
    await until(async () => !(await host.repository.git('worktree', 'list')).includes('\n'), 'Git’s record goes too');
  });
});
