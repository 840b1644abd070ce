import type { ReactNode } from 'react';

import { Callout } from '#renderer/ui/Callout.tsx';
import type { PullRequestPlan } from '#shared/contract/pull-requests.ts';
import { counted } from '#shared/counted.ts';

import styles from './PullRequestDialog.module.css';

const mostPaths = 8;

/** Exactly what goes where: remote, branch, commits, and what does not go. */
export function PlannedPush({ plan, base }: { plan: PullRequestPlan; base: string }): ReactNode {
  const { commits, uncommitted, baseCommits, branch, repository, target } = plan;
  const remote = plan.remotes.find(({ name }) => name === plan.remote);
  return (
    <section className={styles.push} aria-label="What is pushed">
      <dl className={styles.facts}>
        <dt>To</dt>
        <dd>
          <code>{remote?.address ?? ''}</code> ({plan.remote})
          {plan.rewrittenTo === null ? null : (
            <>
              , which your own Git configuration sends to <code>{plan.rewrittenTo}</code>
            </>
          )}
        </dd>
        <dt>Branch</dt>
        <dd>
          <code>{branch}</code>, {branchWords(plan)}
        </dd>
        <dt>For</dt>
        <dd>
          <code>{base.trim() === '' ? '…' : base}</code> of {target}
          {target === repository ? '' : `, from ${repository}`}
        </dd>
        <dt>Commits</dt>
        <dd>
          {commits.total === 0 ? (
            'None: the remote has all of them.'
          ) : (
            <ul className={styles.commits} aria-label="Commits that are pushed">
              {commits.listed.map(({ hash, subject }) => (
                <li key={hash}>
                  <code>{hash.slice(0, 8)}</code> <span dir="auto">{subject}</span>
                </li>
              ))}
              {commits.total > commits.listed.length ? <li>and {commits.total - commits.listed.length} more</li> : null}
            </ul>
          )}
        </dd>
      </dl>
      {plan.isForward ? null : (
        <Callout tone="error" title="The branch there has commits that this one has not">
          A push would lose them, so it is not made. Have the agent merge that branch first, or look at it in a
          terminal.
        </Callout>
      )}
      {baseCommits > 0 ? (
        <Callout tone="warning" title={`${counted(baseCommits, 'commit')} of your local ${plan.base}`}>
          {target} has not got {baseCommits === 1 ? 'it' : 'them'} yet, so the pull request shows{' '}
          {baseCommits === 1 ? 'it' : 'them'} too. Push {plan.base} first if that is not what you want.
        </Callout>
      ) : null}
      {!plan.hasBase && base.trim() === plan.base ? (
        <Callout tone="warning" title={`${target} has no branch ${plan.base}`}>
          A pull request needs one to be merged into: push it there, or name another one below.
        </Callout>
      ) : null}
      {uncommitted.total > 0 ? (
        <Callout tone="warning" title={`${counted(uncommitted.total, 'file')} with changes that are not committed`}>
          They are not pushed, and stay in the worktree:{' '}
          {uncommitted.listed.slice(0, mostPaths).map((path, index) => (
            <span key={path}>
              {index > 0 ? ', ' : ''}
              <code>{path}</code>
            </span>
          ))}
          {uncommitted.total > mostPaths ? ` and ${String(uncommitted.total - mostPaths)} more` : ''}
        </Callout>
      ) : null}
      <p className={styles.note}>
        Never by force. Hooks and settings of the repository take no part in the push; your own Git settings and gh’s
        login do.
      </p>
    </section>
  );
}

function branchWords({ remoteCommit, branchCommit, isForward }: PullRequestPlan): string {
  if (remoteCommit === null) return 'which is new there';
  if (remoteCommit === branchCommit) return 'which is there as it is here';
  return isForward
    ? `which is at ${remoteCommit.slice(0, 8)} there`
    : `which is at ${remoteCommit.slice(0, 8)} there, not part of this one`;
}
