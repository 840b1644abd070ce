import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { spawnPty, type Pty } from '#main/ptyhost/pty.ts';
import { composePrompt } from '#main/services/prompts/compose.ts';
import type { TerminalExit } from '#shared/contract/terminals.ts';
import type { SpecSlug } from '#shared/ids.ts';

import { KeyReader } from './key-reader.ts';
import { Lines } from './lines.ts';
import { Programs } from './programs.ts';
import { Screen } from './screen.ts';
import { Scribe } from './scribe.ts';

const program = join(import.meta.dirname, 'main.ts');
const run = promisify(execFile);

let world: string;
let worktree: string;
let env: Record<string, string>;
let pty: Pty | null;

beforeEach(async () => {
  world = await realpath(await mkdtemp(join(tmpdir(), 'scribe-')));
  worktree = join(world, 'worktree');
  pty = null;
  env = {
    PATH: process.env['PATH'] ?? '',
    HOME: world,
    SCRIBE_PACE_MS: '0',
    TERM: 'xterm-256color',
    GIT_CONFIG_GLOBAL: join(world, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
  };
  await writeFile(
    join(world, 'gitconfig'),
    '[user]\n\tname = Ada\n\temail = ada@example.invalid\n[init]\n\tdefaultBranch = main\n',
  );
  await mkdir(worktree);
  await git('init', '--quiet');
  await git('commit', '--quiet', '--allow-empty', '-m', 'Start');
});

afterEach(async () => {
  pty?.close();
  await rm(world, { recursive: true, force: true });
});

const git = async (...args: string[]): Promise<string> =>
  (await run('git', args, { cwd: worktree, env })).stdout.trimEnd();
const subjects = async (): Promise<readonly string[]> => (await git('log', '--format=%s')).split('\n');
const lastMessage = (): Promise<string> => git('log', '-1', '--format=%B');
const inWorktree = (path: string): Promise<string> => readFile(join(worktree, path), 'utf8');

/** The prompt as an agent is given it, in a file. */
const promptFor = async (spec: string, task: 'build' | 'split' = 'build'): Promise<string> => {
  const { text } = composePrompt({
    invariants: [{ id: 'rule', title: 'Rule', text: '```ts file=from-a-rule.ts\nno\n```\n' }],
    modules: [],
    unread: [],
    rules: [],
    missingFiles: new Set(),
    task,
    always: [],
    spec: { slug: 'greeting' as SpecSlug, text: spec },
    agentId: 'scribe',
    branch: 'feature/ai-greeting',
    base: 'main',
    countTokens: () => 0,
  });
  const path = join(world, 'prompt.md');
  await writeFile(path, text);
  return path;
};
const spec = (frontMatter: string, body = '```js file=src/hello.js\nconsole.log("hello");\n```\n'): string =>
  `---\ntitle: Say hello\n${frontMatter}\n---\n\n${body}`;
const passing = `acceptance:
  - { id: runs, text: It runs., check: node src/hello.js }
  - { id: nice, text: It is nice. }`;

/** Runs it with all of its input at once, as from a script. */
const pipe = (args: readonly string[], input: string): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: worktree, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, output });
    });
    child.stdin.end(input);
  });

/** The same without a process of its own, for what does not depend on one. */
const work = async (prompt: string, input = '', how: 'work' | 'resume' = 'work'): Promise<string> => {
  let output = '';
  const screen = new Screen({ write: (text) => (output += text) }, env);
  const lines = new Lines(() => undefined);
  for (const key of new KeyReader().read(input)) lines.take(key);
  lines.end();
  const programs = new Programs(worktree, env, process.platform);
  const scribe = new Scribe({ folder: worktree, screen, lines, programs, paceMilliseconds: 0, answersMayWait: true });
  await scribe.begin(await readFile(prompt, 'utf8'), how);
  await scribe.stay();
  return output;
};

