import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A real repository in a temporary folder with its own home, for tests. It calls Git the way a person or an agent does. */
export class TestRepository {
  /** Temporary; holds the repository and whatever a test puts beside it. */
  readonly root: string;
  /** The main checkout. */
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;

  private constructor(root: string, name: string) {
    this.root = root;
    this.path = join(root, name);
    this.env = {
      PATH: process.env['PATH'],
      HOME: join(root, 'home'),
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: join(root, 'home', '.gitconfig'),
      GIT_AUTHOR_NAME: 'Ann Author',
      GIT_AUTHOR_EMAIL: 'ann@example.com',
      GIT_COMMITTER_NAME: 'Ann Author',
      GIT_COMMITTER_EMAIL: 'ann@example.com',
    };
  }

  /** On branch `main`, without a commit. */
  static async createEmpty(name = 'project'): Promise<TestRepository> {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-git-')));
    const repository = new TestRepository(root, name);
    await mkdir(join(root, 'home'));
    await writeFile(join(root, 'home', '.gitconfig'), '');
    await mkdir(repository.path);
    await repository.git('init', '-q', '-b', 'main');
    return repository;
  }

  /** On branch `main`, with one commit of `readme.md`, `src/app.ts` and a `.gitignore` for `ignored/` and `*.env`. */
  static async create(name = 'project'): Promise<TestRepository> {
    const repository = await TestRepository.createEmpty(name);
    await repository.write('readme.md', '# Project\n');
    await repository.write('src/app.ts', 'export const app = 1;\n');
    await repository.write('.gitignore', 'ignored/\n*.env\nnode_modules/\n');
    await repository.commit('Begin');
    return repository;
  }

  /** Runs Git in the main checkout and returns what it printed, without the last line end. Throws when it fails. */
  git(...args: string[]): Promise<string> {
    return this.gitIn(this.path, ...args);
  }

  async gitIn(cwd: string, ...args: string[]): Promise<string> {
    const { stdout } = await run('git', args, { cwd, env: this.env, maxBuffer: 64 * 1024 * 1024 });
    return stdout.replace(/\n$/, '');
  }

  /** `path` is relative to the main checkout, or absolute. */
  async write(path: string, text: string | Uint8Array): Promise<void> {
    const file = join(path.startsWith('/') ? '/' : this.path, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  /** Commits everything in a checkout and returns the commit. */
  async commit(message: string, cwd = this.path): Promise<string> {
    await this.gitIn(cwd, 'add', '-A');
    await this.gitIn(cwd, 'commit', '-q', '--allow-empty', '-m', message);
    return this.gitIn(cwd, 'rev-parse', 'HEAD');
  }

  /** All refs with what they point at, to compare before and after. */
  refs(): Promise<string> {
    return this.git('for-each-ref', '--format=%(refname) %(objectname)');
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
