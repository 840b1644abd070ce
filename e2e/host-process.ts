import { spawn, type ChildProcess } from 'node:child_process';

import { headlessHost, nodePath } from '#scripts/project-paths.ts';

/** How long a host may take to start or to quit on a busy machine, in milliseconds. */
const patience = 30_000;

/** The headless host of a world, as a person runs it in a terminal. */
export class HostProcess {
  readonly #env: NodeJS.ProcessEnv;
  readonly #folder: string;
  /** A program and its arguments that start the host instead of us, such as one that takes privileges away. */
  launcher: readonly string[] = [];
  #child: ChildProcess | null = null;
  #address: string | null = null;
  #output = '';
  #hasQuit = false;

  constructor(env: NodeJS.ProcessEnv, folder: string) {
    this.#env = env;
    this.#folder = folder;
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  /** Whether it was ended at least once: its pages lose their connection then, and say so. */
  get hasQuit(): boolean {
    return this.#hasQuit;
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('the host is not running');
    return this.#child.pid;
  }

  /** The address that it printed, with its token. */
  get address(): string {
    if (this.#address === null) throw new Error('the host has printed no address');
    return this.#address;
  }

  /** Everything that its starts have printed. */
  get output(): string {
    return this.#output;
  }

  /** Starts it and waits for its address. `args` as on its command line, such as `--project DIR`. */
  async start(...args: readonly string[]): Promise<string> {
    if (this.#child) throw new Error('the host is running already');
    const [command = nodePath, ...rest] = [...this.launcher, nodePath, headlessHost, '--port', '0', ...args];
    const child = spawn(command, rest, {
      cwd: this.#folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#address = null;
    let printed = '';
    const address = Promise.withResolvers<string>();
    const collect = (chunk: Buffer): void => {
      this.#output += chunk.toString();
      printed += chunk.toString();
      const found = /^Switchyard is at (http:\S+)$/m.exec(printed)?.[1];
      if (found !== undefined) address.resolve(found);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('exit', (code, signal) => {
      this.#child = null;
      address.reject(new Error(`the host ended (${String(code ?? signal)}):\n${printed}`));
    });
    const timer = setTimeout(() => {
      address.reject(new Error(`the host printed no address:\n${printed}`));
    }, patience);
    try {
      this.#address = await address.promise;
      return this.#address;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Quits it as Ctrl-C does; its exit code, or -1 when it had to be killed. */
  quit(): Promise<number> {
    return this.#end('SIGINT');
  }

  /** Ends it without a chance to do anything, as a crash does. */
  kill(): Promise<number> {
    return this.#end('SIGKILL');
  }

  #end(signal: NodeJS.Signals): Promise<number> {
    const child = this.#child;
    if (!child) return Promise.resolve(0);
    this.#hasQuit = true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), patience);
      child.once('exit', (code) => {
        clearTimeout(timer);
        resolve(code ?? -1);
      });
      child.kill(signal);
    });
  }
}
