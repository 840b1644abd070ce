import type { HostApi } from '#shared/contract/index.ts';
import { assertNever, type Result } from '#shared/result.ts';

type FailureOf<M extends keyof HostApi['pullRequests']> = HostApi['pullRequests'][M] extends (
  input: never,
) => Promise<Result<unknown, infer E>>
  ? E
  : never;
export type PullRequestFailure = FailureOf<'plan'> | FailureOf<'open'> | FailureOf<'refresh'>;

const local = 'To merge it here, none of this is needed.';

/** What happened, and then: what is safe and what to do next. */
export function pullRequestFailure(failure: PullRequestFailure): { title: string; text: string } {
  switch (failure.kind) {
    case 'run-missing':
      return { title: 'This run is no longer there', text: 'It was deleted meanwhile. Nothing was pushed.' };
    case 'branch-missing':
      return {
        title: `The branch ${failure.branch} is gone`,
        text: 'It was deleted or renamed outside of this app. Nothing was pushed.',
      };
    case 'no-remote':
      return {
        title: 'This repository has no remote',
        text: `Nothing was pushed. Add one in a terminal (git remote add origin …), and look again. ${local}`,
      };
    case 'no-github-remote':
      return {
        title: 'No remote of this repository is on GitHub',
        text: `Nothing was pushed, and nothing was sent anywhere. ${failure.remotes
          .slice(0, 3)
          .map(({ name, obstacle }) => `${name}: ${obstacle ?? ''}`)
          .join(' ')} ${local}`,
      };
    case 'gh-missing':
      return {
        title: 'GitHub’s command line tool is not there',
        text: `Pull requests go through gh. Nothing was pushed. Install it from cli.github.com, run “gh auth login”, and look again. ${local}`,
      };
    case 'not-signed-in':
      return {
        title: `gh is not signed in to ${failure.host}`,
        text: `Nothing was pushed. Run “gh auth login --hostname ${failure.host}” in a terminal, and look again. ${local}`,
      };
    case 'network':
      return {
        title: 'GitHub could not be reached',
        text: `Your branch is as it was. Try again when the network is back. It was said: ${failure.message}`,
      };
    case 'timed-out':
      return {
        title: `There was no answer within ${String(failure.seconds)} s`,
        text: 'It was ended. Your branch is as it was; what has arrived on the remote stays there. Try again.',
      };
    case 'no-access':
      return {
        title: `GitHub does not let you do this in ${failure.repository}`,
        text: `Nothing was pushed. ${failure.message === '' ? 'It is not there, or gh’s login may not see it.' : failure.message}`,
      };
    case 'gh-failed':
      return { title: 'gh could not do it', text: `${failure.message} Your branch is as it was.` };
    case 'git-failed':
      return { title: 'Git could not do it', text: `${failure.message} Your branch is as it was.` };
    case 'cancelled':
      return { title: 'It was ended', text: 'Your branch is as it was. What was pushed by then stays on the remote.' };
    case 'under-way':
      return { title: 'It is under way already', text: 'Wait for its end, or end it.' };
    case 'moved':
      return {
        title: 'Something moved since you looked',
        text: 'The branch has new commits, or the remote is another one. Nothing was pushed; below is what would be pushed now.',
      };
    case 'push-refused':
      return pushRefused(failure);
    case 'exists': {
      const { repository, number } = failure.pullRequest;
      return {
        title: `There is a pull request of this branch already: ${repository}#${String(number)}`,
        text: 'The branch was pushed, so that it has your commits now. It is on the card.',
      };
    }
    case 'refused':
      return {
        title: 'GitHub made no pull request of it',
        text: `The branch is pushed. GitHub said: ${failure.message} Change what it names, and try again.`,
      };
    default:
      return assertNever(failure);
  }
}

function pushRefused({ why, message }: Extract<PullRequestFailure, { kind: 'push-refused' }>): {
  title: string;
  text: string;
} {
  const said = message === '' ? '' : ` It was said: ${message}`;
  switch (why) {
    case 'behind':
      return {
        title: 'The branch on the remote has commits that this one has not',
        text: `Nothing was pushed, and nothing is ever pushed by force. Have the agent merge that branch, or look at it in a terminal.${said}`,
      };
    case 'hook':
      return { title: 'A rule or a hook of the remote refused the push', text: `Nothing was changed there.${said}` };
    case 'access':
      return {
        title: 'The remote does not let you in',
        text: `Nothing was pushed. Is your SSH key known there, or gh signed in as somebody who may push?${said}`,
      };
    case 'other':
      return { title: 'The remote refused the push', text: `Nothing was changed there.${said}` };
  }
}
