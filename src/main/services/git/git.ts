import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { isInside } from '#main/base/is-inside.ts';
import type { Log } from '#main/base/log.ts';
import { Semaphore } from '#main/base/semaphore.ts';
import { SerialQueue } from '#main/base/serial-queue.ts';

import { gitEnvironment } from './environment.ts';
import { GitError } from './git-error.ts';
import { runSimple, runSpawned, type GitProcess, type GitProcessEnd } from './git-process.ts';
import { gitProgram } from './git-program.ts';
import { configEnvironment, hardenArguments, hardeningFor, type ConfigEntry } from './hardening.ts';
import { ObjectStream } from './object-stream.ts';
import { RepositoryFactsCache } from './repository-facts.ts';

export { GitError };

/** One question or order to Git. Paths and refs go after `--`, or are full names that cannot start with a dash. */
export interface GitCall {
  /** What it is for, in words that end the sentence "git could not ...". For the log and the error. */
  name: string;
  cwd: string;
  args: readonly string[];
  /** What Git reads from its standard input; nothing when it is left out. */
  input?: string | Uint8Array;
  /** Added to the environment last: the way to set `GIT_INDEX_FILE` and its like, which are never inherited. */
  env?: Readonly<Record<string, string>>;
  /** Exit codes that are answers. Any other is thrown as a `GitError`. Default: only 0. */
  okExitCodes?: readonly number[];
  /** Ends Git and the helpers that it started; the call then throws the signal's reason. */
  signal?: AbortSignal;
  /** More output than this, in bytes, is a `GitError`. Default: no limit. */
  maxBytes?: number;
}

export interface GitOutput {
  exitCode: number;
  stdout: Buffer;
  /** The output as UTF-8. */
  readonly text: string;
  stderr: string;
}

/** Superset measured no gain above four, and four is what this was measured with. */
const processesAtOnce = 4;

/** Waits between tries while somebody else holds a lock file: 1.5 s in all, then it is the person's to look at. */
const lockRetryMs: readonly number[] = [25, 50, 100, 200, 400, 750];

/**
 * The only part that starts Git. Every call runs with the person's own configuration and none of the programs that the
 * repository's configuration names; see `hardening.ts`. Commands that say nothing about it never prompt and never page.
 */
export class Git {
  readonly #log: Log;
  readonly platform: NodeJS.Platform;
  readonly #env: Record<string, string>;
  readonly #program: () => Promise<string | null>;
  readonly #processes = new Semaphore(processesAtOnce);
  readonly #queue = new SerialQueue();
  readonly #facts: RepositoryFactsCache;
  /** By the folder in which they are asked. */
  readonly #objects = new Map<string, ObjectStream>();

