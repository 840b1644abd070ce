import type { GithubFailure } from '#shared/contract/pull-requests.ts';

/** Why a look at GitHub did not succeed, in a sentence. */
export function problemWords(failure: GithubFailure): string {
  switch (failure.kind) {
    case 'gh-missing':
      return 'GitHub’s command line tool, gh, is not there.';
    case 'not-signed-in':
      return `gh is not signed in to ${failure.host}.`;
    case 'network':
      return 'GitHub could not be reached.';
    case 'timed-out':
      return `GitHub did not answer within ${String(failure.seconds)} s.`;
    case 'no-access':
      return `GitHub does not show you ${failure.repository}.`;
    case 'gh-failed':
      return `gh said: ${failure.message}`;
  }
}
