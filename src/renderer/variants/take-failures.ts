import type { HostApi } from '#shared/contract/index.ts';
import { counted } from '#shared/counted.ts';
import type { RunId } from '#shared/ids.ts';

type TakeAnswer = Awaited<ReturnType<HostApi['variants']['take']>>;
export type TakeFailure = Extract<TakeAnswer, { ok: false }>['error'];

export interface Notice {
  title: string;
  text: string;
}

/** What happened, what is safe, and what to do next. */
export function takeFailure(error: TakeFailure, nameOf: (id: RunId) => string): Notice {
  const named = (ids: readonly RunId[]): string => ids.map(nameOf).join(', ');
  switch (error.kind) {
    case 'run-missing':
      return {
        title: `${counted(error.runs.length, 'run')} gone`,
        text: `Nothing was made. ${named(error.runs)} was removed, or its branch is gone. Close this, and choose anew among those that are there.`,
      };
    case 'moved':
      return {
        title: 'Not as you saw it any more',
        text:
          error.runs.length === 0
            ? 'Nothing was made. Where the variants began has moved meanwhile. Close this and look again.'
            : `Nothing was made. ${named(error.runs)} changed files meanwhile. Close this: the comparison shows them as soon as they are found, then take them again. If it is still at work, wait or pause it.`,
      };
    case 'clash':
      return {
        title: 'These files do not go together',
        text: `Nothing was made. ${error.reason} ${error.paths.join(', ')}: take them from one variant, or leave one of them as it was.`,
      };
    case 'nothing-taken':
      return {
        title: 'There would be nothing in it',
        text: 'All of it is as it was before the variants began. Nothing was made.',
      };
    case 'bad-branch':
      return { title: 'That is no name for a branch', text: `${error.reason} Nothing was made.` };
    case 'branch-exists':
      return {
        title: 'That branch is there already',
        text: `${error.branch} exists, a run has it, or another branch is in its way. Nothing was made. Choose another name.`,
      };
    case 'not-trusted':
      return {
        title: 'This project’s commands are not allowed yet',
        text: 'Nothing was made. A new worktree runs the project’s setup: allow its commands first, in the banner above.',
      };
    case 'disk-full':
      return {
        title: 'The disk is full',
        text: `No branch and no run was made, and the variants are as they were. Make room and try again. ${error.message}`,
      };
    case 'git-failed':
      return { title: 'Git could not do it', text: `No branch and no run was made. ${error.message}` };
    case 'refused':
      return { title: 'It could not be recorded', text: `No branch was made. ${error.reason}` };
  }
}
