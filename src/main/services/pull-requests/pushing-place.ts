import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Git, GitCall, GitOutput } from '#main/services/git/git.ts';

type Asks = Pick<Git, 'read' | 'direct' | 'commonDir'>;

/** Asks Git in the place: with the project's objects, and the person's own configuration alone. */
export type AskInPlace = (call: Omit<GitCall, 'cwd' | 'env'>) => Promise<GitOutput>;

/**
 * Makes an empty repository with the project's objects for as long as `work` takes. Whatever talks to a remote is done there:
 * the configuration of the project's own repository can be written by an agent, and could send a push elsewhere (another
 * address, a proxy, no check of certificates) or start programs. None of it takes part, nor do the repository's hooks.
 */
export async function withPushingPlace<T>(
  git: Asks,
  projectPath: string,
  work: (ask: AskInPlace) => Promise<T>,
): Promise<T> {
  const commonDir = await git.commonDir(projectPath);
  const { text: format } = await git.read({
    name: 'find the format of the objects',
    cwd: projectPath,
    args: ['rev-parse', '--show-object-format'],
  });
  const place = await mkdtemp(join(tmpdir(), 'switchyard-push-'));
  try {
    await git.direct({
      name: 'make a place to push from',
      cwd: place,
      args: ['init', '--quiet', '--template=', `--object-format=${format.trim()}`],
    });
    const env = {
      GIT_DIR: join(place, '.git'),
      GIT_OBJECT_DIRECTORY: join(commonDir, 'objects'),
      GIT_SHALLOW_FILE: join(commonDir, 'shallow'),
    };
    return await work((call) => git.read({ ...call, cwd: place, env }));
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 3 });
  }
}
