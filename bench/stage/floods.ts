import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { nodePath } from '#scripts/project-paths.ts';

import type { Stage } from './stage.ts';

/** What fills the other terminals while one is typed in. */
export type Load = 'floods' | 'TUIs';

/** One program that prints this file again and again, for longer than any measurement. */
export const floodCommand = (log: string): string => `exec cat ${`'${log}' `.repeat(400)}`;

/** A program that repaints the whole screen 30 times a second. */
const tuiCommand = `exec '${nodePath}' '${join(import.meta.dirname, 'programs', 'frames.ts')}' 30`;

/** Starts it everywhere, and waits until it is there: programs that start take the processor for themselves. */
export async function startLoad(stage: Stage, indices: readonly number[], load: Load, log: string): Promise<void> {
  for (const index of indices) await stage.send(index, `${load === 'floods' ? floodCommand(log) : tuiCommand}\r`);
  if (load === 'floods') return;
  for (const index of indices) {
    await stage.page.waitForFunction((label) => window.probe.text(label).includes('Thinking'), stage.label(index));
  }
}

/** Makes a terminal give back what is typed, and nothing else: what is measured then is the way there and back. */
export async function startEcho(stage: Stage, index: number): Promise<void> {
  await stage.send(index, 'clear; stty raw -echo; exec cat\r');
  // The command itself is on the screen until it is cleared.
  await stage.page.waitForFunction((label) => window.probe.text(label).trim() === '', stage.label(index));
  await stage.focus(index);
}

/**
 * Prints a file in a terminal, and then `last`. Resolves when the screen that answers its programs has parsed all of it, and
 * has answered a question that came after it.
 */
export async function printFile(stage: Stage, index: number, path: string, last: string): Promise<void> {
  const done = `${path}.printed-${stage.name.replaceAll(/\W/g, '-')}-${String(index)}`;
  await rm(done, { force: true });
  await stage.send(
    index,
    `clear; PS1=; cat '${path}'; printf '\\e[6n'; IFS= read -rs -d R answer; printf '%s' '${last}'; touch '${done}'\r`,
  );
  while (!existsSync(done)) await sleep(50);
}

/** Bytes that each of these processes has written until now. Linux only. */
export async function bytesWritten(pids: readonly number[]): Promise<number[]> {
  return await Promise.all(
    pids.map(async (pid) => Number(/^wchar: (\d+)$/m.exec(await readFile(`/proc/${String(pid)}/io`, 'utf8'))?.[1])),
  );
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
