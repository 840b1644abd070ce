import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { GitError } from '#main/services/git/git.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';

import { changedFiles, type Checkout } from './checkout.ts';
import type { GitPort } from './merge-ports.ts';
import { indexIs, putBack } from './put-back.ts';
import { branchRef, lockMessage, saysLocked } from './refs.ts';

/** A move of a branch that is checked out. */
export interface CheckoutMove {
  git: Pick<GitPort, 'read' | 'direct'>;
  checkout: Checkout;
  branch: string;
  from: string;
  to: string;
  reflog: string;
}

export type CheckoutMoved =
  | { kind: 'moved' }
  /** The branch is not where it was, or not checked out here any more. */
  | { kind: 'elsewhere' }
  | { kind: 'dirty'; files: readonly string[] }
  | { kind: 'locked'; message: string }
  /** `message` says what happened and how the checkout is now. */
  | { kind: 'failed'; message: string };

/**
 * Moves a checked out branch forward, with its checkout, in one step of Git's: `merge --ff-only` looks whether files
 * were changed, writes them, and then moves the ref from where it was. So whatever ends the app, there is no moment in
 * between at which the checkout lags behind its branch and shows the merge as undone. If that step fails half way, the
 * files it has written are put back.
 */
export function moveForward(move: CheckoutMove): Promise<CheckoutMoved> {
  return guarded(move, async () => {
    const { git, checkout, from, to } = move;
    await fastForward(move, to);
    if (await indexIs(git, checkout.path, to)) return { kind: 'moved' };
    // The branch was deleted since it was looked at. Git has begun it anew at the merge, and knew of no files to take away.
    await git.direct({
      name: 'take away what the merge deletes',
      cwd: checkout.path,
      args: ['read-tree', '-m', '-u', '--no-recurse-submodules', from, to],
    });
    return { kind: 'moved' };
  });
}

/** Moves a checked out branch back, with its checkout, in one step of Git's: `reset --keep`, which keeps local changes. */
export function moveBack(move: CheckoutMove): Promise<CheckoutMoved> {
  return guarded(move, async () => {
    await reset(move, move.to);
    // Unlike a merge, a reset does not look whether the branch is still where it was. It notes where that was.
    const [before = null] = await resolveCommits(move.git, move.checkout.path, ['ORIG_HEAD']);
    if (before === null || before === move.from) return { kind: 'moved' };
    await fastForward(move, before);
    return { kind: 'elsewhere' };
  });
}

async function fastForward({ git, checkout, branch, reflog }: CheckoutMove, to: string): Promise<void> {
  await git.direct({
    name: `move ${branch} forward`,
    cwd: checkout.path,
    args: [
      // Options that the repository's configuration adds for this branch could make another kind of merge of it.
      `--config-env=branch.${branch}.mergeOptions=SWITCHYARD_NOTHING`,
      'merge',
      '--ff-only',
      '--quiet',
      '--no-stat',
      '--no-edit',
      // A stash is never made, and a file that Git ignores is the person's as much as any other.
      '--no-autostash',
      '--no-overwrite-ignore',
      '--no-verify-signatures',
      to,
    ],
    env: { GIT_REFLOG_ACTION: reflog, SWITCHYARD_NOTHING: '' },
  });
}

async function reset({ git, checkout, branch, reflog }: CheckoutMove, to: string): Promise<void> {
  await git.direct({
    name: `move ${branch} back`,
    cwd: checkout.path,
    args: ['reset', '--keep', '--quiet', '--no-recurse-submodules', to],
    env: { GIT_REFLOG_ACTION: reflog },
  });
}

async function guarded(move: CheckoutMove, act: () => Promise<CheckoutMoved>): Promise<CheckoutMoved> {
  const { git, checkout, branch, from, to } = move;
  const branchNow = async (): Promise<string | null> =>
    (await resolveCommits(git, checkout.path, [branchRef(branch)]))[0] ?? null;
  const lock = await waitForLocks(checkout, branch);
  if (lock !== null) return { kind: 'locked', message: lockMessage(`'${lock}'`) };
  // Asked last, because what follows acts on HEAD, whatever branch that is.
  if (!(await isOn(move))) return { kind: 'elsewhere' };
  try {
    const outcome = await act();
    if (outcome.kind !== 'moved' || (await branchNow()) === to) return outcome;
    // Another branch was checked out since that question, and has been moved instead. Git has noted where it was.
    await reset(move, 'ORIG_HEAD');
    return { kind: 'elsewhere' };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const now = await branchNow();
    if (now === to) return { kind: 'moved' };
    if (now !== from || !(await isOn(move))) return { kind: 'elsewhere' };
    // Git looks at all files before it writes the first, so after a refusal there is nothing to put back.
    if (saysFilesInTheWay(error.stderr)) {
      const files = new Set([...(await changedFiles(git, checkout.path)), ...filesNamedIn(error.stderr)]);
      return { kind: 'dirty', files: [...files] };
    }
    const leftOver = await putBack(git, checkout.path, { at: from, partly: to });
    if (leftOver.length > 0) {
      const message = `${error.message}. ${branch} has not moved, but these files in ${checkout.path} could not be put back: ${leftOver.join(', ')}`;
      return { kind: 'failed', message };
    }
    if (saysLocked(error.stderr)) return { kind: 'locked', message: lockMessage(error.stderr) };
    return { kind: 'failed', message: `${error.message}. Nothing has changed.` };
  }
}

async function isOn({ git, checkout, branch }: CheckoutMove): Promise<boolean> {
  const { text } = await git.read({
    name: 'see which branch is checked out',
    cwd: checkout.path,
    args: ['symbolic-ref', '--quiet', 'HEAD'],
    okExitCodes: [0, 1],
  });
  return text.trim() === branchRef(branch);
}

/** As long as Git's own calls of ours wait for a lock: 1.5 s in all. */
const lockWaitsMs: readonly number[] = [25, 50, 100, 200, 400, 750];

/**
 * The lock file that is still there after a while; null when there is none. Asked beforehand, because Git would only
 * meet the ref's lock after it has written the files.
 */
async function waitForLocks(checkout: Checkout, branch: string): Promise<string | null> {
  const commonDir = await commonDirOf(checkout.gitDir);
  const locks = [
    join(checkout.gitDir, 'index.lock'),
    join(checkout.gitDir, 'HEAD.lock'),
    join(commonDir, `${branchRef(branch)}.lock`),
  ];
  let held: string | null = null;
  for (const wait of [...lockWaitsMs, null]) {
    held = await firstThatExists(locks);
    if (held === null || wait === null) return held;
    await sleep(wait);
  }
  return held;
}

async function firstThatExists(files: readonly string[]): Promise<string | null> {
  for (const file of files) if ((await stat(file).catch(() => null)) !== null) return file;
  return null;
}

async function commonDirOf(gitDir: string): Promise<string> {
  const named = await readFile(join(gitDir, 'commondir'), 'utf8').catch(() => null);
  return named === null ? gitDir : resolve(gitDir, named.trim());
}

const saysFilesInTheWay = (stderr: string): boolean =>
  /would be (overwritten|removed|lost)|would lose untracked|not uptodate\. Cannot/u.test(stderr);

/** Git lists the files that it would lose one a line, each after a tab. */
const filesNamedIn = (stderr: string): readonly string[] =>
  stderr
    .split('\n')
    .filter((line) => line.startsWith('\t'))
    .map((line) => line.slice(1));
