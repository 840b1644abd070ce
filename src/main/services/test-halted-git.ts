import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { until } from '#main/base/test-until.ts';

/**
 * A program in place of Git that stands still when it is asked for something, before or after it has done it, so that a
 * test can do what it likes in that moment. For hosts that are started while it is there.
 */
export class HaltedGit {
  readonly #folder: string;
  readonly #file: string;

  constructor(folder: string, where: 'before' | 'after', words: string) {
    this.#folder = folder;
    this.#file = join(folder, 'halted');
    const path = process.env['PATH'] ?? '';
    const real = path
      .split(delimiter)
      .map((each) => join(each, 'git'))
      .find((each) => existsSync(each));
    const halt = `echo $$ >"${this.#file}"; while [ -e "${this.#file}" ]; do sleep 0.02; done; touch "${folder}/over"`;
    const script = [
      '#!/bin/sh',
      // Once: what comes after is not held up again.
      `[ -e "${folder}/over" ] && exec ${String(real)} "$@"`,
      `case "$*" in *"${words}"*)`,
      where === 'before'
        ? `${halt}; exec ${String(real)} "$@";;`
        : `${String(real)} "$@"; code=$?; ${halt}; exit $code;;`,
      'esac',
      `exec ${String(real)} "$@"`,
    ];
    mkdirSync(folder);
    writeFileSync(join(folder, 'git'), `${script.join('\n')}\n`, { mode: 0o755 });
    process.env['PATH'] = `${folder}${delimiter}${path}`;
  }

  /** Resolves when it stands still. */
  reached(): Promise<void> {
    const isReached = (): boolean => existsSync(this.#file) && readFileSync(this.#file, 'utf8') !== '';
    return until(isReached, 'Git stands still');
  }

  goOn(): void {
    rmSync(this.#file);
  }

  /** It ends where it stands, as when the machine goes down. */
  kill(): void {
    process.kill(Number(readFileSync(this.#file, 'utf8')), 'SIGKILL');
    rmSync(this.#file);
  }

  /** Hosts that are started from now on have the real one. */
  leave(): void {
    process.env['PATH'] = process.env['PATH']?.replace(`${this.#folder}${delimiter}`, '');
  }
}
