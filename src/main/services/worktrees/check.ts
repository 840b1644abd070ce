import { access, constants, lstat, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, posix, win32 } from 'node:path';

import { canonicalPath, nearestExisting } from '#main/base/canonical-path.ts';
import { isInside } from '#main/base/is-inside.ts';
import { isSamePlace } from '#main/base/same-place.ts';
import type { Git } from '#main/services/git/git.ts';
import { refRecords, type WorktreeEntry } from '#main/services/git/parse.ts';
import { resolveBase } from '#main/services/git/resolve.ts';
import { listWorktrees, lockReason } from '#main/services/git/worktree-checkout.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { isReservedFileName } from '#shared/spec/spec-slug.ts';

/** What was found out before anything is made. */
export interface Checked {
  baseCommit: string;
  /** Git has a record of a worktree at this path whose folder is gone: it is replaced. */
  replaceRecord: boolean;
  /** An empty folder is there already; a rollback leaves it. */
  folderIsThere: boolean;
}

/** `message` is a sentence: what is in the way, and what to do about it. */
export interface Obstacle {
  kind: 'obstacle';
  message: string;
}

const obstacle = (message: string): { ok: false; error: Obstacle } => fail({ kind: 'obstacle', message });

/** Looks for everything that would make a worktree's creation fail, and changes nothing. */
export async function checkCreation(
  git: Pick<Git, 'read' | 'commonDir' | 'platform'>,
  request: { projectPath: string; branch: string; base: string; worktreePath: string },
): Promise<Result<Checked, Obstacle>> {
  const { projectPath, branch, base, worktreePath } = request;
  const badName = whyNotABranch(branch);
  if (badName !== null) return obstacle(badName);
  const [refused, branches, baseCommit, commonDir, worktrees] = await Promise.all([
    whyGitRefuses(git, projectPath, branch),
    listBranches(git, projectPath),
    base === '' ? null : resolveBase(git, projectPath, base),
    git.commonDir(projectPath),
    listWorktrees(git, projectPath),
  ]);
  if (refused !== null) return obstacle(refused);
  const badFolder = whyNotAFolder(worktreePath, git.platform);
  if (badFolder !== null) return obstacle(badFolder);
  const clash = whyBranchClashes(branch, branches);
  if (clash !== null) return obstacle(clash);
  if (baseCommit === null) return obstacle(await whyNoBase(git, projectPath, base));
  const target = await checkTarget({ projectPath, worktreePath, commonDir, worktrees });
  return target.ok ? ok({ baseCommit, ...target.value }) : target;
}

/** Why a name is none for a branch, as far as the name alone says it; null: it may be one. */
export function whyNotABranch(branch: string): string | null {
  if (branch === '') return 'The branch has no name. Give it one.';
  if (branch.startsWith('-'))
    return `A branch name cannot start with a dash, as “${branch}” does. Choose another name.`;
  if (branch === 'HEAD' || branch === '@' || branch.startsWith('refs/')) {
    return `“${branch}” means something else to Git than a branch. Choose another name.`;
  }
  // oxlint-disable-next-line no-control-regex -- that is what is looked for
  if (/[\u0000-\u001f\u007f]/.test(branch)) return 'A branch name cannot hold control characters. Choose another name.';
  return null;
}

/** Files in a worktree have paths of their own; this much is left for them where Windows' programs take 259 characters. */
const longestWindowsFolder = 160;
const longestName = 255;

/** Why the system could hold no folder at a path, by its letters and length alone; null: it could. Nothing has been made yet. */
export function whyNotAFolder(path: string, platform: NodeJS.Platform): string | null {
  const paths = platform === 'win32' ? win32 : posix;
  const parts = path.slice(paths.parse(path).root.length).split(paths.sep);
  const refused = platform === 'win32' ? parts.find((part) => isRefusedByWindows(part)) : undefined;
  if (refused !== undefined)
    return `Windows can have no file or folder called “${refused}”. Choose another branch name.`;
  const name = parts.find((part) => lengthOf(part, platform) > longestName);
  if (name !== undefined) {
    return `“${name.slice(0, 40)}…” is longer than the ${String(longestName)} characters that a folder's name may have. Choose a shorter branch name.`;
  }
  if (platform !== 'win32' || path.length <= longestWindowsFolder) return null;
  return (
    `The path ${path} has ${String(path.length)} characters. Many programs of Windows take no path of more than 259, and none can ` +
    `be started in such a folder; the files in it need room too, so that ${String(longestWindowsFolder)} is the most for a worktree. ` +
    "Choose a shorter branch name, or a worktree folder nearer to the drive's root in the project's configuration."
  );
}

