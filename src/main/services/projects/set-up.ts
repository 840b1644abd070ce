import { lstat, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

import { errorCode } from '#main/base/error-code.ts';
import { isInside } from '#main/base/is-inside.ts';
import type { SetupFile } from '#shared/contract/projects.ts';
import { errorMessage } from '#shared/error-message.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { configPath } from './config.ts';
import { proposeConfig, readPeerConfigs } from './peer-configs.ts';

type CouldNotWrite = { kind: 'could-not-write'; path: string; message: string };

/**
 * The files of the template as they would lie in the project, and which of them are there already. What other tools' files
 * in the project say is proposed in the config.
 */
export async function planSetup(templateFolder: string, projectPath: string): Promise<readonly SetupFile[]> {
  const entries = await readdir(templateFolder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const peers = await readPeerConfigs(projectPath);
  return Promise.all(
    files.map(async (file): Promise<SetupFile> => {
      const path = relative(templateFolder, file);
      const name = path.split(sep).join('/');
      const text = await readFile(file, 'utf8');
      return {
        path: name,
        text: name === configPath ? proposeConfig(text, peers) : text,
        exists: await isThere(join(projectPath, path)),
      };
    }),
  );
}

/**
 * Writes the files that are not there. None is overwritten, not even one that appears meanwhile, and none is written
 * through a symbolic link to outside the project. Nothing is written when any of them cannot be.
 */
export async function setUp(
  files: readonly SetupFile[],
  projectPath: string,
): Promise<Result<{ written: readonly string[] }, CouldNotWrite>> {
  const missing = files.filter(({ exists }) => !exists);
  for (const { path } of missing) {
    const obstacle = await obstacleAbove(path, projectPath);
    if (obstacle !== null) return fail({ kind: 'could-not-write', path, message: obstacle });
  }
  const written: string[] = [];
  for (const { path, text } of missing) {
    const target = join(projectPath, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      // `wx` neither overwrites nor follows a link.
      await writeFile(target, text, { flag: 'wx' });
      written.push(path);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') continue;
      return fail({ kind: 'could-not-write', path, message: tell(error, written) });
    }
  }
  return ok({ written });
}

/** What on the way to a file keeps it from being written, as a sentence; null when nothing does. */
async function obstacleAbove(path: string, projectPath: string): Promise<string | null> {
  const parts = path.split('/').slice(0, -1);
  let folder = projectPath;
  for (const part of parts) {
    folder = join(folder, part);
    const name = relative(projectPath, folder);
    const stats = await lstat(folder).catch(() => null);
    if (!stats) return null;
    if (stats.isSymbolicLink()) {
      const target = await realpath(folder).catch(() => null);
      if (target === null) return `${name} is a symbolic link to nothing.`;
      if (!isInside(target, projectPath)) return `${name} is a symbolic link to outside the project (${target}).`;
      if (isInside(target, join(projectPath, '.git')))
        return `${name} is a symbolic link into the repository's own data.`;
    } else if (!stats.isDirectory()) {
      return `${name} is a file, not a folder.`;
    }
  }
  return null;
}

function tell(error: unknown, written: readonly string[]): string {
  const reason = errorMessage(error);
  return written.length === 0
    ? `${reason}. Nothing was written.`
    : `${reason}. Written before that: ${written.join(', ')}.`;
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
