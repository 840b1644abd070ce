import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { GitPort } from './radar-ports.ts';

/**
 * Git on a repository whose new objects go into a folder beside it: what is written only to be compared never makes the
 * person's repository grow, and is gone with the folder.
 */
export class SideObjects {
  readonly #git: GitPort;
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;
  #isMade: Promise<unknown> | null = null;

  constructor(options: { git: GitPort; commonDir: string; name: string }) {
    this.#git = options.git;
    this.#folder = join(options.commonDir, 'switchyard', options.name);
    this.#env = {
      GIT_OBJECT_DIRECTORY: this.#folder,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: alternate(join(options.commonDir, 'objects')),
    };
  }

  /** Git, as everywhere else, but for where it writes objects. */
  readonly git: GitPort = {
    read: async (call) => {
      await this.#make();
      return this.#git.read({ ...call, env: { ...call.env, ...this.#env } });
    },
    direct: async (call) => {
      await this.#make();
      return this.#git.direct({ ...call, env: { ...call.env, ...this.#env } });
    },
    gitDir: (cwd) => this.#git.gitDir(cwd),
    commonDir: (cwd) => this.#git.commonDir(cwd),
    version: () => this.#git.version(),
  };

  /** Throws the objects away. What was found with their help has to be found anew. */
  async clear(): Promise<void> {
    this.#isMade = null;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #make(): Promise<unknown> {
    return (this.#isMade ??= mkdir(this.#folder, { recursive: true }));
  }
}

/** As Git reads the list of alternates: a path with a separator or a quote in it is quoted. */
function alternate(path: string): string {
  return /[:;"\\]/u.test(path) ? `"${path.replaceAll(/["\\]/gu, (sign) => `\\${sign}`)}"` : path;
}
