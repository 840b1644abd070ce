import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import type { TerminalExit } from '#shared/contract/terminals.ts';

import { spawnPty, type Pty } from './pty.ts';

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs')>();
  return { ...original, openSync: vi.fn<typeof original.openSync>(original.openSync) };
});

const open: Pty[] = [];

afterEach(() => {
  for (const pty of open.splice(0)) pty.close();
});

interface Run {
  pty: Pty;
  output(): string;
  exited: Promise<TerminalExit>;
}

function run(script: string, onData: (pty: Pty, isFirst: boolean) => void = () => undefined): Run {
  let output = '';
  let exit: (exit: TerminalExit) => void;
  const exited = new Promise<TerminalExit>((resolve) => (exit = resolve));
  const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8' };
  const pty = spawnPty(
    process.platform,
    { file: '/bin/sh', args: ['-c', script], cwd: tmpdir(), env, cols: 80, rows: 24 },
    {
      onData: (text) => {
        const isFirst = output === '';
        output += text;
        onData(pty, isFirst);
      },
      onExit: (result) => {
        exit(result);
      },
    },
  );
  open.push(pty);
  return { pty, output: () => output, exited };
}

describe('a process in a pty', () => {
  it.runIf(process.platform === 'linux')('does not hold the terminal of another', async () => {
    run('sleep 60');
    const second = run('ls -l /proc/self/fd; echo THE_END');
    await second.exited;
    expect(second.output()).toContain('THE_END');
    expect(second.output()).not.toContain('ptmx');
  });

  it.skipIf(process.platform === 'win32')('is not left behind when its terminal cannot be had', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pty-'));
    const pidFile = join(folder, 'pid');
    const real = vi.mocked(openSync).getMockImplementation()!;
    vi.mocked(openSync).mockImplementation((path, ...rest) => {
      if (!/^\/dev\/(?:pts|tty)/u.test(String(path))) return real(path, ...rest);
      // By when the system has no file left for it, the program runs already.
      for (const end = Date.now() + 10_000; Date.now() < end && !existsSync(pidFile);) continue;
      throw new Error('too many open files');
    });
    expect(() => run(`echo $$ >${pidFile}.new; mv ${pidFile}.new ${pidFile}; trap '' HUP; exec sleep 100`)).toThrow(
      'files',
    );
    vi.mocked(openSync).mockImplementation(real);
    await until(() => !isAlive(Number(readFileSync(pidFile, 'utf8'))), 'the program has ended', 5000);
    rmSync(folder, { recursive: true });
  });

  // node-pty by itself loses the end in up to all of these runs, depending on how the reader is kept from reading.
  const readers: [string, (pty: Pty, isFirst: boolean) => void][] = [
    ['idle', () => undefined],
    [
      'busy',
      () => {
        for (const end = performance.now() + 2; performance.now() < end;) continue;
      },
    ],
    [
      'paused while the process exits',
      (pty, isFirst) => {
        if (!isFirst) return;
        pty.pause();
        setTimeout(() => {
          pty.resume();
        }, 400);
      },
    ],
  ];
  it.each(readers)('loses nothing of its last output when the reader is %s', async (_, onData) => {
    const runs = Array.from({ length: 20 }, () => run('seq 1 2000; echo THE_END', onData));
    await Promise.all(runs.map(({ exited }) => exited));
    const whole = runs.filter((one) => one.output().endsWith('2000\r\nTHE_END\r\n') && one.output().length === 10_902);
    expect(whole).toHaveLength(20);
  });

  it('tells its exit code, or the signal that ended it', async () => {
    expect(await run('exit 7').exited).toEqual({ code: 7, signal: null });
    expect(await run('kill -TERM $$').exited).toEqual({ code: null, signal: 15 });
  });

  it('tells its exit although a process in the background keeps the terminal', async () => {
    const one = run('trap "" HUP; (while :; do echo background; sleep 0.005; done) & echo "pid $!"; echo front');
    expect(await one.exited).toEqual({ code: 0, signal: null });
    expect(one.output()).toContain('front');
    process.kill(Number(/pid (\d+)/.exec(one.output())?.[1]), 'SIGKILL');
  });

  it('gets what is typed, and the size it is given', async () => {
    const one = run('read line; echo "got $line"; stty size; read line; stty size');
    one.pty.write('hello wörld\r');
    await until(() => one.output().includes('24 80'));
    expect(one.output()).toContain('got hello wörld');
    one.pty.resize(100, 30);
    one.pty.write('\r');
    await one.exited;
    expect(one.output()).toContain('30 100');
  });

  it('gets a long text whole, although the system takes it in small pieces', async () => {
    const one = run('stty raw -echo; echo ready; head -c 300000 | cksum');
    await until(() => one.output().includes('ready'));
    const text = '0123456789'.repeat(30_000);
    one.pty.write(text);
    await one.exited;
    expect(one.output()).toContain(execFileSync('cksum', { input: text, encoding: 'utf8' }).trim());
  });

  it('has its characters put together when they arrive in parts', async () => {
    const one = run(`printf '\\346\\227'; sleep 0.1; printf '\\245\\360\\237'; sleep 0.1; printf '\\221\\215|'`);
    await one.exited;
    expect(one.output()).toBe('日👍|');
  });

  it('leaves no open file behind', async () => {
    await run('true').exited;
    const before = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 10; i++) await run('echo x').exited;
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
  });

  it('is hung up on when its terminal is closed', async () => {
    const one = run('echo $$; exec sleep 300');
    await until(() => one.output().includes('\n'));
    one.pty.close();
    await until(() => !isAlive(one.pty.pid));
    expect(isAlive(one.pty.pid)).toBe(false);
  });
});
