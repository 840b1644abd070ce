import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import { hostFiles, readDescriptor } from '#main/ptyhost/host-files.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import type { Train, TrainState } from '#shared/contract/train.ts';
import { runId, type RunId } from '#shared/ids.ts';

/** What the process of a train is told once, when it starts. */
export interface TrainProcessStart {
  projectPath: string;
  root: string;
  folder: string;
  /** As in the project's config. */
  gates: unknown;
  setup: string | null;
  env: NodeJS.ProcessEnv;
}

export type TrainOrder =
  { kind: 'start'; ids: readonly RunId[] } | { kind: 'resume'; skip: boolean } | { kind: 'abort' } | { kind: 'end' };

const program = fileURLToPath(import.meta.resolve('./test-train-process.ts'));

/** A repository, and on it a train in a process of its own that can be killed and started again. */
export class TestTrainHost {
  readonly repository: TestRepository;
  /** Beside the repository: the record, the terminals' host, and what a test's gates write. */
  readonly folder: string;
  gates: unknown = [{ id: 'tests', run: 'true' }];
  setup: string | null = null;
  /** As it was told last by the process that runs. */
  last: Train | null = null;
  #child: ChildProcess | null = null;

  private constructor(repository: TestRepository) {
    this.repository = repository;
    this.folder = mkdtempSync(join(tmpdir(), 'train-host-'));
  }

  static async create(): Promise<TestTrainHost> {
    const repository = await TestRepository.createEmpty();
    await repository.write('plan.md', 'one\n');
    await repository.write('.gitignore', '.made/\n');
    await repository.commit('Begin');
    return new TestTrainHost(repository);
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  get scratch(): string {
    return join(this.repository.root, 'worktrees', '.train');
  }

  /** A kept run with one commit. */
  async keep(branch: string, files: Readonly<Record<string, string>>): Promise<RunId> {
    const path = join(this.repository.root, `make-${branch}`);
    await this.repository.git('worktree', 'add', '-q', '-b', branch, path, 'main');
    for (const [name, text] of Object.entries(files)) await this.repository.write(join(path, name), text);
    await this.repository.commit(`Work of ${branch}`, path);
    await this.repository.git('worktree', 'remove', '--force', path);
    return runId.parse(`run-${branch}`);
  }

  /** Starts the process; it has told how the train stands. */
  async begin(): Promise<void> {
    const { path: projectPath, root, env } = this.repository;
    const { folder, gates, setup } = this;
    const start: TrainProcessStart = { projectPath, root, folder, gates, setup, env };
    const child = fork(program, [JSON.stringify(start)], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    this.#child = child;
    let hasTold = false;
    child.on('message', (train) => {
      hasTold = true;
      this.last = train as Train | null;
    });
    await until(() => hasTold || child.exitCode !== null, 'the train’s process tells how it stands');
  }

  order(order: TrainOrder): void {
    this.#child?.send(order);
  }

  /** As `kill -9`: its programs, and the pty host with its terminals, go on. */
  async kill(): Promise<void> {
    await this.#ended((child) => child.kill('SIGKILL'));
  }

  async settled(...states: TrainState[]): Promise<Train> {
    const found = (): Train | null => (this.last !== null && states.includes(this.last.state) ? this.last : null);
    await until(
      () => found() !== null,
      () => `the train is ${states.join(' or ')}: ${JSON.stringify(this.last, null, 1)}`,
    );
    const train = found();
    if (train === null) throw new Error('the train went on');
    return train;
  }

  /** Everything that was started ends, and nothing of it is left. */
  async remove(): Promise<void> {
    await this.#ended((child) => child.send({ kind: 'end' }));
    const pid = readDescriptor(hostFiles(this.folder).descriptor)?.pid;
    if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
    await until(() => pid === undefined || !isAlive(pid));
    await this.repository.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #ended(end: (child: ChildProcess) => void): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    end(child);
    await exited;
    this.#child = null;
    this.last = null;
  }
}
