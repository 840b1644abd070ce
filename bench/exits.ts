import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';

import { silentLog } from '#main/base/log.ts';
import { HostTerminal } from '#main/ptyhost/host-terminal.ts';
import { OutputBudget } from '#main/ptyhost/output-budget.ts';
import { ParseQueue } from '#main/ptyhost/parse-queue.ts';
import { spawnPty, type Pty } from '#main/ptyhost/pty.ts';
import type { TerminalId } from '#shared/ids.ts';

import type { Section } from './section.ts';

/** Prints 11 KB and ends at once: what is still in the system's buffer then is what gets lost. */
const script = 'seq 1 2000; printf "\\033[31mTHE_END\\033[m"';
/** What a terminal delivers of that, by the system's rule for line feeds. */
const expected = hash(
  `${Array.from({ length: 2000 }, (_, index) => String(index + 1)).join('\r\n')}\r\n\x1b[31mTHE_END\x1b[m`,
);
const size = { cols: 80, rows: 24 };
const request = {
  file: '/bin/sh',
  args: ['-c', script],
  cwd: tmpdir(),
  env: { PATH: '/usr/bin:/bin', TERM: 'xterm-256color', LANG: 'C.UTF-8' },
};
/** Started together, so that the ends come thick. */
const together = 10;

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** How many of so many exits lose something of the output, by the digest of what arrived. */
export const exitsSection: Section = {
  name: 'exits',
  about: 'what is lost of a program’s output when it ends, in 1,000 runs',
  runs: 'slow',
  measure: async (bench) => {
    const each = bench.rounds(250);
    const readers: readonly [string, () => Promise<boolean>][] = [
      ['the reader is idle', () => read(() => undefined)],
      ['the reader is busy 2 ms with each piece', () => read(busy)],
      ['reading is paused when it ends', () => read(pauseOnce)],
      ['viewers attach and go meanwhile', reattach],
    ];
    for (const [name, run] of readers) {
      let lost = 0;
      for (let done = 0; done < each; done += together) {
        const whole = await Promise.all(Array.from({ length: Math.min(together, each - done) }, run));
        lost += whole.filter((isWhole) => !isWhole).length;
      }
      const goal = { atMost: 0 };
      bench.report({
        name: `of ${String(each)} exits lose output: ${name}`,
        value: lost,
        unit: '',
        baseline: null,
        goal,
      });
    }
  },
};

/** One run, read as a pty host reads it. Whether all of it came. */
function read(onData: (pty: Pty, isFirst: boolean) => void): Promise<boolean> {
  return new Promise((resolve) => {
    let output = '';
    const pty = spawnPty(
      process.platform,
      { ...request, ...size },
      {
        onData: (text) => {
          const isFirst = output === '';
          output += text;
          onData(pty, isFirst);
        },
        onExit: () => resolve(hash(output) === expected),
      },
    );
  });
}

function busy(): void {
  for (const end = performance.now() + 2; performance.now() < end;) continue;
}

function pauseOnce(pty: Pty, isFirst: boolean): void {
  if (!isFirst) return;
  pty.pause();
  setTimeout(() => {
    pty.resume();
  }, 300);
}

const parts = { parseQueue: new ParseQueue(), outputBudget: new OutputBudget() };
let count = 0;

/** One run in a terminal of the pty host, whose viewers come and go. Whether one that comes at the end sees all of it. */
async function reattach(): Promise<boolean> {
  const id = `exit-${String(count++)}` as TerminalId;
  const { platform } = process;
  const terminal = new HostTerminal({ id, ...size, scrollback: 3000, platform, ...parts, log: silentLog });
  const exited = new Promise<void>((resolve) => {
    terminal.onDidChange((event) => {
      if (event.kind === 'exited') resolve();
    });
  });
  const marker = { name: 'SWITCHYARD_BENCH', value: id };
  terminal.start({ command: request.file, args: request.args, cwd: request.cwd, env: request.env }, marker);
  let isOver = false;
  void exited.then(() => (isOver = true));
  while (!isOver) {
    const viewer = terminal.attach('viewer', () => undefined);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    viewer.dispose();
  }
  const lines = Array.from({ length: 2000 }, (_, index) => String(index + 1));
  const isWhole = terminal.text(3000) === [...lines, 'THE_END'].join('\n');
  terminal.dispose();
  return isWhole;
}
