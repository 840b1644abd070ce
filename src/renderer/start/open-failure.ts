import type { OpenFailure } from '#shared/contract/projects.ts';
import { assertNever } from '#shared/result.ts';

/** What a person can do about a folder that cannot be opened. */
export type NextStep =
  | { kind: 'initialise'; path: string; label: string }
  | { kind: 'first-commit'; path: string; label: string }
  | { kind: 'open'; path: string; label: string }
  | { kind: 'retry'; path: string; label: string }
  | { kind: 'choose'; label: string };

export interface FailureAnswer {
  tone: 'info' | 'warning' | 'error';
  title: string;
  text: string;
  /** A command for the person's own shell. */
  command: string | null;
  steps: readonly NextStep[];
}

/** A path as one word of a POSIX shell, whatever is in it. */
export const shellWord = (text: string): string =>
  /^[A-Za-z0-9_./~-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

const chooseAnother: NextStep = { kind: 'choose', label: 'Choose another folder' };

/** What to say about a failure to open, and what to offer. Each kind has its own answer. */
export function answerTo(failure: OpenFailure): FailureAnswer {
  switch (failure.kind) {
    case 'not-found':
      return {
        tone: 'warning',
        title: 'There is no such folder',
        text: `Nothing is at ${failure.path}. It may have been moved, renamed, or be on a disk that is not connected.`,
        command: null,
        steps: [chooseAnother],
      };
    case 'not-a-folder':
      return {
        tone: 'warning',
        title: 'That is a file, not a folder',
        text: `${failure.path} is a file. Open the folder of a Git repository instead.`,
        command: null,
        steps: [chooseAnother],
      };
    case 'no-permission':
      return {
        tone: 'error',
        title: 'This folder cannot be read',
        text: `You have no permission to read ${failure.path}. Allow it for your user, then try again.`,
        command: `ls -ld ${shellWord(failure.path)}`,
        steps: [{ kind: 'retry', path: failure.path, label: 'Try again' }, chooseAnother],
      };
    case 'not-a-repository':
      return {
        tone: 'info',
        title: 'This folder is not a Git repository yet',
        text: `Every agent works on a branch of its own, so ${failure.path} has to be a repository. Making it one runs “git init” there and changes none of your files.`,
        command: null,
        steps: [{ kind: 'initialise', path: failure.path, label: 'Make it a repository' }, chooseAnother],
      };
    case 'bare-repository':
      return {
        tone: 'warning',
        title: 'This is a bare repository',
        text: `${failure.path} has no working files, so there is nothing to work in. Clone it, then open the clone.`,
        command: `git clone ${shellWord(failure.path)}`,
        steps: [chooseAnother],
      };
    case 'no-commits':
      return {
        tone: 'info',
        title: 'This repository has no commit yet',
        text: 'Branches start from a commit. An empty first commit is enough: it takes in none of your files.',
        command: null,
        steps: [{ kind: 'first-commit', path: failure.path, label: 'Make an empty first commit' }, chooseAnother],
      };
    case 'linked-worktree':
      return {
        tone: 'info',
        title: 'This is a worktree of another checkout',
        text: `The repository’s main checkout is at ${failure.mainPath}. Open that one: it shows all of its branches and worktrees, this one included.`,
        command: null,
        steps: [{ kind: 'open', path: failure.mainPath, label: 'Open the main checkout' }, chooseAnother],
      };
    case 'inside-repository':
      return {
        tone: 'info',
        title: 'This folder is inside a repository',
        text: `The repository begins at ${failure.rootPath}. Branches belong to the whole of it, so open it there.`,
        command: null,
        steps: [{ kind: 'open', path: failure.rootPath, label: 'Open the repository' }, chooseAnother],
      };
    case 'unsafe-ownership':
      return {
        tone: 'warning',
        title: 'Git does not trust this folder',
        text: `${failure.path} belongs to ${failure.owner || 'another user'}, and Git refuses to work in other people’s folders unless you say that it is safe. If you know where it comes from, run this command, then try again.`,
        command: `git config --global --add safe.directory ${shellWord(failure.path)}`,
        steps: [{ kind: 'retry', path: failure.path, label: 'Try again' }, chooseAnother],
      };
    case 'open-elsewhere':
      return {
        tone: 'warning',
        title: 'This project is open in another Switchyard',
        text: `Another one, with settings of its own, has ${failure.path} open. Two at once would take each other’s runs apart. Quit that one, then try again.`,
        command: null,
        steps: [{ kind: 'retry', path: failure.path, label: 'Try again' }, chooseAnother],
      };
    case 'in-another-window':
      return {
        tone: 'info',
        title: 'It is open in another window',
        text: `${failure.path} has a window of its own, which is in front now. Each project has one.`,
        command: null,
        steps: [chooseAnother],
      };
    case 'newer-state':
      return {
        tone: 'warning',
        title: 'A newer Switchyard has worked here',
        text: `The record of this project’s runs (${failure.path}) was written by a newer version, and this one would only guess what it means. Nothing was changed. Open the project with the newer version.`,
        command: null,
        steps: [chooseAnother],
      };
    case 'state-unusable':
      return {
        tone: 'error',
        title: 'The record of this project’s runs cannot be opened',
        text: `${failure.path}: ${failure.message}. Nothing was changed, and branches and worktrees are as they were. Make room on the disk or give your user access to that file, then try again.`,
        command: `ls -l ${shellWord(failure.path)}`,
        steps: [chooseAnother],
      };
    case 'git-missing':
      return {
        tone: 'error',
        title: 'Git was not found',
        text: 'Install Git (git-scm.com, or your system’s package manager), make sure that it is on the PATH of this app, and start the app again.',
        command: 'git --version',
        steps: [],
      };
    case 'git-too-old':
      return {
        tone: 'error',
        title: `Git ${failure.needed} or newer is needed`,
        text: `Git ${failure.found} was found. Merges are made without touching your files, which older versions cannot do. Update Git and start the app again.`,
        command: 'git --version',
        steps: [],
      };
    case 'git-failed':
      return {
        tone: 'error',
        title: 'Git could not read this repository',
        text: `Nothing was changed. Git says: ${failure.message}`,
        command: null,
        steps: [chooseAnother],
      };
    default:
      return assertNever(failure);
  }
}
