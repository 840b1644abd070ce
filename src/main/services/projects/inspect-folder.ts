import { constants } from 'node:fs';
import { access as accessFile, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import { errorCode } from '#main/base/error-code.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import { unfitGit } from '#main/services/git/needed-git.ts';
import type { OpenFailure } from '#shared/contract/projects.ts';
import { fail, ok, type Result } from '#shared/result.ts';

/** A repository's main checkout. Both canonical. */
export interface FoundProject {
  path: string;
  commonDir: string;
}

export interface InspectPorts {
  git: Pick<Git, 'read' | 'version' | 'commonDir' | 'gitDir'>;
  /** Throws as `fs.access` does. For tests: permissions do not bind root. */
  access?: (path: string, mode: number) => Promise<void>;
}

/** What is really at this absolute path, or which of the reasons keeps it from being opened. It runs none of its code. */
export async function inspectFolder(path: string, ports: InspectPorts): Promise<Result<FoundProject, OpenFailure>> {
  const access = ports.access ?? accessFile;
  let folder: string;
  try {
    folder = await realpath(path);
    if (!(await stat(folder)).isDirectory()) return fail({ kind: 'not-a-folder', path });
    await access(folder, constants.R_OK | constants.X_OK);
  } catch (error) {
    return fail(explainFileError(error, path));
  }
  // Asked at once, and which Git it is counts first: an old one fails at other questions in other words.
  const [unfit, inspected] = await Promise.allSettled([unfitGit(ports.git), inspectRepository(folder, ports.git)]);
  if (unfit.status === 'rejected') throw unfit.reason;
  if (unfit.value !== null) return fail(unfit.value);
  try {
    if (inspected.status === 'rejected') throw inspected.reason;
    const found = inspected.value;
    if (found.ok) await access(found.value.commonDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return found;
  } catch (error) {
    if (error instanceof GitError) return fail(await explainGitError(error, folder));
    return fail(explainFileError(error, folder));
  }
}

async function inspectRepository(folder: string, git: InspectPorts['git']): Promise<Result<FoundProject, OpenFailure>> {
  // One question each where the answer is a path: a path may contain a line break.
  const ask = async (args: readonly string[], name: string): Promise<string> =>
    (await git.read({ name, cwd: folder, args: ['rev-parse', ...args] })).text.replace(/\n$/, '');

  const kind = await ask(
    ['--is-bare-repository', '--is-inside-git-dir', '--is-inside-work-tree'],
    'look at the folder',
  );
  const [isBare, isInsideGitDir, isInsideWorkTree] = kind.split('\n').map((answer) => answer === 'true');
  if (isBare) return fail({ kind: 'bare-repository', path: folder });
  const commonDir = await realpath(await git.commonDir(folder));
  if (isInsideGitDir) return fail({ kind: 'inside-repository', path: folder, rootPath: dirname(commonDir) });

  const gitDir = await realpath(await git.gitDir(folder));
  if (gitDir !== commonDir) return fail(await explainWorktree(folder, commonDir, git));
  if (!isInsideWorkTree) {
    return fail({
      kind: 'git-failed',
      message: 'Its configuration (core.worktree) says that its files are elsewhere.',
    });
  }
  // Each question is a process for which a person waits, so both are asked at once.
  const [named, head] = await Promise.all([
    ask(['--show-toplevel'], 'find the top folder'),
    git.read({
      name: 'look for a commit',
      cwd: folder,
      args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'],
      okExitCodes: [0, 1],
    }),
  ]);
  const top = await realpath(named);
  if (top !== folder) return fail({ kind: 'inside-repository', path: folder, rootPath: top });
  if (head.exitCode !== 0 && !(await hasBranch(folder, git))) return fail({ kind: 'no-commits', path: folder });
  return ok({ path: folder, commonDir });
}

async function hasBranch(folder: string, git: InspectPorts['git']): Promise<boolean> {
  const branch = await git.read({
    name: 'look for a commit',
    cwd: folder,
    args: ['for-each-ref', '--count=1', '--format=%(refname)', 'refs/heads'],
  });
  return branch.text !== '';
}

/** The folder is, or is in, a worktree beside the main checkout, or one of a repository that has no main checkout. */
async function explainWorktree(folder: string, commonDir: string, git: InspectPorts['git']): Promise<OpenFailure> {
  const list = await git.read({
    name: 'list the worktrees',
    cwd: folder,
    args: ['worktree', 'list', '--porcelain', '-z'],
  });
  // The main checkout comes first; its record ends with an empty field.
  const main = list.text.split('\0\0')[0]?.split('\0') ?? [];
  if (main.includes('bare')) return { kind: 'bare-repository', path: commonDir };
  const named = main.find((field) => field.startsWith('worktree '))?.slice('worktree '.length);
  const fallback = basename(commonDir) === '.git' ? dirname(commonDir) : commonDir;
  return { kind: 'linked-worktree', path: folder, mainPath: named ?? fallback };
}

function explainFileError(error: unknown, path: string): OpenFailure {
  switch (errorCode(error) ?? '') {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return { kind: 'no-permission', path };
    // A path through a file, a link to itself, a name that is too long or has a NUL in it: none of them is there.
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
    case 'ENAMETOOLONG':
    case 'ERR_INVALID_ARG_VALUE':
      return { kind: 'not-found', path };
    default:
      throw error;
  }
}

async function explainGitError(error: GitError, folder: string): Promise<OpenFailure> {
  const { stderr } = error;
  if (/^fatal: detected dubious ownership/m.test(stderr)) {
    return { kind: 'unsafe-ownership', path: folder, owner: await ownerOf(folder) };
  }
  if (/^fatal: cannot use bare repository/m.test(stderr)) return { kind: 'bare-repository', path: folder };
  if (/Permission denied/.test(stderr)) return { kind: 'no-permission', path: folder };
  if (/^fatal: not a git repository/m.test(stderr)) return { kind: 'not-a-repository', path: folder };
  return { kind: 'git-failed', message: error.message };
}

/** The owner's name where the system has a list of names, else their number. */
async function ownerOf(folder: string): Promise<string> {
  const { uid } = await stat(folder);
  const names = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const entry = names.split('\n').find((line) => line.split(':')[2] === String(uid));
  return entry?.split(':')[0] ?? `user ${uid}`;
}
