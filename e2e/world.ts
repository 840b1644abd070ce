import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir, uptime } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { nodePath } from '#scripts/project-paths.ts';

import { HostProcess } from './host-process.ts';
import { eventually, isAlive, processesNaming } from './processes.ts';
import { seedRepository, type Repository, type Seed } from './repository.ts';

const run = promisify(execFile);

/**
 * A person's machine in a temporary folder: home, Git identity, the app's own folders, temporary files. Nothing in it
 * knows of the real home, and nothing that was started in it outlives it.
 */
export class World {
  readonly folder: string;
  readonly home: string;
  /** What every process of this world is started with. Change it before `host.start()` to change the host's. */
  readonly env: NodeJS.ProcessEnv;
  readonly host: HostProcess;

  private constructor(folder: string) {
    this.folder = folder;
    this.home = join(folder, 'home');
    this.env = {
      PATH: [join(folder, 'bin'), dirname(nodePath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      HOME: this.home,
      SHELL: '/bin/bash',
      USER: 'ann',
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      TZ: 'UTC',
      TMPDIR: join(folder, 'tmp'),
      SWITCHYARD_HOME: join(folder, 'switchyard'),
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: join(this.home, '.gitconfig'),
    };
    this.host = new HostProcess(this.env, folder);
  }

  static async create(): Promise<World> {
    const world = new World(await realpath(await mkdtemp(join(tmpdir(), 'switchyard-e2e-'))));
    for (const name of ['home', 'tmp', 'bin', 'switchyard']) await mkdir(join(world.folder, name));
    const config = '[user]\n\tname = Ann Author\n\temail = ann@example.com\n[init]\n\tdefaultBranch = main\n';
    await writeFile(join(world.home, '.gitconfig'), config);
    // No prompt with the machine's name, no greeting: screens are the same everywhere.
    await writeFile(join(world.home, '.bashrc'), "PS1='$ '\n");
    return world;
  }

  /** Makes a repository (or what the seed says instead) of this name in the home folder. */
  async repository(name: string, seed: Seed): Promise<Repository> {
    return await seedRepository(join(this.home, name), seed, this.env);
  }

  /** Puts a program on this world's PATH. */
  async program(name: string, script: string): Promise<void> {
    await writeFile(join(this.folder, 'bin', name), script, { mode: 0o755 });
  }

  /** Makes every `git worktree add` wait, as it does in a large repository, until what this returns is called. */
  async holdWorktrees(): Promise<() => Promise<void>> {
    const git = (await this.run('sh', ['-c', 'command -v git'])).trim();
    const gate = join(this.folder, 'worktrees-released');
    const hold = `case " $* " in *" worktree add "*) until [ -e '${gate}' ]; do sleep 0.1; done ;; esac`;
    await this.program('git', `#!/bin/sh\n${hold}\nexec '${git}' "$@"\n`);
    return () => writeFile(gate, '');
  }

  /** Runs a command in this world to its end and returns what it printed; throws when it fails. */
  async run(command: string, args: readonly string[], folder = this.home): Promise<string> {
    const { stdout } = await run(command, args, { cwd: folder, env: this.env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }

  /** The pty host's process of this world, if one is running. */
  async ptyHostPid(): Promise<number | null> {
    const file = join(this.folder, 'switchyard', 'state', 'pty-host', 'host-1.json');
    try {
      const { pid } = JSON.parse(await readFile(file, 'utf8')) as { pid: number };
      return isAlive(pid) ? pid : null;
    } catch {
      return null; // it has never run, or has ended in order
    }
  }

  /** What the pty host has written down of its terminals' screens, one after the other. */
  async keptScreens(): Promise<string> {
    const files = await this.#keptScreenFiles();
    return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
  }

  /** Makes them as old as if the machine had been restarted since, while none of its processes runs. */
  async ageKeptScreens(): Promise<void> {
    const before = Date.now() - (uptime() + 3600) * 1000;
    for (const file of await this.#keptScreenFiles()) {
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace(/"keptAt":\d+/, `"keptAt":${String(Math.round(before))}`));
    }
  }

  async #keptScreenFiles(): Promise<readonly string[]> {
    const folder = join(this.folder, 'switchyard', 'state', 'pty-host', 'screens-1');
    const names = await readdir(folder).catch(() => []);
    return names.filter((name) => name.endsWith('.screen')).map((name) => join(folder, name));
  }

  /** The logs of host and pty host, and what the host printed: for a failed journey's report. */
  async logs(): Promise<Readonly<Record<string, string>>> {
    const state = join(this.folder, 'switchyard', 'state');
    const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
    return {
      'host.log': await read(join(state, 'host.log')),
      'pty-host.log': await read(join(state, 'pty-host', 'pty-host-1.log')),
      'host-output.txt': this.host.output,
    };
  }

  /**
   * Ends the host, then the pty host with its agents, and removes the folder. Throws, after ending them the hard way, when
   * something would have stayed behind.
   */
  async dispose(): Promise<void> {
    const problems: string[] = [];
    const code = this.host.isRunning ? await this.host.quit() : 0;
    // Its last words say why; the folder with its log goes below.
    if (code !== 0) problems.push(`the host did not quit in order: ${String(code)}\n${this.host.output.slice(-2000)}`);
    const ptyHost = await this.ptyHostPid();
    if (ptyHost !== null) process.kill(ptyHost, 'SIGTERM');
    const isEmpty = async (): Promise<boolean> => (await processesNaming(this.folder)).length === 0;
    if (!(await eventually(isEmpty, 10_000))) {
      for (const { pid, command } of await processesNaming(this.folder)) {
        problems.push(`process ${String(pid)} stayed behind: ${command}`);
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // it ended by itself just now
        }
      }
      await eventually(isEmpty, 2000);
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }
}
