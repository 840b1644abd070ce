import { execFile } from 'node:child_process';
import { posix, win32 } from 'node:path';

import { errorCode } from '#main/base/error-code.ts';
import { findProgram, resolveProgram, startOf, type ProgramSystem } from '#main/base/resolve-program.ts';

const limitMilliseconds = 30_000;
const maxOutputBytes = 8_000_000;

export interface GhCall {
  args: readonly string[];
  /** Where it runs. `gh` asks Git about this folder unless its arguments name a repository. */
  cwd: string;
  /** What it reads from its standard input. */
  input?: string;
  signal?: AbortSignal | undefined;
}

/** How a call of `gh` ended. */
export type GhEnd =
  | { kind: 'ended'; exitCode: number; stdout: string; stderr: string }
  | { kind: 'missing' }
  | { kind: 'timed-out'; seconds: number }
  | { kind: 'cancelled' }
  /** It could not be started, or printed more than is read. */
  | { kind: 'failed'; message: string };

/** GitHub's own command line tool, with the person's own login: never with a prompt, always with an end. */
export class Gh {
  readonly #platform: NodeJS.Platform;
  readonly #environment: () => Promise<NodeJS.ProcessEnv>;
  readonly #limit: number;

  /** `environment`: with the person's own PATH, on which `gh` is looked for. */
  constructor(environment: () => Promise<NodeJS.ProcessEnv>, platform: NodeJS.Platform, limit = limitMilliseconds) {
    this.#environment = environment;
    this.#platform = platform;
    this.#limit = limit;
  }

  /** Where it is; null: it is not on PATH. */
  async path(): Promise<string | null> {
    return findProgram('gh', await this.#system());
  }

  async run({ args, cwd, input, signal }: GhCall): Promise<GhEnd> {
    const system = await this.#system();
    // By its path: asked for by its name alone, Windows would look for it in the repository first.
    const found = await resolveProgram('gh', system);
    if (signal?.aborted) return { kind: 'cancelled' };
    if (!found.ok)
      return found.error.kind === 'missing' ? { kind: 'missing' } : { kind: 'failed', message: found.error.message };
    const start = startOf(found.value, args, system);
    if (!start.ok) return { kind: 'failed', message: start.error.message };
    const { command, args: given, windowsVerbatimArguments } = start.value;
    const env = { ...system.env, ...found.value.env };
    return new Promise((resolve) => {
      const options = {
        cwd,
        env,
        timeout: this.#limit,
        maxBuffer: maxOutputBytes,
        windowsHide: true,
        windowsVerbatimArguments,
        signal,
      };
      const child = execFile(command, [...given], options, (error, stdout, rawStderr) => {
        const stderr = plain(rawStderr);
        if (!error) resolve({ kind: 'ended', exitCode: 0, stdout, stderr });
        else if (signal?.aborted) resolve({ kind: 'cancelled' });
        else if (errorCode(error) === 'ENOENT') resolve({ kind: 'missing' });
        else if (typeof error.code === 'number') resolve({ kind: 'ended', exitCode: error.code, stdout, stderr });
        else if (error.killed && errorCode(error) === null) {
          resolve({ kind: 'timed-out', seconds: this.#limit / 1000 });
        } else resolve({ kind: 'failed', message: plain(error.message) });
      });
      // One that ends before it has read everything breaks the pipe; its exit code says why.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
  }

  async #system(): Promise<ProgramSystem & { env: NodeJS.ProcessEnv }> {
    return { platform: this.#platform, env: await this.#variables() };
  }

  async #variables(): Promise<NodeJS.ProcessEnv> {
    const {
      GH_FORCE_TTY: _tty,
      GH_DEBUG: _debug,
      GH_REPO: _repo,
      CLICOLOR_FORCE: _colour,
      ...env
    } = await this.#environment();
    const name = pathName(env);
    const paths = this.#platform === 'win32' ? win32 : posix;
    return {
      ...env,
      // A relative folder of PATH is one of the repository's: a `gh` in it is not the person's.
      [name]: (env[name] ?? '')
        .split(paths.delimiter)
        .filter((folder) => paths.isAbsolute(folder))
        .join(paths.delimiter),
      GH_PROMPT_DISABLED: '1',
      GH_NO_UPDATE_NOTIFIER: '1',
      GH_NO_EXTENSION_UPDATE_NOTIFIER: '1',
      GH_PAGER: 'cat',
      NO_COLOR: '1',
      // `gh` may ask Git where the repository comes from, and the repository's own programs are not to run for that.
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.fsmonitor',
      GIT_CONFIG_VALUE_0: 'false',
      GIT_TERMINAL_PROMPT: '0',
    };
  }
}

/** Windows writes it as it likes. */
const pathName = (env: NodeJS.ProcessEnv): string =>
  Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';

/** What a program says, without what would move a terminal's cursor, and not for ever. */
const plain = (words: string): string =>
  words
    // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
    .replaceAll(/\x1b\[[0-9;]*m|[\x00-\x08\x0b-\x1f\x7f]/g, '')
    .trim()
    .slice(0, 600);
