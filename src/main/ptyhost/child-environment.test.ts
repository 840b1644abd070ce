import { describe, expect, it } from 'vitest';

import { childEnvironment, terminalMarker } from './child-environment.ts';

const of = (inherited: NodeJS.ProcessEnv, explicit: Record<string, string> = {}, platform: NodeJS.Platform = 'linux') =>
  childEnvironment(inherited, explicit, platform);

describe('childEnvironment', () => {
  it('keeps what is the person’s', () => {
    expect(of({ HOME: '/home/ada', ANTHROPIC_API_KEY: 'key', EDITOR: 'vim', NO_COLOR: '1' })).toMatchObject({
      HOME: '/home/ada',
      ANTHROPIC_API_KEY: 'key',
      EDITOR: 'vim',
      NO_COLOR: '1',
    });
  });

  it('drops what is ours or of what started us', () => {
    const names = Object.keys(
      of({
        ELECTRON_RUN_AS_NODE: '1',
        NODE_OPTIONS: '--inspect',
        CLAUDECODE: '1',
        npm_config_registry: 'x',
        npm_lifecycle_event: 'start',
        SWITCHYARD_HOME: '/x',
        SWITCHYARD_TOKEN: 'secret',
        TMUX: '/tmp/tmux',
        GIT_DIR: '/elsewhere/.git',
        GIT_WORK_TREE: '/elsewhere',
        COLUMNS: '80',
      }),
    );
    expect(names.toSorted()).toEqual(['COLORTERM', 'LANG', 'TERM', 'TERM_PROGRAM']);
  });

  it('says what terminal it is, and lets the caller have the last word', () => {
    expect(of({ TERM: 'dumb', TERM_PROGRAM: 'vscode' })).toMatchObject({
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      TERM_PROGRAM: 'Switchyard',
    });
    expect(of({}, { TERM: 'dumb', SWITCHYARD_RUN: 'r1' })).toMatchObject({ TERM: 'dumb', SWITCHYARD_RUN: 'r1' });
  });

  it('makes sure of UTF-8, and leaves a locale that has it alone', () => {
    expect(of({ LANG: 'C' })['LANG']).toBe('C.UTF-8');
    expect(of({ LC_ALL: 'POSIX', LANG: 'de_DE.UTF-8' })).not.toHaveProperty('LC_ALL');
    expect(of({ LANG: 'de_DE.UTF-8' })['LANG']).toBe('de_DE.UTF-8');
    expect(of({}, {}, 'darwin')['LANG']).toBe('en_US.UTF-8');
  });

  it('takes this project’s own programs off PATH when npm put them there', () => {
    const path = '/app/node_modules/.bin:/node_modules/.bin:/usr/lib/npm/bin/node-gyp-bin:/home/ada/bin:/usr/bin';
    expect(of({ npm_package_json: '/app/package.json', PATH: path })['PATH']).toBe('/home/ada/bin:/usr/bin');
    expect(of({ PATH: path })['PATH']).toBe(path);
  });

  it('has each variable once on Windows, whatever the case of its name', () => {
    const inherited = {
      Path: 'C:\\app\\node_modules\\.bin;C:\\bin',
      npm_package_json: 'C:\\app\\package.json',
      SystemRoot: 'C:\\Windows',
      term: 'x',
    };
    expect(of(inherited, {}, 'win32')).toEqual({
      PATH: 'C:\\bin',
      SystemRoot: 'C:\\Windows',
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      TERM_PROGRAM: 'Switchyard',
    });
    expect(of({ Path: 'C:\\bin' }, { PATH: 'C:\\mine' }, 'win32')).toMatchObject({ PATH: 'C:\\mine' });
    expect(of({ Path: 'C:\\bin' }, { PATH: 'C:\\mine' }, 'win32')).not.toHaveProperty('Path');
    expect(of({ Path: '/odd' }, { PATH: '/bin' })).toMatchObject({ Path: '/odd', PATH: '/bin' });
  });

  it('marks the terminals of different state folders differently', () => {
    expect(terminalMarker('run-1', '/a').value).not.toBe(terminalMarker('run-1', '/b').value);
    expect(terminalMarker('run-1', '/a')).toEqual(terminalMarker('run-1', '/a'));
  });

  it('is passed on only as far as the person allows, beside what every program needs', () => {
    const inherited = {
      PATH: '/bin',
      HOME: '/home/ann',
      LC_ALL: 'C.UTF-8',
      https_proxy: 'http://proxy',
      ANTHROPIC_API_KEY: 'sk-1',
      AWS_SECRET_ACCESS_KEY: 'aws',
      DATABASE_URL: 'postgres://',
    };
    const passed = (allowed: readonly string[] | null) =>
      Object.keys(childEnvironment(inherited, { OWN: '1' }, 'linux', allowed)).filter((name) => name in inherited);
    expect(passed(null)).toEqual(Object.keys(inherited));
    expect(passed([])).toEqual(['PATH', 'HOME', 'LC_ALL', 'https_proxy']);
    expect(passed(['anthropic_api_key', 'AWS_*'])).toEqual([
      'PATH',
      'HOME',
      'LC_ALL',
      'https_proxy',
      'ANTHROPIC_API_KEY',
      'AWS_SECRET_ACCESS_KEY',
    ]);
    expect(childEnvironment(inherited, { OWN: '1' }, 'linux', [])['OWN']).toBe('1');
  });
});