  constructor(options: { log: Log; env?: NodeJS.ProcessEnv; platform?: NodeJS.Platform }) {
    this.#log = options.log;
    this.platform = options.platform ?? process.platform;
    this.#env = gitEnvironment(options.env ?? process.env, this.platform);
    this.#program = gitProgram(this.platform, this.#env);
    this.#facts = new RepositoryFactsCache(
      async (cwd, args) =>
        this.#simple({
          cwd,
          args,
          env: { ...this.#env, ...configEnvironment(this.#hardening([])), GIT_OPTIONAL_LOCKS: '0' },
        }),
      this.platform,
    );
  }

  /** Asks, and takes no lock for it. At most four Git processes run at once, the others wait in order. */
  read(call: GitCall): Promise<GitOutput> {
    return this.#run({ ...call, env: { GIT_OPTIONAL_LOCKS: '0', ...call.env } }, 'read');
  }

  /**
   * Changes the repository, one at a time for each. A lock file that somebody else holds (an agent that commits) is
   * waited for, briefly; after that it is a `GitError` whose `stderr` names the file.
   */
  write(call: GitCall & { commonDir: string }): Promise<GitOutput> {
    return this.writes(call.commonDir, () => this.direct(call));
  }

  /** Several steps as one turn of that repository's queue. Inside it use `direct`: `write` would wait for itself. */
  writes<T>(commonDir: string, task: () => Promise<T>): Promise<T> {
    return this.#queue.run(commonDir, task);
  }

  /** A write inside `writes`. */
  async direct(call: GitCall): Promise<GitOutput> {
    for (const wait of lockRetryMs) {
      try {
        return await this.#run(call, 'write');
      } catch (error) {
        if (!(error instanceof GitError) || !isLockHeld(error.stderr)) throw error;
      }
      await sleep(wait);
      call.signal?.throwIfAborted();
    }
    return this.#run(call, 'write');
  }

  /**
   * The contents of objects by their hashes, from a process that stays for the next question. Those that are not there are
   * left out. Null: it could not be asked; ask with `read`.
   */
  objects(cwd: string, hashes: readonly string[]): Promise<ReadonlyMap<string, Buffer> | null> {
    const stream =
      this.#objects.get(cwd) ??
      new ObjectStream(async () => ({
        program: await this.#program(),
        cwd,
        args: hardenArguments(['cat-file', '--batch']),
        env: {
          ...this.#env,
          ...configEnvironment((await this.#facts.get(cwd))?.overrides ?? this.#hardening([])),
          GIT_OPTIONAL_LOCKS: '0',
        },
      }));
    this.#objects.set(cwd, stream);
    if (this.#objects.size > mostObjectStreams) {
      // Who waits for one of these asks in another way.
      for (const [other, each] of this.#objects) if (other !== cwd && this.#objects.delete(other)) each.dispose();
    }
    return stream.read(hashes);
  }

  /** Ends what waits for questions in a folder or below it, because somebody wants to move or delete it. */
  letGo(folder: string): void {
    for (const [cwd, stream] of this.#objects) {
      if (!isInside(cwd, folder)) continue;
      stream.dispose();
      this.#objects.delete(cwd);
    }
  }

  /** The canonical common Git directory, by which writes are queued. Throws `GitError` outside a repository. */
  async commonDir(cwd: string): Promise<string> {
    const facts = await this.#facts.get(cwd);
    if (facts !== null) return facts.commonDir;
    // The same question again, for the sake of Git's own words about why not.
    const { text } = await this.read({
      name: 'find the repository',
      cwd,
      args: ['rev-parse', '--path-format=absolute', '--git-common-dir'],
    });
    return text.replace(/\n$/, '');
  }

  /** The canonical Git directory of one checkout: its index, HEAD and locks. Throws `GitError` outside a repository. */
  async gitDir(cwd: string): Promise<string> {
    const facts = await this.#facts.get(cwd);
    if (facts !== null) return facts.gitDir;
    const { text } = await this.read({
      name: 'find the checkout',
      cwd,
      args: ['rev-parse', '--absolute-git-dir'],
    });
    return text.replace(/\n$/, '');
  }

  /** Null: there is no Git to start. */
  async version(): Promise<{ text: string; major: number; minor: number } | null> {
    const end = await this.#simple({ cwd: tmpdir(), args: ['--version'], env: this.#env });
    const text = end.stdout.toString('utf8').trim();
    const found = /(\d+)\.(\d+)/.exec(text);
    if (end.exitCode !== 0 || found === null) return null;
    return { text: text.replace(/^git version /, ''), major: Number(found[1]), minor: Number(found[2]) };
  }

  #simple(process: Pick<GitProcess, 'cwd' | 'args' | 'env'>): Promise<GitProcessEnd> {
    return this.#started((start) => runSimple({ ...start, ...process }));
  }

  #started(run: (start: Pick<GitProcess, 'program' | 'platform'>) => Promise<GitProcessEnd>): Promise<GitProcessEnd> {
    return this.#processes.run(async () => run({ program: await this.#program(), platform: this.platform }));
  }

  #hardening(entries: readonly ConfigEntry[]): ReturnType<typeof hardeningFor> {
    return hardeningFor(entries, this.platform);
  }

  async #run(call: GitCall, how: 'read' | 'write'): Promise<GitOutput> {
    call.signal?.throwIfAborted();
    const facts = await this.#facts.get(call.cwd);
    const env = { ...this.#env, ...configEnvironment(facts?.overrides ?? this.#hardening([])), ...call.env };
    const { cwd, input, signal, maxBytes } = call;
    const args = hardenArguments(call.args);
    const isPlain = how === 'read' && input === undefined && signal === undefined && maxBytes === undefined;
    const startedAt = performance.now();
    const end = await (isPlain
      ? this.#simple({ cwd, args, env })
      : this.#started((start) => runSpawned({ ...start, cwd, args, env, input, signal, maxBytes })));
    call.signal?.throwIfAborted();
    const took = Math.round(performance.now() - startedAt);
    if (took > slowMs) this.#log.info('slow git call', { call: call.name, milliseconds: took });
    return answer(call, end);
  }
}

const slowMs = 2000;
/** Each is a process at most for some seconds. */
const mostObjectStreams = 50;

function answer(call: GitCall, { exitCode, stdout, stderr }: GitProcessEnd): GitOutput {
  if (exitCode === null || !(call.okExitCodes ?? [0]).includes(exitCode)) {
    throw new GitError({ call: call.name, args: call.args, exitCode, stderr });
  }
  let text: string | null = null;
  return {
    exitCode,
    stdout,
    stderr,
    get text() {
      return (text ??= stdout.toString('utf8'));
    },
  };
}

/** Git's words when the lock file is there already: `index.lock`, `HEAD.lock`, a ref's, `packed-refs.lock`, `config.lock`. */
const isLockHeld = (stderr: string): boolean =>
  /Unable to create '.*\.lock': File exists/s.test(stderr) ||
  /could not lock config file .*: File exists/s.test(stderr);
