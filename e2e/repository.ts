import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A real repository, or whatever else is at this path, with what a person would do in it by hand. */
export class Repository {
  readonly path: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(path: string, env: NodeJS.ProcessEnv) {
    this.path = path;
    this.#env = env;
  }

  /** What Git prints, without the last line end. Throws when it fails. */
  async git(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('git', args, { cwd: this.path, env: this.#env, maxBuffer: 64 * 1024 * 1024 });
    return stdout.replace(/\n$/, '');
  }

  async write(path: string, text: string | Uint8Array): Promise<void> {
    const file = join(this.path, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.path, path), 'utf8');
  }

  /** Commits everything, and returns the commit. */
  async commit(message: string): Promise<string> {
    await this.git('add', '-A');
    await this.git('commit', '-q', '--allow-empty', '-m', message);
    return await this.git('rev-parse', 'HEAD');
  }

  /** Everything a person could lose: refs, what is checked out, what is not committed. To compare before and after. */
  async state(): Promise<string> {
    const parts = await Promise.all([
      this.git('for-each-ref', '--format=%(refname) %(objectname)'),
      this.git('rev-parse', '--symbolic-full-name', 'HEAD'),
      this.git('status', '--porcelain=v1', '--untracked-files=all'),
      this.git('diff', 'HEAD'),
    ]);
    return parts.join('\n');
  }
}

/** How a repository is when a journey begins. */
export type Seed = keyof typeof seeds;

const files = {
  'README.md': '# Notes\n\nA small program that keeps notes.\n',
  'src/notes.js': 'export const notes = [];\n\nexport function add(text) {\n  notes.push({ text, at: 0 });\n}\n',
  'src/colours.js': "export const colours = {\n  accent: 'teal',\n  text: 'black',\n};\n",
  'package.json': '{\n  "name": "notes",\n  "private": true,\n  "type": "module"\n}\n',
  '.gitignore': 'node_modules/\n*.log\n',
};

async function clean(repository: Repository): Promise<void> {
  await repository.git('init', '-q', '-b', 'main');
  for (const [path, text] of Object.entries(files)) await repository.write(path, text);
  await repository.commit('Keep notes');
}

const seeds = {
  /** One commit of a few files on `main`. */
  clean,
  /** As `clean`, with `feature/blue` and `feature/red`, which change the same line, and `feature/add`, which does not. */
  conflicting: async (repository: Repository): Promise<void> => {
    await clean(repository);
    for (const colour of ['blue', 'red']) {
      await repository.git('checkout', '-q', '-b', `feature/${colour}`, 'main');
      await repository.write('src/colours.js', files['src/colours.js'].replace('teal', colour));
      await repository.commit(`Make the accent ${colour}`);
    }
    await repository.git('checkout', '-q', '-b', 'feature/add', 'main');
    await repository.write('src/remove.js', 'export const remove = (notes, index) => notes.splice(index, 1);\n');
    await repository.commit('Remove notes');
    await repository.git('checkout', '-q', 'main');
  },
  /** As `clean`, with an edited, a staged, a deleted and an untracked file. */
  dirty: async (repository: Repository): Promise<void> => {
    await clean(repository);
    await repository.write('src/notes.js', `${files['src/notes.js']}\n// not committed\n`);
    await repository.write('src/staged.js', 'export const staged = true;\n');
    await repository.git('add', 'src/staged.js');
    await repository.git('rm', '-q', '--cached', 'package.json');
    await repository.write('untracked.txt', 'kept by nobody else\n');
  },
  /** `git init` and nothing more. */
  'without-commits': async (repository: Repository): Promise<void> => {
    await repository.git('init', '-q', '-b', 'main');
  },
  bare: async (repository: Repository): Promise<void> => {
    await repository.git('init', '-q', '--bare', '-b', 'main');
  },
  /** As `clean`, with HEAD on a commit and on no branch. */
  detached: async (repository: Repository): Promise<void> => {
    await clean(repository);
    await repository.git('checkout', '-q', '--detach');
  },
  /** As `conflicting`, stopped in the middle of a merge that conflicts. */
  'mid-merge': async (repository: Repository): Promise<void> => {
    await seeds.conflicting(repository);
    await repository.git('merge', '-q', 'feature/blue');
    await repository.git('merge', '-q', 'feature/red').catch(() => undefined);
  },
  /** A folder with a file in it that is no repository. */
  none: async (repository: Repository): Promise<void> => {
    await repository.write('notes.txt', 'no repository here\n');
  },
} satisfies Record<string, (repository: Repository) => Promise<void>>;

export async function seedRepository(path: string, seed: Seed, env: NodeJS.ProcessEnv): Promise<Repository> {
  await mkdir(path, { recursive: true });
  const repository = new Repository(path, env);
  await seeds[seed](repository);
  return repository;
}
