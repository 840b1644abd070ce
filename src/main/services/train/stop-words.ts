import { hasNoRoom, isDiskFull, saysDiskFull } from '#main/base/disk-full.ts';
import { GitError } from '#main/services/git/git.ts';
import { errorMessage } from '#shared/error-message.ts';

import { ScratchUnusable } from './scratch-worktree.ts';

const whatIsSafe = 'What is listed as merged is merged, nothing is half merged, and no branch has lost anything';

/** Why a train stands still that something went wrong with, what is safe, and what to do. `folder`: where Git and we write. */
export async function stopWords(error: unknown, folder: string | null): Promise<string> {
  if (isDiskFull(error) || (folder !== null && (await hasNoRoom(folder)))) {
    const said = sentenceEnd(errorMessage(error));
    return `The disk is full (${said}). ${whatIsSafe}. Make room, then resume.`;
  }
  const isTold = error instanceof ScratchUnusable || error instanceof GitError;
  const why = isTold ? sentenceEnd(error.message) : 'Something went wrong; the log has it';
  return `${why}. ${whatIsSafe}; resume to try again.`;
}

/** Whether Git's words on a failure, or the folder it writes to, say that the disk is full: no car is to be blamed for that. */
export const isWantOfRoom = async (message: string, folder: string | null): Promise<boolean> =>
  saysDiskFull(message) || (folder !== null && (await hasNoRoom(folder)));

const sentenceEnd = (text: string): string => text.replace(/[.\s]+$/u, '');
