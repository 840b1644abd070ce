import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files of output to print, in a folder of their own. */
export interface Payloads {
  /** A coloured log of a build, 150 characters a line. */
  log: string;
  /** Whole screens of 120 by 40 in true colour, each a frame of synchronized output, one after the other. */
  tui: string;
  bytes: number;
  dispose(): Promise<void>;
}

export async function makePayloads(bytes: number): Promise<Payloads> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  const log = join(folder, 'log.txt');
  const tui = join(folder, 'tui.txt');
  await write(log, bytes, logLine);
  await write(tui, bytes, tuiFrame);
  return { log, tui, bytes, dispose: () => rm(folder, { recursive: true, force: true }) };
}

async function write(path: string, bytes: number, piece: (index: number) => string): Promise<void> {
  const file = createWriteStream(path);
  let written = 0;
  for (let index = 0; written < bytes;) {
    let text = '';
    for (; text.length < 256 * 1024 && written + text.length < bytes; index++) text += piece(index);
    written += Buffer.byteLength(text);
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

export const logLine = (index: number): string =>
  `\x1b[90m12:0${String(index % 10)}:33.${String(index % 1000).padStart(3, '0')}\x1b[0m \x1b[32mINFO\x1b[0m  ` +
  `packages/core/src/runtime/worker-${String(index % 97)}.ts:${String(index % 900)}:${String(index % 80)} ` +
  `compiled module in \x1b[33m${String((index * 7) % 311)}ms\x1b[0m (${String(index)} modules, cache hit)\n`;

const words = 'const await function return import export async worktree branch merge conflict diff spec'.split(' ');

function tuiFrame(index: number): string {
  let seed = index + 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed >> 8;
  };
  let text = '\x1b[?2026h\x1b[H';
  for (let row = 0; row < 34; row++) {
    text += '\x1b[38;5;240m│\x1b[0m ';
    for (let used = 0; used < 94;) {
      const word = words[random() % words.length] ?? '';
      const colour = [random() & 255, random() & 255, random() & 255].join(';');
      text += `\x1b[38;2;${colour}m${word}\x1b[0m `;
      used += word.length + 1;
    }
    text += '\x1b[118G\x1b[38;5;240m│\x1b[0m\x1b[K\r\n';
  }
  return `${text}\x1b[1m${'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'[index % 10] ?? ''} Thinking… (${String(index)}s)\x1b[0m\x1b[K\r\n\x1b[?2026l`;
}