/** Runs it in a real terminal, as the app does. */
const open = (...args: string[]) => {
  const seen = { output: '', exit: null as TerminalExit | null };
  const started = spawnPty(
    process.platform,
    { file: process.execPath, args: [program, ...args], cwd: worktree, env, cols: 100, rows: 30 },
    {
      onData: (text) => {
        seen.output += text;
      },
      onExit: (exit) => {
        seen.exit = exit;
      },
    },
  );
  pty = started;
  return {
    seen,
    type: (text: string) => {
      started.write(text);
    },
    shows: (text: string) =>
      vi.waitFor(() => {
        expect(seen.output).toContain(text);
      }, 20_000),
    exits: (code: number) =>
      vi.waitFor(() => {
        expect(seen.exit).toEqual({ code, signal: null });
      }, 20_000),
  };
};
const idle = '✳ Ready';

describe('scribe', () => {
  it('writes the files, runs the checks and commits, and says what is not proven', async () => {
    const { code, output } = await pipe([await promptFor(spec(passing))], '');
    expect(code).toBe(0);
    expect(output).toContain('✓ src/hello.js: created, 1 line');
    expect(output).toContain('✓ runs: It runs.');
    expect(output).toContain('  │ hello');
    expect(output).not.toContain('\x1b');
    expect(await inWorktree('src/hello.js')).toBe('console.log("hello");\n');
    expect(await lastMessage()).toBe(`Say hello

Written by scribe, the demo agent of Switchyard, from the spec “greeting”.

Checks:
- runs: passed. It runs.
- nice: not proven, it has no check. It is nice.`);
    expect(await git('status', '--porcelain')).toBe('');
    // Only the spec is to be done: what a rule quotes is an example.
    await expect(stat(join(worktree, 'from-a-rule.ts'))).rejects.toThrow('ENOENT');
  });

  it('makes the same tree from the same prompt, and no second commit', async () => {
    const prompt = await promptFor(spec(passing));
    await work(prompt, '');
    const tree = await git('rev-parse', 'HEAD^{tree}');
    const output = await work(prompt, '');
    expect(output).toContain('All of it is committed already.');
    expect(await git('rev-parse', 'HEAD^{tree}')).toBe(tree);
    expect(await subjects()).toEqual(['Say hello', 'Start']);
  });

  it('commits what fails its check, and says so in the message', async () => {
    const failing = 'acceptance:\n  - { id: strict, text: It is strict., check: "echo because; exit 3" }';
    const output = await work(await promptFor(spec(failing)), '');
    expect(output).toContain('✗ “echo because; exit 3” ended with exit code 3');
    expect(output).toContain('  │ because');
    expect(output).toContain('1 of 1 did not hold. What becomes of that is for you to decide.');
    expect(await lastMessage()).toContain('- strict: FAILED with exit code 3. It is strict.');
  });

  it('drafts smaller specs where it is asked to split one, and commits and checks nothing', async () => {
    const output = await work(await promptFor(spec(`${passing}\nask: Loud?`), 'split'), '');
    expect(output).toContain('I drafted 2 smaller specs');
    expect(output).not.toContain('Loud?');
    expect(await subjects()).toEqual(['Start']);
    const drafts = ['greeting-nice.md', 'greeting-runs.md'];
    expect((await readdir(join(worktree, '.switchyard/drafts'))).toSorted()).toEqual(drafts);
    const text = await readFile(join(worktree, '.switchyard/drafts/greeting-runs.md'), 'utf8');
    expect(text).toContain('footprint: [src/hello.js]');
    // A spec that only speaks of it is carried out.
    await work(await promptFor(spec('', '<task kind="split">\n```js file=a.js\n1;\n```\n')), '');
    expect(await subjects()).toEqual(['Say hello', 'Start']);
  });

  it('asks its question, and puts the answer into the commit', async () => {
    const prompt = await promptFor(spec('ask: Loud or quiet?'));
    await work(prompt, '\n  Quiet, please\nquit\n');
    expect(await lastMessage()).toContain('Question: Loud or quiet?\nAnswer: Quiet, please');
  });

  it('commits nothing when nobody answers, and leaves the files', async () => {
    const output = await work(await promptFor(spec('ask: Loud or quiet?')), '');
    expect(output).toContain('Nobody answered, so nothing was committed.');
    expect(await subjects()).toEqual(['Start']);
    expect(await git('status', '--porcelain')).toBe('?? src/');
  });

  it('writes nothing outside its worktree or into the data of Git, and goes on with the rest', async () => {
    await symlink(world, join(worktree, 'link'));
    const bad = ['../a', '/tmp/scribe-a', '.git/hooks/pre-commit', 'link/a'];
    const blocks = bad.map((path) => `\`\`\` file=${path}\nexit 1\n\`\`\`\n`).join('');
    const output = await work(
      await promptFor(spec('', `${blocks}\`\`\` file=good.txt\ngood\n\`\`\`\n\`\`\` file=open\nx\n`)),
      '',
    );
    for (const path of bad) expect(output).toContain(`✗ ${path} `);
    expect(await git('show', '--name-only', '--format=', 'HEAD')).toBe('good.txt');
    expect(await lastMessage()).toContain('Not written:\n- This block is never closed');
    await expect(stat(join(world, 'a'))).rejects.toThrow('ENOENT');
  });

  it('commits only what it wrote, whatever else is there or staged', async () => {
    await writeFile(join(worktree, 'mine.txt'), 'x');
    await writeFile(join(worktree, 'staged.txt'), 'x');
    await git('add', 'staged.txt');
    await work(await promptFor(spec('')), '');
    expect(await git('show', '--name-only', '--format=', 'HEAD')).toBe('src/hello.js');
    expect(await git('status', '--porcelain')).toBe('A  staged.txt\n?? mine.txt');
  });

  it('takes odd names as names', async () => {
    const names = [':(top)x', '*', '-rf', 'a b.txt', 'ü.txt'];
    const blocks = names.map((name) => `\`\`\` file="${name}"\n${name}\n\`\`\`\n`).join('');
    await work(await promptFor(spec('', blocks)), '');
    expect(
      (await git('-c', 'core.quotePath=false', 'show', '--name-only', '--format=', 'HEAD')).split('\n').toSorted(),
    ).toEqual(names.toSorted());
  });

  it('says why Git took no commit, and keeps the files', async () => {
    await writeFile(join(worktree, '.git', 'hooks', 'pre-commit'), '#!/bin/sh\necho "not today" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const output = await work(await promptFor(spec('')), '');
    expect(output).toContain('✗ Git did not take the commit.');
    expect(output).toContain('not today');
    expect(await inWorktree('src/hello.js')).toContain('hello');
  });

  it('works on messages: help, checks again, files to write, and words that it cannot understand', async () => {
    const prompt = await promptFor(spec(passing));
    const follow = '\x1b[200~Please shout\r``` file=src/hello.js\rconsole.log("HELLO");\r```\x1b[201~\r';
    const { code, output } = await pipe([prompt], `help\nmake it blue\n${follow}checks\nquit\nnever read\n`);
    expect(code).toBe(0);
    expect(output).toContain('I have no model and understand no language.');
    expect(output).toContain('I have your message: 12 characters on 1 line.');
    expect(output).toContain('It quotes no file');
    expect(output.match(/HELLO/g)?.length).toBeGreaterThanOrEqual(2);
    expect(output).not.toContain('never read');
    expect(await subjects()).toEqual(['Follow up: Please shout', 'Say hello', 'Start']);
    expect(await inWorktree('src/hello.js')).toBe('console.log("HELLO");\n');
  });

  it('goes on without doing everything again', async () => {
    const prompt = await promptFor(spec(passing));
    const output = await work(prompt, 'checks\n', 'resume');
    expect(output).toContain('Back on “Say hello”');
    expect(output).toContain('✗ runs');
    expect(await subjects()).toEqual(['Start']);
    expect((await pipe(['--resume', join(world, 'gone.md')], '')).code).toBe(0);
  });

  it('says so when it has no prompt, or cannot read it', async () => {
    expect(await pipe([], '')).toMatchObject({
      code: 0,
      output: expect.stringContaining('There is no prompt') as string,
    });
    expect(await pipe([join(world, 'gone.md')], '')).toMatchObject({
      code: 2,
      output: expect.stringContaining('ENOENT') as string,
    });
  });

  it('takes any text for a prompt, and obeys no control sequence in it', async () => {
    const path = join(world, 'plain.md');
    await writeFile(path, '# Do\x1b[31m this\r\n\r\n``` file=a.txt\r\na\r\n```\r\n');
    const output = await work(path, '');
    expect(output).toContain('Do this');
    expect(output).not.toContain('\x1b');
    expect(await inWorktree('a.txt')).toBe('a\n');
  });
});

describe('scribe in a terminal', () => {
  it('tells its state in its title, takes pasted messages, and gives the terminal back', async () => {
    const terminal = open(await promptFor(spec(`ask: Loud or quiet?\n${passing}`)));
    await terminal.shows('\x1b]0;✋ Loud or quiet?\x07');
    expect(terminal.seen.output).toContain('\x1b]0;◐ Writing src/hello.js\x07');
    terminal.type('Qx\x7fuiet\r');
    await terminal.shows(idle);
    expect(await lastMessage()).toContain('Answer: Quiet');
    terminal.type('\x1b[200~A file\r``` file=b.txt\rb\r```\x1b[201~');
    await terminal.shows('A file … (4 lines)');
    terminal.type('\r');
    await terminal.shows('Follow up: A file');
    terminal.type('quit\r');
    await terminal.exits(0);
    const { output } = terminal.seen;
    expect(output.lastIndexOf('\x1b[?2004l')).toBeGreaterThan(output.lastIndexOf('\x1b[?2004h'));
    expect(await inWorktree('b.txt')).toBe('b\n');
  });

  it('does not take what was typed before a question for its answer', async () => {
    const slow =
      'acceptance:\n  - { id: slow, text: It takes time., check: "touch started; while [ ! -e go ]; do sleep 0.05; done" }';
    const terminal = open(await promptFor(spec(`ask: Loud or quiet?\n${slow}`)));
    await vi.waitFor(() => stat(join(worktree, 'started')), 20_000);
    terminal.type('help\r');
    await writeFile(join(worktree, 'go'), '');
    await terminal.shows('✋ Loud or quiet?');
    terminal.type('Loud\r');
    await terminal.shows('I have no model and understand no language.');
    expect(await lastMessage()).toContain('Answer: Loud');
  });

  it('ends with Ctrl-D when it is idle', async () => {
    const terminal = open();
    await terminal.shows(idle);
    terminal.type('half a line\x04');
    await terminal.shows('half a line');
    expect(terminal.seen.exit).toBeNull();
    terminal.type('\x15\x04');
    await terminal.exits(0);
  });

  it.each([
    { how: 'Ctrl-C', code: 130 },
    { how: 'its terminal', code: 129 },
  ])('ends with $how at any time, with the check that runs', async ({ how, code }) => {
    const endless =
      'acceptance:\n  - { id: endless, text: It never ends., check: "while sleep 0.02; do echo x >> beats; done" }';
    const terminal = open(await promptFor(spec(endless)));
    await vi.waitFor(() => stat(join(worktree, 'beats')), 20_000);
    if (how === 'Ctrl-C') terminal.type('\x03');
    else process.kill(pty!.pid, 'SIGHUP');
    await terminal.exits(code);
    await vi.waitFor(async () => {
      const before = await inWorktree('beats');
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await inWorktree('beats')).toBe(before);
    }, 5000);
    expect(await subjects()).toEqual(['Start']);
  });
});
