import { describe, expect, it } from 'vitest';

import { parseHeadlessArguments } from './arguments.ts';

const parse = (...argv: string[]) => parseHeadlessArguments(argv, '/home/me');

describe('the command line of the headless host', () => {
  it('asks for nothing by default', () => {
    expect(parse()).toEqual({ ok: true, value: { port: null, project: null, demo: false, help: false } });
  });

  it('takes a port and a project, relative to where it was typed', () => {
    expect(parse('--port', '4000', '--project', 'work/my app')).toMatchObject({
      ok: true,
      value: { port: 4000, project: '/home/me/work/my app' },
    });
    expect(parse('--port=0', '--project=/srv/app')).toMatchObject({
      ok: true,
      value: { port: 0, project: '/srv/app' },
    });
  });

  it.each([
    ['--port', 'x'],
    ['--port', '65536'],
    ['--port', '-1'],
    ['--port=1e3'],
    ['--port'],
    ['--project='],
    ['--prot', '1'],
    ['folder'],
    ['--demo', '--project', 'a'],
  ])('refuses what it does not understand: %s %s', (...argv) => {
    expect(parse(...argv)).toEqual({
      ok: false,
      error: { kind: 'bad-arguments', message: expect.stringMatching(/port|project|prot|folder|demo/) as string },
    });
  });
});
