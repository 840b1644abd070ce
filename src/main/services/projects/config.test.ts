import { describe, expect, it } from 'vitest';

import { parseProjectConfig, toConfigState } from './config.ts';
import type { ProjectPlace } from './worktree-folder.ts';

const place: ProjectPlace = {
  projectPath: '/home/ada/code/league',
  commonDir: '/home/ada/code/league/.git',
  homeFolder: '/home/ada',
  temporaryFolders: ['/tmp', '/var/tmp'],
};
const parse = (text: string | null, at = place) => parseProjectConfig(text, at);

const everything = `
worktrees:
  folder: ~/trees/{repo}
branch: ai/{agent}/{slug}-{variant}
base: develop
copy: [.env, "config/*.local.json"]
setup:
  run: npm ci
  timeout: 5
merge: { method: squash }
prompts:
  always: [house-style]
  rules: [AGENTS.md]
agents:
  - id: mine
    label: My agent
    command: my-agent
    args: [--fast, "a b"]
    prompt: { via: flag, flag: --task }
    env: { MODE: quiet }
gates:
  - { id: tests, run: npm test }
`;

describe('parseProjectConfig', () => {
  it('has a default for everything when there is no file, an empty one, or only comments', () => {
    for (const text of [null, '', '# later\n']) {
      expect(parse(text)).toEqual({
        worktrees: { folder: '/home/ada/code/league.worktrees', isElsewhere: false },
        branch: 'feature/ai-{slug}',
        base: null,
        copy: [],
        dependencies: [],
        sparse: [],
        setup: null,
        teardown: null,
        merge: { method: 'merge' },
        prompts: { always: [], rules: [] },
        agents: [],
        tests: null,
        gates: [],
        writtenGates: null,
        unreadable: [],
        invariantCommands: [],
        problems: [],
      });
    }
  });

  it('takes everything that can be said', () => {
    expect(parse(everything)).toEqual({
      worktrees: { folder: '/home/ada/trees/league', isElsewhere: true },
      branch: 'ai/{agent}/{slug}-{variant}',
      base: { branch: 'develop', line: 5 },
      copy: ['.env', 'config/*.local.json'],
      dependencies: [],
      sparse: [],
      setup: { run: 'npm ci', timeoutMinutes: 5 },
      teardown: null,
      merge: { method: 'squash' },
      prompts: { always: ['house-style'], rules: ['AGENTS.md'] },
      agents: [
        {
          id: 'mine',
          label: 'My agent',
          description: '',
          command: 'my-agent',
          args: ['--fast', 'a b'],
          prompt: { via: 'flag', flag: '--task' },
          resume: null,
          env: { MODE: 'quiet' },
          install: null,
        },
      ],
      tests: null,
      gates: [{ id: 'tests', title: 'tests', run: 'npm test', needs: [], timeoutMinutes: 20, when: 'review' }],
      writtenGates: [{ id: 'tests', run: 'npm test' }],
      unreadable: [],
      invariantCommands: [],
      problems: [],
    });
  });

  it('takes a command that runs a test by its name only with a place for the name and for its report', () => {
    const run = 'npx vitest run -t {name} --outputFile={report}';
    expect(parse(`tests: ${run}\n`)).toMatchObject({ tests: { run, timeoutMinutes: 20 }, problems: [] });
    expect(parse(`tests: { run: '${run}', timeout: 3 }\n`)).toMatchObject({ tests: { run, timeoutMinutes: 3 } });
    for (const broken of ['npm test -- {name}', 'npm test > {report}']) {
      expect(parse(`tests: ${broken}\n`)).toMatchObject({ tests: null, problems: [{ line: 1 }] });
    }
  });

  it('tells the page what holds', () => {
    expect(toConfigState(parse(everything))).toEqual({
      worktreeFolder: '/home/ada/trees/league',
      branchTemplate: 'ai/{agent}/{slug}-{variant}',
      copy: ['.env', 'config/*.local.json'],
      setupCommand: 'npm ci',
      mergeMethod: 'squash',
      gatesOfMerge: ['tests'],
      problems: [],
    });
  });

  it('keeps what is right when another part is wrong, and says on which line', () => {
    const config = parse(
      [
        'branch: feature/ai', // no {slug}
        'base: develop',
        'merge:',
        '  method: octopus',
        'setup:',
        '  run: npm ci',
        '  timeout: soon',
        'copy:',
        '  - .env',
        '  - ../secrets',
        '  - 7',
        'prompts: always',
        'setpu: npm ci',
      ].join('\n'),
    );
    expect(config).toMatchObject({
      branch: 'feature/ai-{slug}',
      base: { branch: 'develop', line: 2 },
      merge: { method: 'merge' },
      setup: { run: 'npm ci', timeoutMinutes: 20 },
      copy: ['.env'],
      prompts: { always: [] },
    });
    expect(config.problems).toEqual([
      { line: 1, message: 'branch: must contain {slug}, or all specs would share one branch' },
      { line: 4, message: 'merge.method: expected merge, squash or rebase' },
      { line: 7, message: 'setup.timeout: expected minutes, a number' },
      { line: 10, message: 'copy[2]: must not leave the project' },
      { line: 11, message: 'copy[3]: expected text' },
      { line: 12, message: 'prompts: expected keys with values' },
      { line: 13, message: 'setpu: not a setting that is known here; it is left alone.' },
    ]);
  });

  it('drops a broken agent and keeps its neighbours', () => {
    const config = parse(
      [
        'agents:',
        '  - { id: one, command: one }',
        '  - { id: Two!, command: two }',
        '  - { id: three }',
        '  - { id: four, command: four, prompt: { via: flag } }',
        '  - { id: one, command: other }',
        '  - { id: five, command: five, prompt: { via: stdin } }',
      ].join('\n'),
    );
    expect(config.agents.map(({ id, command, prompt }) => [id, command, prompt.via])).toEqual([
      ['one', 'one', 'arg'],
      ['five', 'five', 'stdin'],
    ]);
    expect(config.problems.map(({ line }) => line)).toEqual([3, 4, 5, 6]);
  });

  it('relies on no part that a syntax error touches', () => {
    const config = parse('base: develop\nbranch: "x/{slug}\nsetup: rm -rf .\n');
    expect(config).toMatchObject({ base: { branch: 'develop' }, branch: 'feature/ai-{slug}', setup: null });
    expect(config.problems).toHaveLength(1);
    expect(parse('setup: one\nbase: develop\nsetup: two\n')).toMatchObject({ setup: null });
  });

  it('takes a bare command as setup, and says so when the command is missing', () => {
    expect(parse('setup: make ready').setup).toEqual({ run: 'make ready', timeoutMinutes: 20 });
    expect(parse('setup: { timeout: 3 }')).toMatchObject({
      setup: null,
      problems: [{ line: 1, message: 'setup: expected `run`, the command that makes a new worktree ready.' }],
    });
  });

  it.each([
    ['.git/trees', 'own data'],
    ['.git', 'own data'],
    ['/home/ada/code/league/.git/x', 'own data'],
    ['.', 'the project itself'],
    ['/tmp/trees', 'temporary folder'],
    ['../../../../tmp', 'temporary folder'],
    ['/var/tmp/{repo}', 'temporary folder'],
  ])('refuses to keep worktrees in %s', (folder, reason) => {
    const config = parse(`worktrees: { folder: "${folder}" }`);
    expect(config.worktrees.folder).toBe('/home/ada/code/league.worktrees');
    expect(config.problems).toEqual([{ line: 1, message: expect.stringContaining(reason) as string }]);
  });

  it('lets a project that is itself in a temporary folder keep its worktrees beside it', () => {
    const config = parse('worktrees: { folder: ../trees }', {
      ...place,
      projectPath: '/tmp/x/league',
      commonDir: '/tmp/x/league/.git',
    });
    expect(config).toMatchObject({ worktrees: { folder: '/tmp/x/trees' }, problems: [] });
  });

  it('takes folders inside the project, beside it, absolute and with a dot in front', () => {
    const folders = ['.worktrees', '../trees/{repo}', '/srv/trees/{repo}', '.github-trees', '..trees'].map(
      (folder) => parse(`worktrees: { folder: "${folder}" }`).worktrees.folder,
    );
    expect(folders).toEqual([
      '/home/ada/code/league/.worktrees',
      '/home/ada/code/trees/league',
      '/srv/trees/league',
      '/home/ada/code/league/.github-trees',
      '/home/ada/code/league/..trees',
    ]);
  });

  it.each([
    '-x/{slug}',
    'a b/{slug}',
    '{slug}..x',
    '{slug}.lock',
    '/{slug}',
    'x/{nobody}/{slug}',
    'refs/heads/{slug}',
    'a/.{slug}',
  ])('refuses %s as a template for branches', (branch) => {
    const config = parse(`branch: "${branch}"`);
    expect(config.branch).toBe('feature/ai-{slug}');
    expect(config.problems).toHaveLength(1);
  });

  it.each([
    ['a list', '- one\n- two'],
    ['text', 'hello'],
    ['a tab', '\tbase: main'],
    ['a stray bracket', 'base: main\n}: x\n'],
    ['an alias to nothing', 'base: *nothing'],
    ['a NUL', 'setup: "npm ci\\0; rm -rf"'],
    [
      'every kind of wrong type',
      'worktrees: 1\nbranch: []\nbase: {}\ncopy: x\nsetup: []\nmerge: m\nprompts: 2\nagents: {}',
    ],
    ['binary', '\u0000\u0001\ufffd: ['],
    ['one alias for a billion', laughs()],
  ])('reports %s, with a line, and falls back', (_what, text) => {
    const config = parse(text);
    expect(config.problems.length).toBeGreaterThan(0);
    expect(config.problems.every(({ line }) => line >= 1)).toBe(true);
    expect({ ...config, problems: [], unreadable: [], writtenGates: null }).toEqual(parse(null));
  });

  it('is not fooled by keys that objects have by birth', () => {
    expect(parse('__proto__: { setup: x }\nconstructor: { run: y }\n').setup).toBeNull();
  });

  it('names dependencies, folders that are wanted, and a command to clear up with', () => {
    const config = parse(
      [
        'dependencies: [node_modules, { folder: ./app/vendor/, lockfile: app/composer.lock }]',
        'sparse: [apps/web/, packages]',
        'teardown: docker compose down',
      ].join('\n'),
    );
    expect(config.problems).toEqual([]);
    expect(config.dependencies).toEqual([
      { folder: 'node_modules', lockfile: null },
      { folder: 'app/vendor', lockfile: 'app/composer.lock' },
    ]);
    expect(config.sparse).toEqual(['apps/web', 'packages']);
    expect(config.teardown).toEqual({ run: 'docker compose down', timeoutMinutes: 2 });
    expect(parse('teardown: { run: x, timeout: 5 }').teardown).toEqual({ run: 'x', timeoutMinutes: 5 });
  });

  it.each(['../other', '/etc', '-x', '*', 'a\nb', '.git/hooks', '.'])(
    'refuses %j as a folder for any of them',
    (folder) => {
      const config = parse(`dependencies: [${JSON.stringify(folder)}]\nsparse: [${JSON.stringify(folder)}]`);
      expect(config.dependencies).toEqual([]);
      expect(config.sparse).toEqual([]);
      expect(config.problems).toHaveLength(2);
    },
  );
});

function laughs(): string {
  const levels = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  return levels
    .map((name, index) =>
      index === 0 ? 'a: &a [x,x,x,x,x,x,x,x,x,x]' : `${name}: &${name} [${`*${levels[index - 1]},`.repeat(10)}]`,
    )
    .concat('copy: *g')
    .join('\n');
}
