import { Check, CircleHelp, History, Maximize2, MessageSquareShare, RotateCw, X } from 'lucide-react';
import type { ReactNode } from 'react';

import { recheck, tellAgents, whyNotTold } from '#renderer/state/invariant-actions.ts';
import { aimAt } from '#renderer/state/targets.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import type { ChangedInvariant, InvariantFinding, RunInvariants } from '#shared/contract/invariants.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';

import styles from './ChecksBar.module.css';

/** The rules of the project held against a run: what it breaks and where, where it strays, and which rules it does not know. */
export function InvariantRows({ run, known }: { run: Run; known: RunInvariants }): ReactNode {
  const { findings, omitted, checked, tree, unchecked, strays, behind } = known;
  const places = findings.length + omitted;
  return (
    <>
      {checked > 0 ? (
        <li className={styles.row} data-state={places > 0 ? 'failed' : tree === null ? 'not-run' : 'passed'}>
          <span className={styles.sign}>{places > 0 ? <X /> : tree === null ? <CircleHelp /> : <Check />}</span>
          <div className={styles.what}>
            <p className={styles.title}>
              {counted(checked, 'invariant')} with rules{' '}
              <span className={styles.state}>
                {places > 0 ? `broken in ${counted(places, 'place')}` : tree === null ? 'not looked at yet' : 'kept'}
              </span>
            </p>
            {places > 0 ? (
              <ul className={styles.findings} aria-label="Where invariants are broken">
                {findings.map((finding, index) => (
                  // The same rule can be broken twice on one line of one file.
                  // oxlint-disable-next-line react/no-array-index-key
                  <Finding key={index} run={run} finding={finding} />
                ))}
                {omitted > 0 ? <li className={styles.reason}>and {omitted} more places</li> : null}
              </ul>
            ) : null}
          </div>
          {places > 0 ? (
            <Button
              size="sm"
              icon={<MessageSquareShare />}
              reason={whyNotTold(run)}
              onClick={() => tellAgents([run], 'findings')}
            >
              Tell the agent
            </Button>
          ) : null}
          <IconButton
            size="sm"
            label="Check the invariants again"
            icon={<RotateCw />}
            reason={run.presence.worktree ? null : 'Its worktree is gone.'}
            onClick={() => recheck(run)}
          />
        </li>
      ) : null}
      {unchecked.length > 0 ? (
        <li className={styles.row} data-state="asks">
          <span className={styles.sign}>
            <CircleHelp />
          </span>
          <div className={styles.what}>
            <p className={styles.title}>
              Not checked <span className={styles.state}>for these reasons</span>
            </p>
            {unchecked.map((reason) => (
              <p key={reason} className={styles.reason}>
                {reason}
              </p>
            ))}
          </div>
        </li>
      ) : null}
      {strays.count > 0 ? (
        <li className={styles.row} data-state="asks">
          <span className={styles.sign}>
            <Maximize2 />
          </span>
          <div className={styles.what}>
            <p className={styles.title}>
              {counted(strays.count, 'file')} outside of the spec’s footprint{' '}
              <span className={styles.state}>marked in the list of files</span>
            </p>
            <p className={styles.command}>
              {strays.paths.slice(0, 6).join(', ')}
              {strays.count > 6 ? ` and ${String(strays.count - 6)} more` : ''}
            </p>
          </div>
        </li>
      ) : null}
      {behind.length > 0 ? (
        <li className={styles.row} data-state="asks">
          <span className={styles.sign}>
            <History />
          </span>
          <div className={styles.what}>
            <p className={styles.title}>
              {counted(behind.length, 'invariant')} changed since this run was told{' '}
              <span className={styles.state}>its files were checked against the new ones</span>
            </p>
            {behind.map((changed) => (
              <p key={changed.id} className={styles.reason}>
                {changedWords(changed)}
              </p>
            ))}
          </div>
          <Button
            size="sm"
            icon={<MessageSquareShare />}
            reason={whyNotTold(run)}
            onClick={() => tellAgents([run], 'changes')}
          >
            Tell the agent
          </Button>
        </li>
      ) : null}
    </>
  );
}

function changedWords({ title, change, given, now }: ChangedInvariant): string {
  switch (change) {
    case 'added':
      return `“${title}” is new.`;
    case 'changed':
      return `“${title}”: it was given ${given ?? ''}, and ${now ?? ''} holds now.`;
    case 'removed':
      return `“${title}” does not hold any more.`;
  }
}

function Finding({ run, finding }: { run: Run; finding: InvariantFinding }): ReactNode {
  const { title, path, line, words } = finding;
  return (
    <li className={styles.reason}>
      {path === null ? null : (
        <button
          type="button"
          className={styles.place}
          title="Show this place"
          onClick={() => {
            aimAt({ review: { runId: run.id, path, line, column: null } });
          }}
        >
          {path}
          {line === null ? '' : `:${String(line)}`}
        </button>
      )}{' '}
      {words} <span className={styles.of}>{title}</span>
    </li>
  );
}
