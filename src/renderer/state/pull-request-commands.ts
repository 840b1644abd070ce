import type { CommandDeclaration } from './command-declaration.ts';

/** What the palette has for pull requests. */
export const pullRequestCommands = {
  'run.pull-request': {
    title: 'Selected run: pull request on GitHub…',
    group: 'Run',
    where: 'project',
    keywords: ['pr', 'push', 'gh', 'open', 'remote', 'origin'],
  },
  'run.refresh-pull-request': {
    title: 'Selected run: look at its pull request again',
    group: 'Run',
    where: 'project',
    keywords: ['pr', 'gh', 'checks', 'refresh', 'comments'],
  },
} as const satisfies Record<string, CommandDeclaration>;