/** `con` and `con.x` are devices, signs mean something, and what a name ends in is cut off. */
const isRefusedByWindows = (name: string): boolean =>
  isReservedFileName(name.split('.')[0] ?? '') || /[<>:"|?*]|[. ]$/.test(name);

/** Windows and macOS count UTF-16 units, Linux bytes. */
const lengthOf = (name: string, platform: NodeJS.Platform): number =>
  platform === 'linux' ? Buffer.byteLength(name) : name.length;

async function whyGitRefuses(git: Pick<Git, 'read'>, projectPath: string, branch: string): Promise<string | null> {
  const { exitCode, text } = await git.read({
    name: 'check the branch name',
    cwd: projectPath,
    args: ['check-ref-format', '--branch', branch],
    okExitCodes: [0, 1, 128],
  });
  // It answers `@{-1}` with another branch's name.
  if (exitCode === 0 && text === `${branch}\n`) return null;
  return (
    `Git does not take “${branch}” as a branch name: no spaces, no “..”, “~”, “^”, “:”, “?”, “*”, “[” or “\\”, ` +
    'and no part that starts with a dot or ends in “.lock”. Choose another name.'
  );
}

/** Why a branch cannot be made beside the others; null: it can. */
export function whyBranchClashes(branch: string, existing: readonly string[]): string | null {
  if (existing.includes(branch)) return `The branch ${branch} exists already. Choose another name, or delete it first.`;
  const folded = foldCase(branch);
  for (const other of existing) {
    const otherFolded = foldCase(other);
    if (otherFolded === folded) {
      return `The branch ${other} differs from ${branch} only in upper and lower case or accents, which many file systems cannot tell apart. Choose another name.`;
    }
    // A ref is a file and `a/b` needs `a` to be a folder.
    if (otherFolded.startsWith(`${folded}/`) || folded.startsWith(`${otherFolded}/`)) {
      return `Git cannot keep the branches ${branch} and ${other} side by side, because one is the beginning of the other. Choose another name.`;
    }
  }
  return null;
}

const foldCase = (name: string): string => name.normalize('NFC').toLowerCase();

const branchRecords = refRecords({ name: '%(refname:lstrip=2)' });

async function listBranches(git: Pick<Git, 'read'>, projectPath: string): Promise<readonly string[]> {
  const { text } = await git.read({
    name: 'list the branches',
    cwd: projectPath,
    args: ['for-each-ref', `--format=${branchRecords.format}`, 'refs/heads'],
  });
  return branchRecords.parse(text).map(({ name }) => name);
}

async function whyNoBase(git: Pick<Git, 'read'>, projectPath: string, base: string): Promise<string> {
  const head = await git.read({
    name: 'look for a commit',
    cwd: projectPath,
    args: ['rev-list', '--all', '--max-count=1'],
    okExitCodes: [0, 128],
  });
  return head.text.trim() === ''
    ? 'The repository has no commit yet, so there is nothing to start a branch from. Make a first commit.'
    : `There is no branch or commit called “${base}” to start from. Choose another base.`;
}

interface Target {
  projectPath: string;
  worktreePath: string;
  commonDir: string;
  worktrees: readonly WorktreeEntry[];
}

async function checkTarget(target: Target): Promise<Result<Omit<Checked, 'baseCommit'>, Obstacle>> {
  const { worktreePath } = target;
  if (!isAbsolute(worktreePath) || worktreePath.includes('\0')) {
    return obstacle(`“${worktreePath}” is not a full path. Choose another worktree folder.`);
  }
  const place = await whyNotThere(target);
  if (place !== null) return obstacle(place);
  const stats = await lstat(worktreePath).catch(() => null);
  if (stats !== null && !stats.isDirectory()) {
    return obstacle(`${worktreePath} is there already and is no folder. Move it away, or choose another branch name.`);
  }
  if (stats !== null && (await readdir(worktreePath)).length > 0) {
    return obstacle(
      `The folder ${worktreePath} is there already and not empty. Move it away, or choose another branch name.`,
    );
  }
  const records = await Promise.all(target.worktrees.map(({ path }) => isSamePlace(path, worktreePath)));
  const record = target.worktrees[records.indexOf(true)];
  if (record !== undefined && record.locked !== null && record.locked !== lockReason) {
    return obstacle(
      `Git has a locked record of a worktree at ${worktreePath}, whose folder is gone (${record.locked || 'no reason given'}). ` +
        'Unlock it with “git worktree unlock” and run “git worktree prune”, or choose another branch name.',
    );
  }
  return ok({ replaceRecord: record !== undefined, folderIsThere: stats !== null });
}

/** Why no worktree may be at this path, whatever is there now; null: it may. */
async function whyNotThere({ projectPath, worktreePath, commonDir, worktrees }: Target): Promise<string | null> {
  const path = await canonicalPath(worktreePath);
  const ancestor = await nearestExisting(dirname(worktreePath));
  const stats = await lstat(ancestor).catch(() => null);
  if (stats?.isDirectory() !== true)
    return `${ancestor} is no folder, so none can be made in it. Choose another worktree folder.`;
  const canWrite = await access(ancestor, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!canWrite)
    return `You may not write in ${ancestor}. Choose another worktree folder in the project's configuration.`;
  const project = await canonicalPath(projectPath);
  if (isInside(project, path)) {
    return `The worktree cannot take the place of the project's own folder ${projectPath}. Choose another worktree folder.`;
  }
  if (isInside(path, commonDir)) {
    return `${worktreePath} is inside Git's own folder. Choose another worktree folder.`;
  }
  for (const other of worktrees.slice(1)) {
    const otherPath = await canonicalPath(other.path);
    if (path !== otherPath && isInside(path, otherPath)) {
      return `${worktreePath} is inside the worktree ${other.path}, which may be deleted. Choose another worktree folder.`;
    }
  }
  const temporary = await canonicalPath(tmpdir());
  if (isInside(path, temporary) && !isInside(project, temporary)) {
    return `${worktreePath} is in the system's temporary folder, which is emptied without asking. Choose another worktree folder.`;
  }
  return null;
}
