import { spawn, type ChildProcess } from 'node:child_process';

import { endProcessGroup, groupOptions } from '#main/base/process-group.ts';

export interface ProgramResult {
  /** Null when it was stopped, or could not be started. */
  code: number | null;
  /** Both of its streams, as they came, without control sequences. */
  output: string;
}

/** Kept of a program's output: the end says what went wrong. */
const maxOutput = 64_000;
/** So long what a program that has ended left in its streams is waited for: what it has left running may keep them open. */
const drainMilliseconds = 1000;

/** Runs programs in one folder, and ends those that run when scribe is ended. */
export class Programs {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #platform: NodeJS.Platform;
  readonly #running = new Set<ChildProcess>();

  constructor(folder: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform) {
    this.#folder = folder;
    this.#env = env;
    this.#platform = platform;
  }

  /** A command of the spec, as a shell reads it. It is over when that ends; what it has left in the background is ended with it. */
  runCommand(command: string, limitMilliseconds: number): Promise<ProgramResult> {
    const child = spawn(command, { ...this.#options(), shell: true });
    child.on('exit', () => {
      endProcessGroup(child, this.#platform);
    });
    return this.#run(child, '', limitMilliseconds);
  }

  run(command: string, args: readonly string[], input: string, limitMilliseconds: number): Promise<ProgramResult> {
    return this.#run(spawn(command, args, this.#options()), input, limitMilliseconds);
  }

  endAll(): void {
    for (const child of this.#running) endProcessGroup(child, this.#platform);
  }

  #options() {
    return {
      cwd: this.#folder,
      env: this.#env,
      stdio: ['pipe', 'pipe', 'pipe'] as ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that all of it can be ended.
      ...groupOptions(this.#platform),
    };
  }

  #run(
    child: ReturnType<typeof spawn> & { stdin: NonNullable<ChildProcess['stdin']> },
    input: string,
    limitMilliseconds: number,
  ): Promise<ProgramResult> {
    return new Promise((resolve) => {
      let output = '';
      this.#running.add(child);
      const timer = setTimeout(() => {
        output += `\nStopped after ${String(Math.round(limitMilliseconds / 60_000))} minutes.`;
        endProcessGroup(child, this.#platform);
      }, limitMilliseconds);
      let draining: NodeJS.Timeout | undefined;
      const finish = (code: number | null): void => {
        clearTimeout(timer);
        clearTimeout(draining);
        this.#running.delete(child);
        resolve({ code, output: withoutControls(output) });
      };
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8');
        stream?.on('data', (chunk: string) => {
          output = (output + chunk).slice(-maxOutput);
        });
      }
      // A program that reads nothing closes its input; that is no failure.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
      child.on('error', (error) => {
        output += error.message;
        finish(null);
      });
      child.on('exit', () => {
        draining = setTimeout(() => {
          child.stdout?.destroy();
          child.stderr?.destroy();
        }, drainMilliseconds);
      });
      child.on('close', finish);
    });
  }
}

/** Text that another program printed, fit to be printed again: no sequence of its is obeyed. */
export const withoutControls = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex -- control sequences are what is left out
    .replaceAll(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g, '')
    .replaceAll(/\r+\n/g, '\n')
    // oxlint-disable-next-line no-control-regex -- control characters are what is left out
    .replaceAll(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
